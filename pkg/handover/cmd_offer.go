package handover

import (
	"fmt"
	"strings"
	"time"

	"github.com/stafett/stafett/pkg/refusal"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
)

// AcknowledgeOffer records that the desk's machine has the offer (DELIVERED) or a
// person has seen it (ALERTING). A repeated acknowledgement emits no events.
type AcknowledgeOffer struct {
	Line     string
	Handover uint32
	Offer    uint32
	State    handoverv1.OfferState
}

func acknowledgeOffer(o Origin, r *routingv1.AcknowledgeOfferRequest) AcknowledgeOffer {
	return AcknowledgeOffer{Line: o.Line, Handover: o.At.Handover, Offer: o.At.Offer, State: r.State}
}

func (c AcknowledgeOffer) decide(t *turn) error {
	h, o, err := t.offer(c.Line, c.Handover, c.Offer)
	if err != nil {
		return err
	}
	switch {
	case o.State >= c.State:
	case c.State == offerDelivered:
		t.emit(&eventv1.OfferDelivered{Handover: h.Number(), Offer: c.Offer})
	case c.State == offerAlerting:
		t.emit(&eventv1.OfferAlerting{Handover: h.Number(), Offer: c.Offer})
	}
	return nil
}

// AcceptOffer accepts the handover for a line. The first accept wins; every other offer
// is withdrawn in the same commit.
type AcceptOffer struct {
	Line     string
	Handover uint32
	Offer    uint32
}

func acceptOffer(o Origin, _ *routingv1.AcceptOfferRequest) AcceptOffer {
	return AcceptOffer{Line: o.Line, Handover: o.At.Handover, Offer: o.At.Offer}
}

func (c AcceptOffer) decide(t *turn) error {
	h, o, err := t.offer(c.Line, c.Handover, c.Offer)
	if err != nil {
		return err
	}
	if t.past(o.Deadline) {
		return tooLate(o)
	}
	t.emit(&eventv1.OfferAccepted{
		Handover: h.Number(), Offer: c.Offer, Line: c.Line, Deadline: t.in(t.rules.ReceiverTimes(h, c.Line).Join),
	})
	t.withdrawOffers(h)
	return nil
}

// DeclineOffer declines an offer. The next planned line is asked in the same commit.
type DeclineOffer struct {
	Line     string
	Handover uint32
	Offer    uint32
	Code     handoverv1.DeclineCode
	// Skip is the directory's.
	Skip Skip
}

func declineOffer(o Origin, lines Directory, r *routingv1.DeclineOfferRequest) DeclineOffer {
	return DeclineOffer{Line: o.Line, Handover: o.At.Handover, Offer: o.At.Offer, Code: r.Code, Skip: lines.Skip}
}

func (c DeclineOffer) decide(t *turn) error {
	h, _, err := t.offer(c.Line, c.Handover, c.Offer)
	if err != nil {
		return err
	}
	t.skip = c.Skip
	t.emit(&eventv1.OfferDeclined{Handover: h.Number(), Offer: c.Offer, Code: c.Code})
	t.askNext(h)
	return nil
}

// offer finds an open offer for a command of the line that received it. If the offer
// has ended, or is about to end because of the child's no, it refuses with TOO_LATE,
// whatever the state of the handover. It does not reveal whether other lines were
// asked.
func (t *turn) offer(line string, n, m uint32) (Handover, Offer, error) {
	if err := t.admit(line); err != nil {
		return Handover{}, Offer{}, err
	}
	name := OfferName(HandoverName(t.conversation.Name, n), m)
	o := t.conversation.Offer(n, m)
	if o.GetLine() != line || o.GetCreateTime() == nil {
		return Handover{}, Offer{}, noOffer(name, line)
	}
	if !o.Open() || t.conversation.Handover(n).Stopped() {
		return Handover{}, Offer{}, tooLate(o)
	}
	h, err := t.numbered(n)
	t.name = name
	return h, o, err
}

func noOffer(name, line string) error {
	return refusal.OfferNotFound(fmt.Sprintf("%s was not made to %s; check its name", name, line), "offer", name, "line", line)
}

func tooLate(o Offer) error {
	state := strings.TrimPrefix(o.State.String(), "OFFER_STATE_")
	message := fmt.Sprintf("%s is %s; nothing more is to be done about it", o.Name, state)
	if o.Open() {
		message = fmt.Sprintf("%s is over: its deadline was %s, or it is being taken back", o.Name, o.Deadline.AsTime().Format(time.RFC3339))
	}
	return refusal.TooLate(message, "offer", o.Name, "state", state)
}

// withdrawOffers withdraws all open offers of a handover.
func (t *turn) withdrawOffers(h Handover) {
	for o := range h.Offers() {
		if o.Open() {
			t.emit(&eventv1.OfferWithdrawn{Handover: h.Number(), Offer: o.Number()})
		}
	}
}
