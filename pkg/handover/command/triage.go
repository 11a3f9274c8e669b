package command

import (
	"fmt"
	"slices"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/decide"
	"github.com/stafett/stafett/pkg/refusal"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	triagev1 "github.com/stafett/stafett/proto/stafett/triage/v1"
)

// TagConversation adds and removes topics. The service has checked them against the
// taxonomy. Topics that are already set or absent emit no events.
type TagConversation struct {
	Line            string
	Add             []string
	Remove          []string
	TaxonomyVersion string
	// Recommend is the directory's.
	Recommend handover.Recommend
}

func tagConversation(o decide.Origin, lines handover.Directory, r *triagev1.TagConversationRequest) TagConversation {
	return TagConversation{
		Line: o.Line, Add: r.Add, Remove: r.Remove,
		TaxonomyVersion: lines.TaxonomyVersion, Recommend: lines.Recommend,
	}
}

func (c TagConversation) Decide(t *decide.Turn) error {
	if err := t.Admit(c.Line); err != nil {
		return err
	}
	if len(c.Add)+len(c.Remove) == 0 {
		return refusal.Field("add", "name a topic to add or to remove")
	}
	for _, tag := range c.Add {
		if slices.Contains(c.Remove, tag) {
			return refusal.Field("remove", tag+" is to be added too; name it once")
		}
	}
	t.Name = t.Conversation.Name + "/assessment"
	has := func(tag string) bool { return slices.Contains(t.Conversation.Assessment.Tags, tag) }
	added := slices.DeleteFunc(slices.Clone(c.Add), has)
	removed := slices.DeleteFunc(slices.Clone(c.Remove), func(tag string) bool { return !has(tag) })
	if len(added)+len(removed) == 0 {
		return nil
	}
	t.Emit(&eventv1.ConversationTagged{Added: added, Removed: removed, TaxonomyVersion: c.TaxonomyVersion})
	before := t.Conversation.Assessment.Recommendation
	switch now := c.Recommend(t.Conversation.Conversation); {
	case now != nil && !sameAdvice(now, before):
		t.Emit(&eventv1.HandoverRecommended{Recommendation: now})
	case now == nil && before != nil:
		t.Emit(&eventv1.RecommendationWithdrawn{})
	}
	return nil
}

// sameAdvice reports whether two recommendations say the same to a person: the same
// reason and the same lines in the same order. It ignores seats and closing times,
// which change from minute to minute.
func sameAdvice(now, before *handoverv1.Recommendation) bool {
	same := func(a, b *handoverv1.Candidate) bool { return a.Line == b.Line && slices.Equal(a.Failed, b.Failed) }
	return before != nil && now.Reason == before.Reason && slices.Equal(now.Topics, before.Topics) &&
		now.RulesVersion == before.RulesVersion && slices.EqualFunc(now.Candidates, before.Candidates, same)
}

// AssessRisk sets the risk level.
type AssessRisk struct {
	Line  string
	Level handoverv1.RiskLevel
}

func assessRisk(o decide.Origin, r *triagev1.AssessRiskRequest) AssessRisk {
	return AssessRisk{Line: o.Line, Level: r.Level}
}

func (c AssessRisk) Decide(t *decide.Turn) error {
	if err := t.Admit(c.Line); err != nil {
		return err
	}
	t.Name = t.Conversation.Name + "/assessment"
	t.Emit(&eventv1.RiskAssessed{Level: c.Level})
	return nil
}

// RecordDuty records a line's decision about its own duty to report. Any line that is
// or was involved with the child may decide.
type RecordDuty struct {
	Line     string
	Decision handoverv1.DutyDecision
}

func recordDuty(o decide.Origin, r *triagev1.RecordDutyRequest) RecordDuty {
	return RecordDuty{Line: o.Line, Decision: r.Decision}
}

func (c RecordDuty) Decide(t *decide.Turn) error {
	if err := t.Admit(c.Line); err != nil {
		return err
	}
	if c.Decision == handoverv1.DutyDecision_DUTY_DECISION_REPORTED_BY_OTHER_LINE {
		return refusal.DutyIsYours(fmt.Sprintf("a report by another line does not settle the duty of %s; decide for %s itself", c.Line, c.Line), "line", c.Line)
	}
	t.Emit(&eventv1.DutyRecorded{Line: c.Line, Decision: c.Decision})
	return nil
}
