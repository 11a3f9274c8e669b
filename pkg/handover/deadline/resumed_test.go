package deadline_test

import (
	"testing"
	"time"

	"github.com/stafett/stafett/pkg/internal/story"
)

// TestAYesEndsThePause: the child was away for 14 minutes, is back and says yes
// before the platform has looked. Its lines have as much time as any others.
func TestAYesEndsThePause(t *testing.T) {
	for _, goes := range gone {
		s := story.At(t, "CONSENT_ASKED").Given(goes).Looks().Wait(14 * time.Minute)
		s.Given(story.ChildComes()).When(story.First.Give(story.Intro)).Gives("ConsentGiven").Unpaused().Budget(180 * time.Second)
		s.When(s.Advance()).Gives("HandoverRouted", "OfferSent").Budget(180 * time.Second)
	}
}

// TestABridgeEndsThePause: the child is back and in it before the platform has
// looked.
func TestABridgeEndsThePause(t *testing.T) {
	s := story.At(t, "BRIEFING").Given(story.DropsOut(story.Bullying, "child")).Looks().Wait(time.Minute)
	s.Given(story.ChildComes()).When(story.First.Bridge()).Gives("BridgeOpened").Unpaused().Stands("BRIDGED RECEIVER 2m0s")
	s.When(s.Advance()).Gives()
}

// TestABridgeWithoutTheChildEndsThePause: nobody waits for the child any more.
func TestABridgeWithoutTheChildEndsThePause(t *testing.T) {
	s := story.Routed(t, story.Imminent, story.Emergency).Looks().Given(story.First.Accept(), story.First.Join(), story.DropsOut(story.Bullying, "child")).Looks()
	s.Wait(10 * time.Second).When(story.With(story.First.Bridge(), "Exception", story.Unreachable)).Gives("BridgeOpened").Unpaused()
	s.Stands("BRIDGED RECEIVER 2m0s").When(s.Advance()).Gives()
}

// TestTheBudgetDoesNotRunWhileTheChildIsAway, however the pause ends.
func TestTheBudgetDoesNotRunWhileTheChildIsAway(t *testing.T) {
	s := story.At(t, "BRIEFING").Given(story.DropsOut(story.Bullying, "child")).Looks().Wait(10 * time.Minute)
	s.Given(story.ChildComes(), story.First.Bridge()).When(s.Advance()).Gives()
	s = story.Routed(t, story.Imminent, story.Emergency).Looks().Given(story.First.Accept(), story.First.Join(), story.DropsOut(story.Bullying, "child")).Looks()
	s.Given(story.Searches(story.Bullying, "kim")).Wait(10 * time.Minute).Given(story.With(story.First.Bridge(), "Exception", story.Unreachable)).When(s.Advance()).Gives()
}
