package conversationrules

import (
	"github.com/stafett/stafett/pkg/event"
	"github.com/stafett/stafett/pkg/invariant/internal/facts"
	"github.com/stafett/stafett/pkg/invariant/internal/rule"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
)

// transfer checks I2: custody moves only after, in this order and for this
// handover, the child's consent or an override, an offer accepted by that line, a
// bridge in which both counsellors and the child were present or a recorded
// exception, the receiver's "I have it", and the child's agreement or the sender's
// statement why it was not asked.
//
// Each handover climbs these rungs one at a time. A step that comes too early
// does not count, and a consent that was taken back leads down for good.
type transfer struct {
	rule.Base
	*facts.Facts
	climbs map[uint32]*climb
}

// climb is how far one handover has come.
type climb struct {
	rung  rung
	words words
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
	0:         "the child's consent, or an override by two persons",
	consented: "an open offer accepted by the receiving line",
	accepted:  "a bridge with both counsellors and the child present, or a reason why not",
	bridged:   "the receiver's confirmation, in the bridge",
	confirmed: "the child's agreement in the bridge, or why it was not asked, after the confirmation",
	fallen:    "a consent that still stands",
}

func NewTransfer(f rule.Base, known *facts.Facts) rule.Walker {
	return &transfer{Base: f, Facts: known, climbs: map[uint32]*climb{}}
}

func (t *transfer) Event(s facts.Step) {
	n := event.Handover(s.Kind)
	if n == 0 {
		return
	}
	h, c := t.Handover(n), t.of(n)
	switch k := s.Kind.(type) {
	case *eventv1.CustodyTransferred:
		if k.GetReason() != 0 {
			t.reversed(s, k, h)
			break
		}
		t.moved(s, k, c)
	case *eventv1.MessageSent:
		c.words.heard(t.Facts, h, k)
	case *eventv1.ConsentOverridden:
		if fault := overrideFault(k); fault != "" {
			t.Violated(s.Mark, "the child's consent to handover %d was overridden %s", n, fault)
		}
	}
	t.climb(c, h, s)
}

func (t *transfer) moved(s facts.Step, k *eventv1.CustodyTransferred, c *climb) {
	t.Applies()
	if c.rung != agreed {
		t.Violated(s.Mark, "custody moved in handover %d without %s", k.GetHandover(), missing[c.rung])
		return
	}
	if to := t.Handover(k.GetHandover()).To; k.GetToLine() != to {
		t.Violated(s.Mark, "custody moved to %q while %q had accepted", k.GetToLine(), to)
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
func (t *transfer) climb(c *climb, h *facts.Handover, s facts.Step) {
	switch k := s.Kind.(type) {
	case *eventv1.ConsentRefused, *eventv1.ConsentWithdrawn:
		if !h.Overridden {
			c.rung = fallen
		}
	case *eventv1.ConsentGiven:
		c.reach(consented, true)
	case *eventv1.ConsentOverridden:
		c.reach(consented, overrideFault(k) == "")
	case *eventv1.OfferAccepted:
		c.reach(accepted, t.Offers.IsOpen(k.GetHandover(), k.GetOffer(), k.GetLine()))
	case *eventv1.OfferGivenBack:
		if c.rung > consented && c.rung < confirmed {
			c.rung = consented
		}
	case *eventv1.BridgeOpened:
		c.words = words{}
		c.reach(bridged, t.together(s.Time, h, k))
	case *eventv1.ReceiverConfirmed:
		c.reach(confirmed, t.confirms(c, h, k))
	case *eventv1.ChildAgreed:
		c.reach(agreed, t.agrees(c, h))
	case *eventv1.AgreementAttested:
		c.reach(agreed, t.attests(c, h, k))
	}
}

// reach climbs to a rung from the one right below it, if what it asks for holds.
func (c *climb) reach(r rung, holds bool) {
	if holds && c.rung == r-1 {
		c.rung = r
	}
}
