package deadline_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/deadline"
	"github.com/stafett/stafett/pkg/handover/decide"
	"github.com/stafett/stafett/pkg/internal/story"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	statev1 "github.com/stafett/stafett/proto/stafett/state/v1"
)

// TestAMachinesSilenceIsNotAPersons: an offer that no machine took ends after five
// seconds, and the next line is asked.
func TestAMachinesSilenceIsNotAPersons(t *testing.T) {
	s := story.At(t, "OFFERED").Wait(5*time.Second - time.Nanosecond)
	s.When(s.Advance()).Gives()
	s.Wait(time.Nanosecond).When(s.Advance()).Gives("OfferUnreachable", "OfferSent").Offers(story.Emergency+" UNREACHABLE", story.Mind+" SENT")
	s.Wait(5*time.Second).When(s.Advance()).Gives("OfferUnreachable", "HandoverReturned").Returned("PLAN_EXHAUSTED").Unleased()

	for _, known := range []decide.Command{story.First.DeliveredTo(story.Emergency, 1), story.First.Seen()} {
		s = story.At(t, "OFFERED").Wait(5*time.Second - time.Nanosecond).Given(known).Wait(time.Nanosecond)
		s.When(s.Advance()).Gives()
	}
}

// TestADeskIsAlertedAgain at 15 and 30 seconds, in a chat.
func TestADeskIsAlertedAgain(t *testing.T) {
	s := story.At(t, "OFFERED").Given(story.First.DeliveredTo(story.Emergency, 1))
	for alert := uint32(2); alert < 4; alert++ {
		s.Wait(15*time.Second - time.Nanosecond).When(s.Advance()).Gives()
		s.Wait(time.Nanosecond).When(s.Advance()).Gives("OfferAlerted")
		if o := handover.Of(s.State.Conversation).Current().GetOffers()[0]; o.Alerts != alert {
			t.Errorf("alerted %d times, want %d", o.Alerts, alert)
		}
	}
	s.Wait(15*time.Second).When(s.Advance()).Gives("OfferTimedOut", "OfferSent")
}

// TestAlertsAreNotMadeUpFor after the platform was down.
func TestAlertsAreNotMadeUpFor(t *testing.T) {
	s := story.At(t, "OFFERED").Given(story.First.Seen()).Wait(31 * time.Second)
	s.When(s.Advance()).Gives("OfferAlerted")
	s.When(s.Advance()).Gives()
	s.Wait(14*time.Second).When(s.Advance()).Gives("OfferTimedOut", "OfferSent")
}

// TestNoSecondAlert on the phone, which rings, nor where a second line is asked.
func TestNoSecondAlert(t *testing.T) {
	s := story.Routed(t, story.Imminent, story.Emergency).Looks().Given(story.First.Seen())
	s.Wait(15*time.Second).When(s.Advance()).Gives("OfferTimedOut", "HandoverReturned")
	s = story.Begin(t).Given(story.Opening(story.Phone), story.Comes(story.Bullying, "kim")).To(story.First, story.StateOf("OFFERED")).Given(story.First.Seen())
	s.Wait(15 * time.Second).When(s.Advance()).Gives()
	s.Wait(5*time.Second).When(s.Advance()).Gives("OfferTimedOut", "OfferSent")
}

// TestALateAcceptIsTooLate however the offer ended.
func TestALateAcceptIsTooLate(t *testing.T) {
	for ended, s := range map[string]*story.Story{
		"UNREACHABLE": story.At(t, "OFFERED").Wait(5 * time.Second),
		"TIMED_OUT":   story.At(t, "OFFERED").Given(story.First.Seen()).Wait(45 * time.Second),
		"WITHDRAWN":   story.At(t, "OFFERED").Given(story.First.Withdraw()),
	} {
		for _, c := range []decide.Command{story.First.Accept(), story.First.Decline(), story.First.Seen()} {
			if ended == "WITHDRAWN" {
				s.When(c).Refused("TOO_LATE")
			}
		}
		s.Given(s.Advance())
		for _, c := range []decide.Command{story.First.Accept(), story.First.Decline(), story.First.Seen()} {
			if r := s.When(c).Refused("TOO_LATE"); r.Metadata["state"] != ended {
				t.Errorf("the refusal says %v, want %s", r.Metadata, ended)
			}
		}
	}
}

// TestAcceptBeforeTheWithdrawal: then the child's no comes a moment later, and
// nothing crosses either.
func TestAcceptBeforeTheWithdrawal(t *testing.T) {
	s := story.At(t, "OFFERED").Given(story.First.Accept(), story.First.Withdraw())
	s.When(story.First.Join()).Refused("OUTSIDE_CONSENT")
	s.When(story.First.Open()).Refused("OUTSIDE_CONSENT")
	s.When(s.Advance()).Gives("HandoverReturned").Returned("CONSENT_WITHDRAWN").Unleased()
}

