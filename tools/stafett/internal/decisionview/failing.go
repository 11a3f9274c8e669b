package decisionview

import (
	"fmt"
	"strings"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
)

// failing tells why the others may not be asked: some each on their own, and in a large
// directory the rest by what they have in common.
func (r Reader) failing(p *page, decision *routingv1.RoutingDecision, candidates []*routingv1.Candidate) {
	count := int32(len(candidates))
	for _, group := range decision.GetOthers() {
		count += group.GetCount()
	}
	if count == 0 {
		return
	}
	p.say("")
	if !r.Why {
		p.say("%s", r.Lang.Say("others", fmt.Sprint(count)))
		return
	}
	p.title(r.Lang.Say("may_not_be_asked"))
	for _, candidate := range candidates {
		p.say("   %s", r.name(candidate.GetLine()))
		r.verdicts(p, candidate.GetFailed())
		if candidate.GetNextOpenTime() != nil {
			p.say("     %s", r.at("opens", candidate.GetLine(), candidate.GetNextOpenTime().AsTime(), decision.GetDecisionTime().AsTime()))
		}
	}
	for _, group := range decision.GetOthers() {
		r.group(p, group)
	}
}

func (r Reader) verdicts(p *page, failed []handoverv1.Verdict) {
	for _, verdict := range failed {
		p.say("     - %s", r.Lang.Code(verdict))
	}
}

// group tells lines of which the decision keeps only what they failed. Where there are too
// many, it does not name them all.
func (r Reader) group(p *page, group *routingv1.LineGroup) {
	lines := make([]string, len(group.GetLines()))
	for i, line := range group.GetLines() {
		lines[i] = short(line)
	}
	if int(group.GetCount()) > len(lines) {
		lines = append(lines[:len(lines):len(lines)], r.Lang.Say("not_named"))
	}
	p.say("   %s", r.Lang.Say("group_of", fmt.Sprint(group.GetCount()), strings.Join(lines, ", ")))
	r.verdicts(p, group.GetFailed())
	if len(group.GetFailed()) == 0 {
		p.say("     - %s", r.Lang.Say("better_came"))
	}
}
