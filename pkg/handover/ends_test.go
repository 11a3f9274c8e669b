package handover_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stafett/stafett/pkg/handover"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// TestDeferral: the sender keeps the child until the time it chose, and is then
// asked to take it up.
func TestDeferral(t *testing.T) {
	s := at(t, "OFFERED")
	s.when(s.putOff(first, time.Hour)).gives("OfferWithdrawn", "HandoverDeferred").stands("DEFERRED SENDER 1h0m0s").unleased()
	s.when(first.accept()).refused("TOO_LATE")
	s.when(first.decide(stay)).refused("NOTHING_TO_DECIDE")
	s.when(closes(bullying)).refused("HANDOVER_UNFINISHED")
	s.wait(time.Hour - 1).when(s.advance()).gives()
	s.wait(1).when(s.advance()).gives("DeferralDue").stands("DEFERRED SENDER")
	s.when(first.decide(goesOn)).refused("HANDOVER_STATE")
	s.wait(15*time.Minute - 1).when(s.advance()).gives()
	s.wait(1).when(s.advance()).gives("SupervisorTold").told(bullying + " NO_DECISION")
	s.when(s.advance()).gives()
	p := first
	p.n = 2
	s.given(p.propose()).stands("PROPOSED SENDER")
	if h := handover.Of(s.state.Conversation).Current(); h.Parent != 1 {
		t.Errorf("it follows from %d, want the deferred one", h.Parent)
	}
}

func TestADeferralIsTakenUpEarly(t *testing.T) {
	s := at(t, "DEFERRED").given(first.cancel()).stands("CANCELLED UNSPECIFIED").wait(24 * time.Hour)
	s.when(s.advance()).gives()
	s.when(closes(bullying)).gives("ConversationClosed", "CustodyClosed")
	s = at(t, "DEFERRED").wait(time.Hour).looks()
	s.when(first.decide(stay)).gives("SenderDecided").stands("DEFERRED UNSPECIFIED")
	s.when(closes(bullying)).gives("ConversationClosed", "CustodyClosed")
}

func TestADeferralAfterADowntime(t *testing.T) {
	s := at(t, "DEFERRED").wait(7 * 24 * time.Hour)
	s.when(s.advance()).gives("DeferralDue")
	s.when(s.advance()).gives()
}

func TestWhichTimesMayBeChosen(t *testing.T) {
	s := at(t, "PROPOSED")
	const day = 24 * time.Hour
	for _, in := range []time.Duration{-time.Hour, 0, 14*day + 1} {
		if r := s.when(s.putOff(first, in)).refused("FIELD_INVALID"); r.Metadata["field"] != "slot.start_time" {
			t.Errorf("in %s the refusal says %v", in, r.Metadata)
		}
	}
	change := func(spoil func(*handoverv1.Slot)) handover.Command {
		c := s.putOff(first, time.Hour).(handover.DeferHandover)
		spoil(c.Slot)
		return c
	}
	s.when(change(func(slot *handoverv1.Slot) { slot.EndTime = slot.StartTime })).refused("FIELD_INVALID")
	s.when(change(func(slot *handoverv1.Slot) { slot.Line = bullying })).refused("FIELD_INVALID")
	s.when(with(s.putOff(first, time.Hour), "Slot", (*handoverv1.Slot)(nil))).refused("FIELD_INVALID")
	closed := func(string, handoverv1.Channel, time.Time) bool { return false }
	s.when(with(s.putOff(first, time.Hour), "Open", closed)).refused("LINE_CLOSED")
	s.when(s.putOff(first, 14*day)).gives("HandoverDeferred")
}

// TestOpeningHoursAreAskedForTheChildsChannelAndTime.
func TestOpeningHoursAreAskedForTheChildsChannelAndTime(t *testing.T) {
	s := at(t, "PROPOSED")
	open := func(line string, channel handoverv1.Channel, at time.Time) bool {
		return line == emergency && channel == chat && at.Equal(s.now.Add(time.Hour))
	}
	s.when(with(s.putOff(first, time.Hour), "Open", open)).gives("HandoverDeferred")
}

