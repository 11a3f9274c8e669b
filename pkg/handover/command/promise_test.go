package command_test

import (
	"testing"
	"time"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/command"
	"github.com/stafett/stafett/pkg/internal/story"
)

// followed is a deferral and a handover after it.
func followed(t *testing.T) (*story.Story, story.Pass) {
	p := story.First
	p.N = 2
	return story.At(t, "DEFERRED").Given(p.Propose()), p
}

// TestADeferralStandsUntilTheChildAgrees to a handover that takes its place, or its
// line goes on without.
func TestADeferralStandsUntilTheChildAgrees(t *testing.T) {
	s, p := followed(t)
	s.StillPromised(true).Given(p.Ask()).StillPromised(true).Given(p.Give(story.Intro)).StillPromised(false)
	s.Given(p.Cancel()).Wait(story.Day).When(s.Advance()).Gives()
}

// TestADeferralEndsWithAnOverride.
func TestADeferralEndsWithAnOverride(t *testing.T) {
	s, p := followed(t)
	s.Given(story.Risk(p.From, story.Serious), p.Override()).StillPromised(false)
}

// TestADeferralStandsBesideOneThatCameToNothing, holds the conversation open, and
// is due when it was promised.
func TestADeferralStandsBesideOneThatCameToNothing(t *testing.T) {
	for _, how := range []string{"refused", "called off"} {
		s, p := followed(t)
		if how == "refused" {
			s.Given(p.Ask(), p.Refuse()).Looks()
		} else {
			s.Given(p.Cancel())
		}
		s.StillPromised(true).When(story.Closes(story.Bullying)).Refused("HANDOVER_UNFINISHED")
		s.Wait(time.Hour - 1).When(s.Advance()).Gives()
		s.Wait(1).When(s.Advance()).Gives("DeferralDue")
		s.Passes(15 * time.Minute).Told(story.Bullying + " NO_DECISION")
		s.When(story.Closes(story.Bullying)).Gives("ConversationClosed", "CustodyClosed")
	}
}

// TestADeferralFallsDueBesideAnother that is under way, and the child's yes to that
// is the decision.
func TestADeferralFallsDueBesideAnother(t *testing.T) {
	s, p := followed(t)
	for range 6 {
		s.Wait(9 * time.Minute).Given(p.Seal())
	}
	s.Wait(6 * time.Minute).When(s.Advance()).Gives("DeferralDue").Stands("PROPOSED SENDER 4m0s")
	s.Given(p.Ask(), p.Give(story.Intro)).StillPromised(false).Passes(time.Second)
}

// TestADueDeferralIsTakenUpByProposing: the sender has decided.
func TestADueDeferralIsTakenUpByProposing(t *testing.T) {
	p := story.First
	p.N = 2
	story.At(t, "DEFERRED").Passes(time.Hour).Given(p.Propose()).StillPromised(false).Passes(10*time.Minute - 1).Told()
}

// TestWithdrawingAfterTheClose: the outcome may still be to come, and then does not
// reach the sender.
func TestWithdrawingAfterTheClose(t *testing.T) {
	s := story.At(t, "AWAITING_OUTCOME").Given(story.Closes(story.Emergency))
	s.When(story.By(story.Emergency, story.First.Withdraw())).Refused("LEG_NOT_YOURS")
	s.When(story.By(story.Alcohol, story.First.Withdraw())).Refused("CONVERSATION_NOT_YOURS")
	s.When(story.First.Withdraw()).Gives("ConsentWithdrawn")
	s.When(story.First.Withdraw()).Gives()
	s.When(story.First.Report()).Refused("OUTSIDE_CONSENT")
}

// TestThePacketClosesWithTheConversation, and nobody learns which handovers it had.
func TestThePacketClosesWithTheConversation(t *testing.T) {
	s := story.At(t, "AWAITING_OUTCOME").Given(story.First.Open(), story.Closes(story.Emergency))
	was := s.When(story.First.Open()).Refused("PACKET_CLOSED")
	for _, n := range []uint32{0, 2} {
		if never := s.When(story.Of(n, story.First.Open())).Refused("PACKET_CLOSED"); len(never.Metadata) != len(was.Metadata) {
			t.Errorf("of none it says %v, of one %v", never.Metadata, was.Metadata)
		}
	}
}

// TestASignpostLeadsOnAfterTheClose, but a leg of the conversation's own does not.
func TestASignpostLeadsOnAfterTheClose(t *testing.T) {
	s := story.At(t, "SIGNPOSTED").Given(story.Issue(story.Bullying, story.Emergency), story.With(story.Issue(story.Bullying, story.Bullying), "LinkHash", story.HashOf("leg")), story.Closes(story.Bullying))
	s.When(command.ClaimTicket{Line: story.Bullying, LinkHash: story.HashOf("leg")}).NoTicket("EPOCH")
	s.When(story.Claim(story.Mind)).NoTicket("UNKNOWN")
	s.When(story.Claim(story.Emergency)).Gives("TicketClaimed")
	if !handover.Of(s.State.Conversation).Current().SignpostArrived {
		t.Error("the child's coming is not recorded")
	}
	s.When(story.Claim(story.Emergency)).NoTicket("USED")
	s = story.At(t, "SIGNPOSTED").Given(story.Issue(story.Bullying, story.Emergency), story.Closes(story.Bullying)).Wait(story.Day)
	s.When(story.Claim(story.Emergency)).NoTicket("EXPIRED")
}
