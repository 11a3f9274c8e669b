package exploration

import (
	"slices"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/command"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	statev1 "github.com/stafett/stafett/proto/stafett/state/v1"
	"github.com/stafett/stafett/tools/internal/simulation/order"
)

// lines of the world. The child arrives at the first.
var lines = []string{"a", "b", "c"}

const child = "child"

// alphabet returns every command that may be given in a state, for at most the given
// number of handovers. It leaves out the commands that the catalogue does not allow in the state of
// their handover, which are refused whatever else is true.
func alphabet(c *statev1.Conversation, handovers int) []order.Order {
	all := people(c)
	for _, d := range tried {
		if d.States == nil && (!isProposal(d) || len(c.Handovers) < handovers) {
			all = append(all, each(d, c.Custody.Line)...)
		}
	}
	if h := handover.Of(c).Current().Handover; h != nil {
		all = append(all, ofHandover(c, h, uint32(len(c.Handovers)))...)
	}
	for i, h := range c.Handovers {
		all = append(all, ofOffers(h, uint32(i+1))...)
	}
	return all
}

// people returns the orders with which people join, disconnect and leave.
func people(c *statev1.Conversation) []order.Order {
	all := slices.Clone(comesAndGoes[c.LegLine][child])
	for _, line := range lines {
		all = append(all, comesAndGoes[line][line+"1"]...)
	}
	return all
}

// ofHandover returns the orders of sender, receiver and child that concern a handover.
func ofHandover(c *statev1.Conversation, h *statev1.Handover, n uint32) []order.Order {
	var all []order.Order
	for _, d := range tried {
		if line, gives := giver(d, c, h); gives && d.Allows(h.State) {
			for _, o := range each(d, line) {
				all = append(all, o.About(n, 0))
			}
		}
	}
	if o, accepted := withoutSender[h.ToLine]; accepted {
		all = append(all, o.About(n, 0))
	}
	return all
}

// giver returns the line that may give a command about a handover, but not about an offer.
func giver(d *command.Definition, c *statev1.Conversation, h *statev1.Handover) (line string, gives bool) {
	switch {
	case d.States == nil:
		return "", false
	case d.Side == handover.Sender:
		return h.FromLine, true
	case d.Side == handover.Receiver:
		return h.ToLine, true
	case d.Side == handover.LegHolder || d.Side == handover.FormerLegHolder:
		return c.LegLine, true
	}
	return "", false
}

// ofOffers returns the orders of the lines that were asked: the answers to an open offer,
// and the confirmation that it has ended.
func ofOffers(h *statev1.Handover, n uint32) []order.Order {
	var all []order.Order
	for i, offer := range h.Offers {
		for _, d := range tried {
			if d.Side != handover.AskedLine || d.Allows(handoverv1.HandoverState_HANDOVER_STATE_OFFERED) != handover.OfferOpen(offer.State) {
				continue
			}
			for _, o := range each(d, offer.Line) {
				all = append(all, o.About(n, uint32(i+1)))
			}
		}
	}
	return all
}

// each returns the orders of a command by a line, one for each request that it may send.
func each(d *command.Definition, line string) []order.Order {
	var all []order.Order
	for _, request := range requests[d][line] {
		all = append(all, order.Order{Command: d, Line: line, Request: request, Signed: []string{line + "1", line + "9"}})
	}
	return all
}
