package decisionview

import (
	"fmt"

	"github.com/fatih/color"

	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	"github.com/stafett/stafett/tools/stafett/internal/output"
)

// passing tells the lines that may be asked.
func (r Reader) passing(p *page, decision *routingv1.RoutingDecision, candidates []*routingv1.Candidate) {
	if len(candidates) == 0 {
		p.title(r.Lang.Say("none_may_be_asked"))
		return
	}
	p.title(r.Lang.Say("may_be_asked"))
	for i, candidate := range candidates {
		points := r.Lang.Say("points", fmt.Sprint(candidate.GetScore()))
		p.say("%d. %s, %s", i+1, color.New(color.FgGreen).Sprint(r.name(candidate.GetLine())), points)
		if !r.Why {
			continue
		}
		for _, preference := range candidate.GetPreferences() {
			p.say("     + %s", r.Lang.Code(preference))
		}
		if len(candidate.GetPreferences()) == 0 {
			p.say("     %s", r.Lang.Say("no_preference"))
		}
		r.circumstances(p, decision, candidate)
	}
}

// circumstances describe the conditions of a line that may be asked.
func (r Reader) circumstances(p *page, decision *routingv1.RoutingDecision, c *routingv1.Candidate) {
	if c.GetCloseTime() != nil {
		p.say("     %s", r.at("open_in", c.GetLine(), c.GetCloseTime().AsTime(), decision.GetDecisionTime().AsTime()))
	}
	if c.FreeSeats != nil {
		p.say("     %s", r.Lang.Say("seats", fmt.Sprint(c.GetFreeSeats()), fmt.Sprint(c.GetQueue())))
	}
	if c.GetUnit() != "" {
		p.say("     %s", r.Lang.Say("staffed_by", output.Plain(c.GetUnit())))
	}
}
