package invariant

import (
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	"google.golang.org/protobuf/proto"
)

// transfer checks I2: custody moves only after, in this order and for this
// handover, the child's consent, an offer accepted by that line, a bridge in which
// both counsellors and the child were present, the receiver's "I have it", and the
// child's agreement or the sender's statement why it was not asked.
//
// Each handover climbs these rungs one at a time. A step that comes too early
// does not count, and a consent that was taken back leads down for good.
type transfer struct {
	*finder
	present presence
	offers  offerBook
	climbs  map[uint32]*climb
}

// climb is how far one handover has come, and between which lines.
type climb struct {
	rung     rung
	from, to string
}

type rung int

const (
	consented rung = iota + 1
	accepted
	bridged
	confirmed
	agreed
	// fallen is where a handover ends whose consent was refused or taken back.
	fallen rung = -1
)

// missing names what a handover lacks that has come so far.
var missing = map[rung]string{
	0:         "the child's consent",
	consented: "an open offer accepted by the receiving line",
	accepted:  "a bridge with both counsellors and the child present",
	bridged:   "the receiver's confirmation after the bridge",
	confirmed: "the child's agreement, or why it was not asked, after the confirmation",
	fallen:    "a consent that still stands",
}

func newTransfer(f *finder) walker {
	return &transfer{finder: f, present: newPresence(), offers: offerBook{}, climbs: map[uint32]*climb{}}
}

func (t *transfer) event(s step) {
	t.climb(s.kind)
	if k, ok := s.kind.(*eventv1.CustodyTransferred); ok {
		t.moved(s, k)
	}
	t.present.apply(s.kind)
	t.offers.apply(s)
}

func (t *transfer) moved(s step, k *eventv1.CustodyTransferred) {
	t.applies()
	c := t.of(k.GetHandover())
	if c.rung != agreed {
		t.violated(s.Recorded, "custody moved in handover %d without %s", k.GetHandover(), missing[c.rung])
		return
	}
	if k.GetToLine() != c.to {
		t.violated(s.Recorded, "custody moved to %q while %q had accepted", k.GetToLine(), c.to)
	}
}

func (t *transfer) of(handover uint32) *climb {
	c, ok := t.climbs[handover]
	if !ok {
		c = &climb{}
		t.climbs[handover] = c
	}
	return c
}

// climb takes a handover one rung up or all the way down.
func (t *transfer) climb(kind proto.Message) {
	c := t.of(handoverOf(kind))
	switch k := kind.(type) {
	case *eventv1.HandoverProposed:
		c.from = k.GetFromLine()
	case *eventv1.ConsentRefused, *eventv1.ConsentWithdrawn:
		c.rung = fallen
	case *eventv1.ConsentGiven:
		c.reach(consented, true)
	case *eventv1.OfferAccepted:
		if c.reach(accepted, t.offers.isOpen(k.GetHandover(), k.GetOffer(), k.GetLine())) {
			c.to = k.GetLine()
		}
	case *eventv1.BridgeOpened:
		c.reach(bridged, t.together(c, k))
	case *eventv1.ReceiverConfirmed:
		c.reach(confirmed, t.present.counsellor(c.to, k.GetParticipant()))
	case *eventv1.ChildAgreed, *eventv1.AgreementAttested:
		c.reach(agreed, true)
	}
}

// together tells whether everybody whom a bridge names was there.
func (t *transfer) together(c *climb, k *eventv1.BridgeOpened) bool {
	return t.present.counsellor(c.from, k.GetSenderParticipant()) &&
		t.present.counsellor(c.to, k.GetReceiverParticipant()) &&
		t.present.child(k.GetChildParticipant())
}

// reach climbs to a rung from the one right below it, if what it asks for holds.
func (c *climb) reach(r rung, holds bool) bool {
	if !holds || c.rung != r-1 {
		return false
	}
	c.rung = r
	return true
}
