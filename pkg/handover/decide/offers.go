package decide

import (
	"fmt"
	"strings"
	"time"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/refusal"
)

// Offer finds an open offer for a command of the line that received it. If the offer
// has ended, or is about to end because of the child's no, it refuses with TOO_LATE,
// whatever the state of the handover. It does not reveal whether other lines were
// asked.
func (t *Turn) Offer(line string, n, m uint32) (handover.Handover, handover.Offer, error) {
	return t.offer(line, n, m, handover.Offer.Open)
}

// AcceptedOffer is Offer, but finds the offer that the line has accepted, too.
func (t *Turn) AcceptedOffer(line string, n, m uint32) (handover.Handover, handover.Offer, error) {
	return t.offer(line, n, m, func(o handover.Offer) bool {
		held := t.Permission.Allows(t.Conversation.Handover(n).State)
		return o.Open() || o.State == handover.OfferAccepted && held
	})
}

func (t *Turn) offer(line string, n, m uint32, answerable func(handover.Offer) bool) (handover.Handover, handover.Offer, error) {
	if err := t.Admit(line); err != nil {
		return handover.Handover{}, handover.Offer{}, err
	}
	name := handover.OfferName(handover.HandoverName(t.Conversation.Name, n), m)
	o := t.Conversation.Offer(n, m)
	if o.GetLine() != line || o.GetCreateTime() == nil {
		return handover.Handover{}, handover.Offer{}, NoOffer(name, line)
	}
	if !answerable(o) || t.Conversation.Handover(n).Stopped() {
		return handover.Handover{}, handover.Offer{}, TooLate(o)
	}
	h, err := t.numbered(n)
	t.Name = name
	return h, o, err
}

// NoOffer refuses an offer that does not exist or was made to another line.
func NoOffer(name, line string) error {
	return refusal.OfferNotFound(fmt.Sprintf("%s was not made to %s; check its name", name, line), "offer", name, "line", line)
}

// TooLate refuses an offer that has ended or is about to end.
func TooLate(o handover.Offer) error {
	state := strings.TrimPrefix(o.State.String(), "OFFER_STATE_")
	message := fmt.Sprintf("%s is %s; nothing more is to be done about it", o.Name, state)
	if o.Open() {
		message = fmt.Sprintf("%s is over: its deadline was %s, or it is being taken back", o.Name, o.Deadline.AsTime().Format(time.RFC3339))
	}
	return refusal.TooLate(message, "offer", o.Name, "state", state)
}
