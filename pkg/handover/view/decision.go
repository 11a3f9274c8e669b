package view

import (
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	statev1 "github.com/stafett/stafett/proto/stafett/state/v1"
	triagev1 "github.com/stafett/stafett/proto/stafett/triage/v1"
)

// Decision builds a ranking with resource names for the lines. It returns nil for nil.
func Decision(d *handoverv1.RoutingDecision) *routingv1.RoutingDecision {
	if d == nil {
		return nil
	}
	return &routingv1.RoutingDecision{
		Candidates: candidates(d.Candidates), RulesVersion: d.RulesVersion, DecisionTime: d.Time,
		Need: need(d.Need), TaxonomyVersion: d.TaxonomyVersion, Others: groups(d.Others),
	}
}

// Assessment builds the assessment by triage. Only the custodian may see it.
func Assessment(c *statev1.Conversation) *triagev1.Assessment {
	return &triagev1.Assessment{
		Name: c.Name + "/assessment", Tags: c.Assessment.GetTags(), Risk: c.Assessment.GetRisk(),
		Recommendation: recommendation(c.Assessment.GetRecommendation()),
	}
}

func recommendation(r *handoverv1.Recommendation) *triagev1.Recommendation {
	if r == nil {
		return nil
	}
	return &triagev1.Recommendation{Reason: r.Reason, Topics: r.Topics, Decision: &routingv1.RoutingDecision{
		Candidates: candidates(r.Candidates), RulesVersion: r.RulesVersion, DecisionTime: r.Time,
		Need: need(r.Need), TaxonomyVersion: r.TaxonomyVersion, Others: groups(r.Others),
	}}
}

func need(n *handoverv1.RoutingNeed) *routingv1.RoutingNeed {
	if n == nil {
		return nil
	}
	return &routingv1.RoutingNeed{
		Header: n.Header, Topics: n.Topics, FromLine: name(n.FromLine), AskedLines: names(n.Asked), NamedLines: names(n.Named),
	}
}

func candidates(all []*handoverv1.Candidate) (shown []*routingv1.Candidate) {
	for _, c := range all {
		shown = append(shown, &routingv1.Candidate{
			Line: name(c.Line), Failed: c.Failed, Score: c.Score, Preferences: c.Preferences,
			CloseTime: c.OpenUntil, Deadlines: c.Deadlines, NextOpenTime: c.OpensAt,
			FreeSeats: c.FreeSeats, Queue: c.Queue, Unit: c.Unit, FactsPosition: c.FactsPosition, Warnings: c.Warnings, AskedBefore: c.AskedBefore,
			Emergency: c.Emergency, AskTime: c.AskTime,
		})
	}
	return shown
}

func groups(all []*handoverv1.LineGroup) (shown []*routingv1.LineGroup) {
	for _, g := range all {
		shown = append(shown, &routingv1.LineGroup{Failed: g.Failed, Count: g.Count, Lines: names(g.Lines)})
	}
	return shown
}
