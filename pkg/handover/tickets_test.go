package handover_test

import (
	"crypto/sha256"
	"testing"
	"time"

	"github.com/stafett/stafett/pkg/handover"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

func hashOf(secret string) []byte {
	sum := sha256.Sum256([]byte(secret))
	return sum[:]
}

func issue(line, to string) handover.Command {
	return handover.IssueTicket{Line: line, ToLine: to, Channel: phone, LinkHash: hashOf("link"), DigitsHash: hashOf("digits"), RequestID: requestID(1)}
}
func claim(line string) handover.Command {
	return handover.ClaimTicket{Line: line, LinkHash: hashOf("link")}
}
func answer(line, who string) handover.Command {
	return handover.AnswerLeg{Line: line, Participant: who}
}

// noTicket expects a ticket refused, and why.
func (o outcome) noTicket(why string) {
	o.t.Helper()
	if r := o.refused("TICKET_INVALID"); r.Metadata["why"] != why {
		o.t.Errorf("the refusal says %v, want %s", r.Metadata, why)
	}
}

func TestAChatContinuesAsAPhoneCall(t *testing.T) {
	s := opened(t)
	s.when(issue(bullying, bullying)).gives("TicketIssued")
	o := s.wait(time.Minute).when(claim(bullying))
	if o.gives("TicketClaimed"); o.decision.Name != chatName+"/tickets/1" {
		t.Errorf("the claim names %s", o.decision.Name)
	}
	s.leg(bullying, chat)
	s.wait(29*time.Second).when(answer(bullying, "kim")).gives("LegMoved").leg(bullying, phone)
	s.when(answer(bullying, "kim")).refused("LEG_NOT_WAITING")
	s.wait(time.Hour).when(s.advance()).gives()
}

// leg expects where the child's leg is, and on which channel.
func (s *story) leg(line string, channel handoverv1.Channel) *story {
	s.t.Helper()
	if c := s.state.Conversation; c.LegLine != line || c.Channel != channel || handover.Of(c).Child().Line != line {
		s.t.Errorf("the leg is at %s by %s, want it at %s by %s", c.LegLine, c.Channel, line, channel)
	}
	return s
}

func TestUnansweredLegLeavesTheOldOne(t *testing.T) {
	s := opened(t).given(issue(bullying, bullying), claim(bullying)).wait(30*time.Second - time.Nanosecond)
	s.when(s.advance()).gives()
	s.wait(time.Nanosecond).when(answer(bullying, "kim")).refused("LEG_NOT_WAITING")
	s.when(s.advance()).gives("LegUnanswered").leg(bullying, chat)
	s.when(s.advance()).gives()
	s.when(claim(bullying)).noTicket("USED")
}

func TestTicketIsRefused(t *testing.T) {
	s := opened(t).given(issue(bullying, bullying))
	s.when(claim(emergency)).noTicket("UNKNOWN")
	s.when(handover.ClaimTicket{Line: bullying, DigitsHash: hashOf("link")}).noTicket("UNKNOWN")
	s.when(handover.ClaimTicket{Line: bullying}).noTicket("UNKNOWN")
	s.wait(10*time.Minute - time.Nanosecond).when(handover.ClaimTicket{Line: bullying, DigitsHash: hashOf("digits")}).gives("TicketClaimed")
	s.when(claim(bullying)).noTicket("USED")

	s = opened(t).given(issue(bullying, bullying)).wait(10 * time.Minute)
	s.when(claim(bullying)).noTicket("EXPIRED")
}

// TestOneLegWaitsAtATime: and the ticket is not used up by trying.
func TestOneLegWaitsAtATime(t *testing.T) {
	other := with(issue(bullying, bullying), "LinkHash", hashOf("other"))
	s := opened(t).given(issue(bullying, bullying), claim(bullying), other)
	again := handover.ClaimTicket{Line: bullying, LinkHash: hashOf("other")}
	s.when(again).refused("LEG_PENDING")
	s.given(answer(bullying, "kim")).when(again).gives("TicketClaimed")
}

// TestTicketEndsWithItsEpoch: who had custody when it was given out no longer has.
func TestTicketEndsWithItsEpoch(t *testing.T) {
	s := at(t, "CONFIRMING").given(issue(bullying, bullying), first.attest())
	s.when(claim(bullying)).noTicket("EPOCH")
	s = opened(t).given(issue(bullying, bullying), closes(bullying))
	s.when(claim(bullying)).noTicket("EPOCH")
}

// TestLegFollowsCustody: the receiver gives the child a ticket to its own line,
// and the first line is no longer in between.
func TestLegFollowsCustody(t *testing.T) {
	s := at(t, "AWAITING_OUTCOME")
	s.when(issue(bullying, bullying)).refused("CUSTODY_NOT_YOURS")
	s.given(issue(emergency, emergency)).when(claim(emergency)).gives("TicketClaimed")
	s.party(bullying, true, true)
	s.when(answer(bullying, "kim")).refused("CUSTODY_NOT_YOURS")
	s.when(answer(emergency, "eva")).refused("PARTICIPANT_ABSENT")
	s.when(answer(emergency, "ola")).gives("LegMoved").leg(emergency, phone)
	s.party(bullying, false, true)
	s.when(childComes()).refused("LEG_NOT_YOURS")
	s.when(leaves(emergency, "child")).gives("ParticipantLeft")
}

// TestLegThatWaitsWhenCustodyMoves is answered by nobody.
func TestLegThatWaitsWhenCustodyMoves(t *testing.T) {
	s := at(t, "CONFIRMING").given(issue(bullying, bullying), claim(bullying), first.attest())
	s.when(answer(emergency, "ola")).refused("LEG_NOT_WAITING")
	s.when(answer(bullying, "kim")).refused("CUSTODY_NOT_YOURS")
	s.wait(30*time.Second).when(s.advance()).gives("LegUnanswered").leg(bullying, chat)
}

func TestLegOfAnotherOfTheSameName(t *testing.T) {
	s := at(t, "ACCEPTED").given(with(first.join(), "Participant", "child"), first.bridge(),
		with(first.confirm(), "Participant", "child"), first.attest(), first.leave())
	s.given(issue(emergency, emergency), claim(emergency)).when(answer(emergency, "child")).refused("PSEUDONYM_TAKEN")
}

// TestAChildThatCameByItsNewLegIsThere also where the old one was lost.
func TestAChildThatCameByItsNewLegIsThere(t *testing.T) {
	s := at(t, "BRIDGED").given(dropsOut(bullying, "child")).looks().given(issue(bullying, bullying), claim(bullying))
	s.when(answer(bullying, "kim")).gives("LegMoved")
	s.when(s.advance()).gives("HandoverResumed").stands("BRIDGED RECEIVER 2m0s")
}

// TestLinesAreAskedForTheNewChannel: nobody has accepted yet.
func TestLinesAreAskedForTheNewChannel(t *testing.T) {
	s := at(t, "CONSENT_ASKED").given(issue(bullying, bullying), claim(bullying), answer(bullying, "kim"), first.give(intro))
	s.when(s.advance()).gives("HandoverRouted", "OfferSent").stands("OFFERED RECEIVER 20s")
}

func TestTicketLifetimes(t *testing.T) {
	const day = 24 * time.Hour
	for _, test := range []struct {
		to              string
		usual, min, max time.Duration
	}{{bullying, 10 * time.Minute, time.Minute, 30 * time.Minute}, {emergency, day, 10 * time.Minute, 7 * day}} {
		s := at(t, "SIGNPOSTED")
		for _, bad := range []time.Duration{-1, test.min - 1, test.max + 1} {
			s.when(with(issue(bullying, test.to), "Lifetime", bad)).refused("FIELD_INVALID")
		}
		for given, want := range map[time.Duration]time.Duration{0: test.usual, test.min: test.min, test.max: test.max} {
			o := s.when(with(issue(bullying, test.to), "Lifetime", given))
			o.gives("TicketIssued")
			if lives := o.decision.Events[0].GetTicketIssued().Deadline.AsTime().Sub(s.now); lives != want {
				t.Errorf("to %s a ticket for %s lives %s, want %s", test.to, given, lives, want)
			}
		}
	}
}

// TestSignpost: the child shows at the other line where it comes from. Custody
// stays, and the other line is no party.
func TestSignpost(t *testing.T) {
	s := at(t, "PROPOSED")
	s.when(issue(bullying, emergency)).refused("NOT_SIGNPOSTED")
	s.when(with(first.signpost(), "ToLine", bullying)).refused("FIELD_INVALID")
	s.when(first.signpost()).gives("HandoverSignposted").stands("SIGNPOSTED UNSPECIFIED")
	s.when(issue(bullying, mind)).refused("NOT_SIGNPOSTED")
	s.given(issue(bullying, emergency)).when(claim(mind)).noTicket("UNKNOWN")
	s.when(claim(emergency)).gives("TicketClaimed").leg(bullying, chat)
	h := handover.Of(s.state.Conversation).Current()
	if !h.SignpostArrived || h.SignpostLine != emergency || s.state.Conversation.PendingLeg != nil {
		t.Errorf("the handover is %v", h)
	}
	s.when(claim(emergency)).noTicket("USED")
	s.when(answer(emergency, "ola")).refused("CONVERSATION_NOT_YOURS")
	s.party(emergency, false, false)
	s.when(s.advance()).gives()
}

func TestTicketsAreCounted(t *testing.T) {
	s := opened(t).given(issue(bullying, bullying), issue(bullying, bullying))
	if tickets := s.state.Conversation.Tickets; len(tickets) != 2 || tickets[1].Name != chatName+"/tickets/2" || tickets[1].Epoch != 1 {
		t.Errorf("the tickets are %v", tickets)
	}
	// Digits may have been drawn before: the newest is meant.
	if o := s.when(claim(bullying)); o.decision.Name != chatName+"/tickets/2" {
		t.Errorf("it claimed %s, want the newest", o.decision.Name)
	}
}

func TestOnlyTheNewestTicketWorks(t *testing.T) {
	newer := hashOf("newer")
	s := opened(t).given(issue(bullying, bullying), with(issue(bullying, bullying), "LinkHash", newer))
	s.when(claim(bullying)).noTicket("REPLACED")
	s.when(with(claim(bullying), "LinkHash", newer)).gives("TicketClaimed")
}