// TestNoLineIsAskedAfterItsHours, as they were known when it was ranked.
func TestNoLineIsAskedAfterItsHours(t *testing.T) {
	s := story.Routed(t, 0, story.Emergency, story.Mind, story.Alcohol)
	ranked := story.Plan(story.Emergency, story.Mind, story.Alcohol)(nil)
	ranked.Candidates[1].OpenUntil = stamp(s.Now.Add(10 * time.Second))
	s.Rank = func(*statev1.Conversation) *handoverv1.RoutingDecision { return ranked }
	s.Given(s.Advance()).Wait(10 * time.Second)
	s.When(story.First.Decline()).Gives("OfferDeclined", "OfferWithdrawn", "OfferSent")
	s.Offers(story.Emergency+" DECLINED", story.Mind+" WITHDRAWN", story.Alcohol+" SENT").UnleasedBut(story.Alcohol)
	s.When(story.First.AcceptBy(story.Mind, 2)).Refused("OFFER_NOT_FOUND")
}

// TestALineThatCannotTakeAnybodyAnyMore is passed over when its turn comes, with the
// reason, whether it comes in the ranking's append, after a no or after a silence.
func TestALineThatCannotTakeAnybodyAnyMore(t *testing.T) {
	full := func(lines ...string) handover.Skip {
		return func(line string, _ *handoverv1.PacketHeader) handoverv1.PassReason {
			if slices.Contains(lines, line) {
				return handoverv1.PassReason_PASS_REASON_NO_SEAT
			}
			return 0
		}
	}
	s := story.Routed(t, 0, story.Emergency, story.Mind, story.Alcohol)
	s.When(deadline.Advance{Rank: s.Rank, Skip: full(story.Emergency)}).Gives("HandoverRouted", "OfferWithdrawn", "OfferSent")
	s.Offers(story.Emergency+" WITHDRAWN", story.Mind+" SENT", story.Alcohol+" PLANNED").UnleasedBut(story.Mind)
	if why := handover.Of(s.State.Conversation).Current().GetOffers()[0].PassReason; why != handoverv1.PassReason_PASS_REASON_NO_SEAT {
		t.Errorf("it was passed over for %v", why)
	}
	s.When(story.With(story.First.DeclineBy(story.Mind, 2), "Skip", full(story.Alcohol))).Gives("OfferDeclined", "OfferWithdrawn", "HandoverReturned").Returned("PLAN_EXHAUSTED")

	s = story.Routed(t, 0, story.Emergency, story.Mind)
	s.When(deadline.Advance{Rank: s.Rank, Skip: full(story.Emergency, story.Mind)}).
		Gives("HandoverRouted", "OfferWithdrawn", "OfferWithdrawn", "HandoverReturned").Returned("NO_LINE_OPEN")
}

// TestALineThatClosesWhileItIsAsked loses its offer with the reason, and the next line is asked in
// the same commit. A line that has accepted may finish.
func TestALineThatClosesWhileItIsAsked(t *testing.T) {
	closed := func(line string, _ handoverv1.Channel) handoverv1.PassReason {
		if line == story.Emergency {
			return handoverv1.PassReason_PASS_REASON_SUSPENDED
		}
		return 0
	}
	s := story.Routed(t, 0, story.Emergency, story.Mind).Looks().Given(story.First.Seen())
	s.When(deadline.Advance{Rank: s.Rank, Shut: closed}).Gives("OfferWithdrawn", "OfferSent")
	s.Offers(story.Emergency+" WITHDRAWN", story.Mind+" SENT").UnleasedBut(story.Mind)
	if why := handover.Of(s.State.Conversation).Current().GetOffers()[0].PassReason; why != handoverv1.PassReason_PASS_REASON_SUSPENDED {
		t.Errorf("its offer was withdrawn for %v", why)
	}
	s.When(story.First.AcceptBy(story.Emergency, 1)).Refused("TOO_LATE")

	s = story.Routed(t, 0, story.Emergency).Looks().Given(story.First.Seen())
	s.When(deadline.Advance{Rank: s.Rank, Shut: closed}).Gives("OfferWithdrawn", "HandoverReturned").Returned("PLAN_EXHAUSTED")

	s = story.At(t, "ACCEPTED")
	s.When(deadline.Advance{Rank: s.Rank, Shut: func(string, handoverv1.Channel) handoverv1.PassReason { return 1 }}).Gives()
}

// TestALineIsNotAskedBeyondItsHours: its offer ends when it closes, not at its own deadline.
func TestALineIsNotAskedBeyondItsHours(t *testing.T) {
	s := story.Routed(t, 0, story.Emergency, story.Mind)
	ranked := story.Plan(story.Emergency, story.Mind)(nil)
	ranked.Candidates[0].OpenUntil = stamp(s.Now.Add(10 * time.Second))
	s.Rank = func(*statev1.Conversation) *handoverv1.RoutingDecision { return ranked }
	s.Given(s.Advance(), story.First.Seen()).Wait(10 * time.Second)
	s.When(s.Advance()).Gives("OfferWithdrawn", "OfferSent")
}
