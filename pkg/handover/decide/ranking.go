package decide

import (
	"cmp"
	"slices"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/stafett/stafett/pkg/handover"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// Trial returns the ranking of a handover that is about to be proposed, if the sender must know it before the child is
// asked: no line could be asked, or one that the sender names does not fit. Otherwise, and without a ranking, it returns
// nil. A supervisor's approval that is still to come counts as given.
func (t *Turn) Trial(rank handover.Rank, proposed *eventv1.HandoverProposed) *handoverv1.RoutingDecision {
	if rank == nil {
		return nil
	}
	proposed = proto.CloneOf(proposed)
	proposed.SupervisorNeeded = false
	trial := &Turn{State: t.State, Conversation: handover.Of(proto.CloneOf(t.Conversation.Conversation)), Now: t.Now, Rules: t.Rules, Rank: rank}
	trial.Emit(proposed)
	decision, possible := trial.Ranked(), false
	for _, c := range decision.GetCandidates() {
		if len(c.Warnings) > 0 && slices.Contains(proposed.Candidates, c.Line) {
			return decision
		}
		possible = possible || len(c.Failed) == 0
	}
	if possible {
		return nil
	}
	return decision
}

// Ranked returns the ranking without lines that are not asked again, whatever the ranking
// says, and with those that are asked again after all others. It says what each line did.
func (t *Turn) Ranked() *handoverv1.RoutingDecision {
	decision, asked := proto.CloneOf(t.Rank(t.Conversation.Conversation)), t.Conversation.Asked()
	h, barred, listed := t.Conversation.Current(), handover.Barred(asked), map[string]bool{}
	for _, candidate := range decision.GetCandidates() {
		candidate.AskedBefore = asked[candidate.Line]
		always := candidate.Emergency && h.Imminent()
		spared := always || slices.Contains(h.Candidates, candidate.Line)
		if barred[candidate.Line] && spared && !slices.Contains(candidate.Warnings, handoverv1.Verdict_VERDICT_ASKED_BEFORE) {
			candidate.Warnings = append(candidate.Warnings, handoverv1.Verdict_VERDICT_ASKED_BEFORE)
		}
		switch {
		case listed[candidate.Line], barred[candidate.Line] && !spared:
			bar(candidate, handoverv1.Verdict_VERDICT_ASKED_BEFORE)
		case h.AwaitsSupervisor() && !always:
			bar(candidate, handoverv1.Verdict_VERDICT_HOP_LIMIT)
		case always:
			candidate.AskTime = t.askTime(candidate.Line)
		}
		listed[candidate.Line] = true
	}
	slices.SortStableFunc(decision.GetCandidates(), func(a, b *handoverv1.Candidate) int { return cmp.Compare(again(a), again(b)) })
	return decision
}

func bar(c *handoverv1.Candidate, verdict handoverv1.Verdict) {
	if len(c.Failed) == 0 {
		c.Failed = append(c.Failed, verdict)
	}
}

// askTime returns when an emergency line that was asked a moment ago may be asked again, or nil.
func (t *Turn) askTime(line string) *timestamppb.Timestamp {
	if at := t.Conversation.LastAsked(line).Add(t.Rules.AskedAgain); at.After(t.Now) {
		return timestamppb.New(at)
	}
	return nil
}

// again orders the lines that may be asked: first those that were not asked yet, then those that did
// not answer, then emergency lines, whatever they answered.
func again(c *handoverv1.Candidate) int {
	switch {
	case len(c.Failed) > 0 || c.AskedBefore == 0:
		return 0
	case c.AskedBefore == handoverv1.AskedBefore_ASKED_BEFORE_UNANSWERED:
		return 1
	}
	return 2
}
