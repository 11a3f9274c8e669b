package handover_test

import (
	"testing"
	"time"

	"github.com/stafett/stafett/pkg/handover"
)

// followed is a deferral and a handover after it.
func followed(t *testing.T) (*story, pass) {
	p := first
	p.n = 2
	return at(t, "DEFERRED").given(p.propose()), p
}

// stillPromised expects whether the first handover's slot is still to come.
func (s *story) stillPromised(want bool) *story {
	s.t.Helper()
	h := s.state.Conversation.Handovers[0]
	if got := h.Deadline != nil; got != want || h.DecisionDue {
		s.t.Errorf("of the deferral: still to come %t, want %t; a decision is due: %t", got, want, h.DecisionDue)
	}
	return s
}

// TestADeferralStandsUntilTheChildAgrees to a handover that takes its place, or its
// line goes on without.
func TestADeferralStandsUntilTheChildAgrees(t *testing.T) {
	s, p := followed(t)
	s.stillPromised(true).given(p.ask()).stillPromised(true).given(p.give(intro)).stillPromised(false)
	s.given(p.cancel()).wait(day).when(s.advance()).gives()
}

// TestADeferralEndsWithAnOverride.
func TestADeferralEndsWithAnOverride(t *testing.T) {
	s, p := followed(t)
	s.given(p.override()).stillPromised(false)
}

// TestADeferralStandsBesideOneThatCameToNothing, holds the conversation open, and
// is due when it was promised.
func TestADeferralStandsBesideOneThatCameToNothing(t *testing.T) {
	for _, how := range []string{"refused", "called off"} {
		s, p := followed(t)
		if how == "refused" {
			s.given(p.ask(), p.refuse()).looks()
		} else {
			s.given(p.cancel())
		}
		s.stillPromised(true).when(closes(bullying)).refused("HANDOVER_UNFINISHED")
		s.wait(time.Hour - 1).when(s.advance()).gives()
		s.wait(1).when(s.advance()).gives("DeferralDue")
		s.passes(15 * time.Minute).told(bullying + " NO_DECISION")
		s.when(closes(bullying)).gives("ConversationClosed", "CustodyClosed")
	}
}

// TestADeferralFallsDueBesideAnother that is under way, and the child's yes to that
// is the decision.
func TestADeferralFallsDueBesideAnother(t *testing.T) {
	s, p := followed(t)
	s.wait(time.Hour).when(s.advance()).gives("DeferralDue").stands("PROPOSED SENDER")
	s.given(p.ask(), p.give(intro)).stillPromised(false).passes(time.Second)
}

// TestADueDeferralIsTakenUpByProposing: the sender has decided.
func TestADueDeferralIsTakenUpByProposing(t *testing.T) {
	p := first
	p.n = 2
	at(t, "DEFERRED").passes(time.Hour).given(p.propose()).stillPromised(false).passes(time.Hour).told()
}

// TestWithdrawingAfterTheClose: the outcome may still be to come, and then does not
// reach the sender.
func TestWithdrawingAfterTheClose(t *testing.T) {
	s := at(t, "AWAITING_OUTCOME").given(closes(emergency))
	s.when(by(emergency, first.withdraw())).refused("LEG_NOT_YOURS")
	s.when(by(alcohol, first.withdraw())).refused("CONVERSATION_NOT_YOURS")
	s.when(first.withdraw()).gives("ConsentWithdrawn")
	s.when(first.withdraw()).gives()
	s.when(first.report()).refused("OUTSIDE_CONSENT")
}

// TestThePacketClosesWithTheConversation, and nobody learns which handovers it had.
func TestThePacketClosesWithTheConversation(t *testing.T) {
	s := at(t, "AWAITING_OUTCOME").given(first.open(), closes(emergency))
	was := s.when(first.open()).refused("PACKET_CLOSED")
	for _, n := range []uint32{0, 2} {
		if never := s.when(of(n, first.open())).refused("PACKET_CLOSED"); len(never.Metadata) != len(was.Metadata) {
			t.Errorf("of none it says %v, of one %v", never.Metadata, was.Metadata)
		}
	}
}

// TestASignpostLeadsOnAfterTheClose, but a leg of the conversation's own does not.
func TestASignpostLeadsOnAfterTheClose(t *testing.T) {
	s := at(t, "SIGNPOSTED").given(issue(bullying, emergency), with(issue(bullying, bullying), "LinkHash", hashOf("leg")), closes(bullying))
	s.when(handover.ClaimTicket{Line: bullying, LinkHash: hashOf("leg")}).noTicket("EPOCH")
	s.when(claim(mind)).noTicket("UNKNOWN")
	s.when(claim(emergency)).gives("TicketClaimed")
	if !handover.Of(s.state.Conversation).Current().SignpostArrived {
		t.Error("the child's coming is not recorded")
	}
	s.when(claim(emergency)).noTicket("USED")
	s = at(t, "SIGNPOSTED").given(issue(bullying, emergency), closes(bullying)).wait(day)
	s.when(claim(emergency)).noTicket("EXPIRED")
}
