package decisionview

import (
	"io"
	"time"

	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
)

// Slots prints the times that may be offered for later, on the reader's clock.
func (r Reader) Slots(out io.Writer, slots []*routingv1.LocalSlot) error {
	p := &page{out: out}
	p.say("")
	if len(slots) == 0 {
		p.title(r.Lang.Say("no_slots"))
		return p.err
	}
	p.title(r.Lang.Say("slots", r.Zone.String()))
	for i, slot := range slots {
		from, until := slot.GetSlot().GetStartTime().AsTime(), slot.GetSlot().GetEndTime().AsTime()
		p.say("%d. %s - %s  %s", i+1, r.Lang.Time(from, time.Time{}, r.Zone), r.Lang.Time(until, from, r.Zone), r.name(slot.GetSlot().GetLine()))
	}
	return p.err
}

// SeatsUnknown says that the decision was made without knowing any seats.
func (r Reader) SeatsUnknown(out io.Writer) error {
	p := &page{out: out}
	p.say("\n%s", r.Lang.Say("seats_unknown"))
	return p.err
}
