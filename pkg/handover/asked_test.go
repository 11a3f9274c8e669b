package handover_test

import (
	"testing"
	"time"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/internal/story"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// TestWhoIsNotAskedAgain: who said no, gave or handed the child back, or did not come, until
// the risk rises. Whose offer was taken back, who did not answer and who took over has not said
// no.
func TestWhoIsNotAskedAgain(t *testing.T) {
	story.At(t, "PROPOSED").Asked()
	story.At(t, "OFFERED").Asked().Given(story.First.Decline()).Asked(story.Emergency)
	story.At(t, "OFFERED").Given(story.First.Seen()).Passes(45 * time.Second).Asked()
	story.At(t, "OFFERED").Given(story.First.Decline(), story.Risk(story.Bullying, story.Imminent)).Asked()
	story.At(t, "RETURNED").Given(story.Risk(story.Bullying, story.Imminent)).Asked()
	story.At(t, "BRIDGED").Given(story.First.Decline()).Asked(story.Emergency)
	story.At(t, "ACCEPTED").Passes(31 * time.Second).Returned("NO_JOIN").Asked(story.Emergency)
	story.Again(t, story.Back, "TRANSFERRED").Asked(story.Emergency)
	story.At(t, "OFFERED").Passes(5*time.Second).Offers(story.Emergency+" UNREACHABLE", story.Mind+" SENT").Asked()
	story.At(t, "OFFERED").Given(story.First.Cancel()).Asked()
	story.At(t, "RETURNED").Asked()
	story.At(t, "CLOSED").Asked()
	story.Routed(t, story.Imminent, story.Emergency, story.Mind).Looks().Given(story.First.AcceptBy(story.Mind, 2)).Asked()
}

// TestALineWhoseOfferWasTakenBackIsAskedAgain, and one whose machine was silent.
func TestALineWhoseOfferWasTakenBackIsAskedAgain(t *testing.T) {
	p := story.First
	p.N = 2
	story.At(t, "OFFERED").Given(story.First.Cancel()).To(p, story.StateOf("OFFERED")).Offers(story.Emergency+" SENT", story.Mind+" PLANNED")
	story.At(t, "OFFERED").Passes(10*time.Second).Returned("PLAN_EXHAUSTED").To(p, story.StateOf("OFFERED")).Offers(story.Emergency+" SENT", story.Mind+" PLANNED")
}

// TestALineThatDidNotAnswerIsAskedAfterTheOthers.
func TestALineThatDidNotAnswerIsAskedAfterTheOthers(t *testing.T) {
	p := story.First
	p.N = 2
	s := story.At(t, "OFFERED").Given(story.First.Seen()).Passes(45 * time.Second).Given(story.First.Cancel())
	s.To(p, story.StateOf("OFFERED")).Offers(story.Mind+" SENT", story.Emergency+" PLANNED")
	if did := handover.Of(s.State.Conversation).Current().Candidate(story.Emergency).AskedBefore; did.String() != "ASKED_BEFORE_UNANSWERED" {
		t.Errorf("the decision says %s", did)
	}
}

// TestAPlanOfUnwillingLinesIsExhausted, where nobody else is open.
func TestAPlanOfUnwillingLinesIsExhausted(t *testing.T) {
	p := story.First
	p.N = 2
	s := story.At(t, "OFFERED").Given(story.First.Decline(), story.First.Cancel())
	s.Rank = story.Plan(story.Emergency)
	s.To(p, story.StateOf("ROUTING")).When(s.Advance()).Gives("HandoverRouted", "HandoverReturned").Returned("PLAN_EXHAUSTED")
}

// TestALineThatPromisedATimeIsAskedThen, although it had said no before, also where
// the child is asked before that time.
func TestALineThatPromisedATimeIsAskedThen(t *testing.T) {
	p := story.First
	p.N = 2
	for _, wait := range []time.Duration{time.Minute, time.Hour} {
		s := story.Promised(t).Passes(wait).Given(p.Propose()).Asked()
		s.Given(p.Seal(), p.Ask(), p.Give(story.Intro)).When(s.Advance()).Gives("HandoverRouted", "OfferSent").Offers(story.Emergency + " SENT")
		s.When(p.Decline()).Gives("OfferDeclined", "HandoverReturned").Returned("PLAN_EXHAUSTED")
	}
}

// TestAPromiseIsOfOneHandover: the next that does not take it up has no use of it.
func TestAPromiseIsOfOneHandover(t *testing.T) {
	p, q := story.First, story.First
	p.N, q.N = 2, 3
	s := story.Promised(t).Passes(time.Hour).Given(p.Propose(), p.Ask(), p.Give(story.Intro), p.Cancel())
	s.Given(q.Propose()).Asked(story.Emergency)
}

// TestAPromiseOutlivesARefusedHandover: the child did not want to be handed over
// before the time that it chose, and does when that has come.
func TestAPromiseOutlivesARefusedHandover(t *testing.T) {
	p, q := story.First, story.First
	p.N, q.N = 2, 3
	s := story.Promised(t).Given(p.Propose(), p.Ask(), p.Refuse()).Looks().Passes(time.Hour)
	s.Given(q.Propose()).Asked()
	if h := handover.Of(s.State.Conversation).Current(); h.Parent != 1 {
		t.Errorf("it follows from %d, want the deferred one", h.Parent)
	}
}

// TestARiskThatRoseAfterTheAnswer, even within the same handover, is a new question.
func TestARiskThatRoseAfterTheAnswer(t *testing.T) {
	p := story.First
	p.N = 2
	s := story.At(t, "PROPOSED").Given(story.Risk(story.Bullying, handoverv1.RiskLevel_RISK_LEVEL_R2))
	s.Rank = story.Plan(story.Emergency, story.Mind)
	s.Given(story.First.Ask(), story.First.Give(story.Intro)).Looks().Given(story.First.Decline())
	s.Given(story.Risk(story.Bullying, story.Serious), story.First.Cancel(), p.Propose()).Asked()
}