// TestEmergency: the sender stays until help has reached the child, and its
// supervisors are told every five minutes that it has not.
func TestEmergency(t *testing.T) {
	s := at(t, "BRIDGED")
	s.when(with(first.callEmergency(), "Participant", "per")).refused("PARTICIPANT_ABSENT")
	s.when(first.callEmergency()).gives("EmergencyCalled").stands("EMERGENCY SENDER 5m0s")
	if n := handover.Of(s.state.Conversation).Counsellors(emergency); n != 0 {
		t.Errorf("%d of the receiver are still there", n)
	}
	for range 3 {
		s.wait(5*time.Minute - 1).when(s.advance()).gives()
		s.wait(1).when(s.advance()).gives("EmergencyOverdue", "SupervisorTold").stands("EMERGENCY SENDER 5m0s")
	}
	s.when(closes(bullying)).refused("HANDOVER_UNFINISHED")
	s.when(first.propose()).refused("HANDOVER_UNFINISHED")
	s.when(with(first.confirmEmergency(), "Participant", "per")).refused("PARTICIPANT_ABSENT")
	s.when(first.confirmEmergency()).gives("EmergencyConfirmed").stands("CLOSED UNSPECIFIED")
	if h := handover.Of(s.state.Conversation).Current(); short(h.Outcome) != "EMERGENCY_CONFIRMED" {
		t.Errorf("the outcome is %s", h.Outcome)
	}
	s.when(s.advance()).gives()
	s.when(first.propose()).gives("HandoverProposed")
	if h := handover.Of(s.state.Conversation).Current(); h.Parent != 0 || h.Hop != 1 {
		t.Errorf("the next is %v; nobody took over", h)
	}
}

// TestAnEmergencyGoesOnWithoutTheChild: it may have run.
func TestAnEmergencyGoesOnWithoutTheChild(t *testing.T) {
	s := at(t, "EMERGENCY").given(leaves(bullying, "child"))
	s.when(s.advance()).gives()
	s.wait(7*24*time.Hour).when(s.advance()).gives("EmergencyOverdue", "SupervisorTold")
	s.when(s.advance()).gives()
}

// TestACancellationIsConfirmed by each line that was being asked, or its
// supervisors are told.
func TestACancellationIsConfirmed(t *testing.T) {
	s := routed(t, imminent, emergency, mind, alcohol).looks().given(first.declineBy(mind, 2)).given(first.cancel())
	s.stands("CANCELLED RECEIVER 30s").unleased()
	unconfirmed := func() []string { return handover.Of(s.state.Conversation).Current().CancelUnconfirmed }
	if got := unconfirmed(); !slices.Equal(got, []string{emergency, alcohol}) {
		t.Errorf("%v have not confirmed", got)
	}
	s.when(confirmCancelBy(mind, 2)).refused("TOO_LATE")
	s.when(confirmCancelBy(mind, 1)).refused("OFFER_NOT_FOUND")
	s.when(confirmCancelBy(emergency, 1)).gives("CancelConfirmed")
	s.when(confirmCancelBy(emergency, 1)).gives()
	s.wait(30 * time.Second).when(s.advance()).gives("SupervisorTold").told(alcohol + " CANCEL_UNCONFIRMED")
	s.wait(time.Hour).when(s.advance()).gives()
	s.when(confirmCancelBy(alcohol, 3)).gives("CancelConfirmed").stands("CANCEL_CONFIRMED UNSPECIFIED")
}

// TestWhoWasNotAskedNeedNotConfirm.
func TestWhoWasNotAskedNeedNotConfirm(t *testing.T) {
	s := at(t, "ROUTING").given(first.cancel()).stands("CANCELLED UNSPECIFIED").wait(time.Hour)
	s.when(s.advance()).gives()
	s = at(t, "OFFERED")
	s.when(confirmCancelBy(emergency, 1)).refused("HANDOVER_STATE")
	s.given(first.decline(), first.cancel()).when(confirmCancelBy(emergency, 1)).refused("TOO_LATE")
}

// TestACancellationIsWaitedFor also after the close, and beside the next handover.
func TestACancellationIsWaitedFor(t *testing.T) {
	s := at(t, "OFFERED").given(first.cancel(), closes(bullying)).wait(30 * time.Second)
	s.when(s.advance()).gives("SupervisorTold")
	s = at(t, "OFFERED").given(first.cancel(), first.propose())
	s.when(first.confirmCancel()).gives("CancelConfirmed")
	s = at(t, "OFFERED").given(first.cancel(), first.propose()).wait(30 * time.Second)
	s.when(s.advance()).gives("SupervisorTold").told(emergency + " CANCEL_UNCONFIRMED")
}
