package handover_test

import (
	"testing"
	"time"

	"github.com/stafett/stafett/pkg/handover"
)

// unpaused expects that nothing waits for the child.
func (s *story) unpaused() *story {
	s.t.Helper()
	if at := handover.Of(s.state.Conversation).Current().AwayDeadline; at != nil {
		s.t.Errorf("it waits for the child until %s", at.AsTime())
	}
	return s
}

// TestAYesEndsThePause: the child was away for 14 minutes, is back and says yes
// before the platform has looked. Its lines have as much time as any others.
func TestAYesEndsThePause(t *testing.T) {
	for _, goes := range gone {
		s := at(t, "CONSENT_ASKED").given(goes).looks().wait(14 * time.Minute)
		s.given(childComes()).when(first.give(intro)).gives("ConsentGiven").unpaused().budget(180 * time.Second)
		s.when(s.advance()).gives("HandoverRouted", "OfferSent").budget(180 * time.Second)
	}
}

// TestABridgeEndsThePause: the child is back and in it before the platform has
// looked.
func TestABridgeEndsThePause(t *testing.T) {
	s := at(t, "BRIEFING").given(dropsOut(bullying, "child")).looks().wait(time.Minute)
	s.given(childComes()).when(first.bridge()).gives("BridgeOpened").unpaused().stands("BRIDGED RECEIVER 2m0s")
	s.when(s.advance()).gives()
}

// TestABridgeWithoutTheChildEndsThePause: it is no longer waited for.
func TestABridgeWithoutTheChildEndsThePause(t *testing.T) {
	s := routed(t, imminent, emergency).looks().given(first.accept(), first.join(), dropsOut(bullying, "child")).looks()
	s.wait(10 * time.Second).when(with(first.bridge(), "Exception", unreachable)).gives("BridgeOpened").unpaused()
	s.stands("BRIDGED RECEIVER 2m0s").when(s.advance()).gives()
}

// TestTheBudgetDoesNotRunWhileTheChildIsAway, however the pause ends.
func TestTheBudgetDoesNotRunWhileTheChildIsAway(t *testing.T) {
	s := at(t, "BRIEFING").given(dropsOut(bullying, "child")).looks().wait(10 * time.Minute)
	s.given(childComes(), first.bridge()).when(s.advance()).gives()
	s = routed(t, imminent, emergency).looks().given(first.accept(), first.join(), dropsOut(bullying, "child")).looks()
	s.wait(10 * time.Minute).given(with(first.bridge(), "Exception", unreachable)).when(s.advance()).gives()
}
