package command_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/command"
	"github.com/stafett/stafett/pkg/handover/decide"
	"github.com/stafett/stafett/pkg/internal/story"
	"github.com/stafett/stafett/pkg/refusal"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	statev1 "github.com/stafett/stafett/proto/stafett/state/v1"
)

// TestDeferral: the sender keeps the child until the time it chose, and is then
// asked to take it up.
func TestDeferral(t *testing.T) {
	s := story.At(t, "OFFERED")
	s.When(s.PutOff(story.First, time.Hour)).Gives("OfferWithdrawn", "HandoverDeferred").Stands("DEFERRED SENDER 1h0m0s").Unleased()
	s.When(story.First.Accept()).Refused("TOO_LATE")
	s.When(story.First.Decide(story.Stay)).Refused("NOTHING_TO_DECIDE")
	s.When(story.Closes(story.Bullying)).Refused("HANDOVER_UNFINISHED")
	s.Wait(time.Hour - 1).When(s.Advance()).Gives()
	s.Wait(1).When(s.Advance()).Gives("DeferralDue").Stands("DEFERRED SENDER")
	s.When(story.First.Decide(story.GoesOn)).Refused("HANDOVER_STATE")
	s.Wait(15*time.Minute - 1).When(s.Advance()).Gives()
	s.Wait(1).When(s.Advance()).Gives("SupervisorTold").Told(story.Bullying + " NO_DECISION")
	s.When(s.Advance()).Gives()
	p := story.First
	p.N = 2
	s.Given(p.Propose()).Stands("PROPOSED SENDER 10m0s")
	if h := handover.Of(s.State.Conversation).Current(); h.Parent != 1 {
		t.Errorf("it follows from %d, want the deferred one", h.Parent)
	}
}

func TestADeferralIsTakenUpEarly(t *testing.T) {
	s := story.At(t, "DEFERRED").Given(story.First.Cancel()).Stands("CANCELLED UNSPECIFIED").Wait(24 * time.Hour)
	s.When(s.Advance()).Gives()
	s.When(story.Closes(story.Bullying)).Gives("ConversationClosed", "CustodyClosed")
	s = story.At(t, "DEFERRED").Wait(time.Hour).Looks()
	s.When(story.First.Decide(story.Stay)).Gives("SenderDecided").Stands("DEFERRED UNSPECIFIED")
	s.When(story.Closes(story.Bullying)).Gives("ConversationClosed", "CustodyClosed")
}

func TestADeferralAfterADowntime(t *testing.T) {
	s := story.At(t, "DEFERRED").Wait(7 * 24 * time.Hour)
	s.When(s.Advance()).Gives("DeferralDue")
	s.When(s.Advance()).Gives()
}

func TestWhichTimesMayBeChosen(t *testing.T) {
	s := story.At(t, "PROPOSED")
	const day = 24 * time.Hour
	for _, in := range []time.Duration{-time.Hour, 0, 14*day + 1} {
		if r := s.When(s.PutOff(story.First, in)).Refused("FIELD_INVALID"); r.Metadata["field"] != "slot.start_time" {
			t.Errorf("in %s the refusal says %v", in, r.Metadata)
		}
	}
	change := func(spoil func(*handoverv1.Slot)) decide.Command {
		c := s.PutOff(story.First, time.Hour).(command.DeferHandover)
		spoil(c.Slot)
		return c
	}
	s.When(change(func(slot *handoverv1.Slot) { slot.EndTime = slot.StartTime })).Refused("FIELD_INVALID")
	s.When(change(func(slot *handoverv1.Slot) { slot.Line = story.Bullying })).Refused("FIELD_INVALID")
	s.When(story.With(s.PutOff(story.First, time.Hour), "Slot", (*handoverv1.Slot)(nil))).Refused("FIELD_INVALID")
	closed := func(string, handoverv1.Channel, time.Time) bool { return false }
	s.When(story.With(s.PutOff(story.First, time.Hour), "Open", closed)).Refused("LINE_CLOSED")
	s.When(s.PutOff(story.First, 14*day)).Gives("HandoverDeferred")
}

// TestOpeningHoursAreAskedForTheChildsChannelAndTime.
func TestOpeningHoursAreAskedForTheChildsChannelAndTime(t *testing.T) {
	s := story.At(t, "PROPOSED")
	open := func(line string, channel handoverv1.Channel, at time.Time) bool {
		return line == story.Emergency && channel == story.Chat && at.Equal(s.Now.Add(time.Hour))
	}
	s.When(story.With(s.PutOff(story.First, time.Hour), "Open", open)).Gives("HandoverDeferred")
}

