package decide_test

import (
	"testing"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/internal/story"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	statev1 "github.com/stafett/stafett/proto/stafett/state/v1"
)

// ranking ranks one line, with what it fails and what only warns.
func ranking(failed, warnings []handoverv1.Verdict) handover.Rank {
	return func(*statev1.Conversation) *handoverv1.RoutingDecision {
		return &handoverv1.RoutingDecision{Candidates: []*handoverv1.Candidate{{Line: story.Emergency, Failed: failed, Warnings: warnings}}}
	}
}

// TestASenderKnowsBeforeTheChildIsAsked that nothing can come of a handover, and what does not fit at a line that it names.
func TestASenderKnowsBeforeTheChildIsAsked(t *testing.T) {
	closed, language := []handoverv1.Verdict{handoverv1.Verdict_VERDICT_CLOSED}, []handoverv1.Verdict{handoverv1.Verdict_VERDICT_LANGUAGE}
	for name, c := range map[string]struct {
		rank  handover.Rank
		named []string
		told  bool
	}{
		"nobody is open":       {ranking(closed, nil), nil, true},
		"there is a line":      {ranking(nil, nil), nil, false},
		"one does not fit":     {ranking(nil, language), nil, false},
		"the named one not":    {ranking(nil, language), []string{story.Emergency}, true},
		"there are no lines":   {func(*statev1.Conversation) *handoverv1.RoutingDecision { return &handoverv1.RoutingDecision{} }, nil, true},
		"nobody ranks":         {nil, nil, false},
		"the named one, as is": {ranking(nil, nil), []string{story.Emergency}, false},
	} {
		s := story.Opened(t)
		s.Given(story.With(story.With(story.First.Propose(), "Rank", c.rank), "Candidates", c.named))
		if told := handover.Of(s.State.Conversation).Current().Trial != nil; told != c.told {
			t.Errorf("%s: the sender was told: %v, want %v", name, told, c.told)
		}
	}
}

// TestANamedLineIsAskedAgain although it said no: its sender was warned.
func TestANamedLineIsAskedAgain(t *testing.T) {
	s := story.At(t, "OFFERED").Given(story.First.Decline(), story.First.Cancel())
	p := story.First
	p.N = 2
	s.Rank = story.Plan(story.Emergency)
	s.Given(story.With(p.Propose(), "Candidates", []string{story.Emergency}), p.Ask(), p.Give(handoverv1.Scope_SCOPE_INTRO))
	s.When(s.Advance()).Gives("HandoverRouted", "OfferSent")
	if c := handover.Of(s.State.Conversation).Current().Candidate(story.Emergency); len(c.Warnings) != 1 || c.Warnings[0] != handoverv1.Verdict_VERDICT_ASKED_BEFORE {
		t.Errorf("the decision warns of %v", c.Warnings)
	}
}