// TestALineMustSuitTheChild where the child is sent to it later or alone: the directory is asked
// about the line, the way and the time.
func TestALineMustSuitTheChild(t *testing.T) {
	s := story.At(t, "PROPOSED")
	suits := handover.Suits(func(_ *statev1.Conversation, line string, way handoverv1.ReceptionWay, at time.Time) error {
		later := way == handoverv1.ReceptionWay_RECEPTION_WAY_WARM && at.Equal(s.Now.Add(time.Hour))
		alone := way == handoverv1.ReceptionWay_RECEPTION_WAY_SIGNPOST && at.Equal(s.Now)
		if line == story.Emergency && (later || alone) {
			return refusal.LineUnsuitable(line + " is not for this child")
		}
		return nil
	})
	s.When(story.With(s.PutOff(story.First, time.Hour), "Suits", suits)).Refused("LINE_UNSUITABLE")
	s.When(story.With(story.First.Signpost(), "Suits", suits)).Refused("LINE_UNSUITABLE")
	s.When(story.With(s.PutOff(story.First, 2*time.Hour), "Suits", suits)).Gives("HandoverDeferred")
}

// TestACancellationIsConfirmed by each line that was being asked, or its
// supervisors are told.
func TestACancellationIsConfirmed(t *testing.T) {
	s := story.Routed(t, story.Imminent, story.Emergency, story.Mind, story.Alcohol).Looks().Given(story.First.DeclineBy(story.Mind, 2)).Given(story.First.Cancel())
	s.Stands("CANCELLED RECEIVER 30s").Unleased()
	unconfirmed := func() []string { return handover.Of(s.State.Conversation).Current().CancelUnconfirmed }
	if got := unconfirmed(); !slices.Equal(got, []string{story.Emergency, story.Alcohol}) {
		t.Errorf("%v have not confirmed", got)
	}
	s.When(story.ConfirmCancelBy(story.Mind, 2)).Refused("TOO_LATE")
	s.When(story.ConfirmCancelBy(story.Mind, 1)).Refused("OFFER_NOT_FOUND")
	s.When(story.ConfirmCancelBy(story.Emergency, 1)).Gives("CancelConfirmed")
	s.When(story.ConfirmCancelBy(story.Emergency, 1)).Gives()
	s.Wait(30 * time.Second).When(s.Advance()).Gives("SupervisorTold").Told(story.Alcohol + " CANCEL_UNCONFIRMED")
	s.Wait(time.Hour).When(s.Advance()).Gives()
	s.When(story.ConfirmCancelBy(story.Alcohol, 3)).Gives("CancelConfirmed").Stands("CANCEL_CONFIRMED UNSPECIFIED")
}

// TestWhoWasNotAskedNeedNotConfirm.
func TestWhoWasNotAskedNeedNotConfirm(t *testing.T) {
	s := story.At(t, "ROUTING").Given(story.First.Cancel()).Stands("CANCELLED UNSPECIFIED").Wait(time.Hour)
	s.When(s.Advance()).Gives()
	s = story.At(t, "OFFERED")
	s.When(story.ConfirmCancelBy(story.Emergency, 1)).Refused("HANDOVER_STATE")
	s.Given(story.First.Decline(), story.First.Cancel()).When(story.ConfirmCancelBy(story.Emergency, 1)).Refused("TOO_LATE")
}

// TestACancellationIsWaitedFor also after the close, and beside the next handover.
func TestACancellationIsWaitedFor(t *testing.T) {
	s := story.At(t, "OFFERED").Given(story.First.Cancel(), story.Closes(story.Bullying)).Wait(30 * time.Second)
	s.When(s.Advance()).Gives("SupervisorTold")
	s = story.At(t, "OFFERED").Given(story.First.Cancel(), story.First.Propose())
	s.When(story.First.ConfirmCancel()).Gives("CancelConfirmed")
	s = story.At(t, "OFFERED").Given(story.First.Cancel(), story.First.Propose()).Wait(30 * time.Second)
	s.When(s.Advance()).Gives("SupervisorTold").Told(story.Emergency + " CANCEL_UNCONFIRMED")
}
