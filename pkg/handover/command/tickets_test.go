package command_test

import (
	"testing"
	"time"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/command"
	"github.com/stafett/stafett/pkg/internal/story"
)

func TestAChatContinuesAsAPhoneCall(t *testing.T) {
	s := story.Opened(t)
	s.When(story.Issue(story.Bullying, story.Bullying)).Gives("TicketIssued")
	o := s.Wait(time.Minute).When(story.Claim(story.Bullying))
	if o.Gives("TicketClaimed"); o.Decision.Name != story.ChatName+"/tickets/1" {
		t.Errorf("the claim names %s", o.Decision.Name)
	}
	s.Leg(story.Bullying, story.Chat)
	s.Wait(29*time.Second).When(story.Answer(story.Bullying, "kim")).Gives("LegMoved").Leg(story.Bullying, story.Phone)
	s.When(story.Answer(story.Bullying, "kim")).Refused("LEG_NOT_WAITING")
	s.Wait(time.Hour).When(s.Advance()).Gives()
}

func TestUnansweredLegLeavesTheOldOne(t *testing.T) {
	s := story.Opened(t).Given(story.Issue(story.Bullying, story.Bullying), story.Claim(story.Bullying)).Wait(30*time.Second - time.Nanosecond)
	s.When(s.Advance()).Gives()
	s.Wait(time.Nanosecond).When(story.Answer(story.Bullying, "kim")).Refused("LEG_NOT_WAITING")
	s.When(s.Advance()).Gives("LegUnanswered").Leg(story.Bullying, story.Chat)
	s.When(s.Advance()).Gives()
	s.When(story.Claim(story.Bullying)).NoTicket("USED")
}

func TestTicketIsRefused(t *testing.T) {
	s := story.Opened(t).Given(story.Issue(story.Bullying, story.Bullying))
	s.When(story.Claim(story.Emergency)).NoTicket("UNKNOWN")
	s.When(command.ClaimTicket{Line: story.Bullying, DigitsHash: story.HashOf("link")}).NoTicket("UNKNOWN")
	s.When(command.ClaimTicket{Line: story.Bullying}).NoTicket("UNKNOWN")
	s.Wait(10*time.Minute - time.Nanosecond).When(command.ClaimTicket{Line: story.Bullying, DigitsHash: story.HashOf("digits")}).Gives("TicketClaimed")
	s.When(story.Claim(story.Bullying)).NoTicket("USED")

	s = story.Opened(t).Given(story.Issue(story.Bullying, story.Bullying)).Wait(10 * time.Minute)
	s.When(story.Claim(story.Bullying)).NoTicket("EXPIRED")
}

// TestOneLegWaitsAtATime: and the ticket is not used up by trying.
func TestOneLegWaitsAtATime(t *testing.T) {
	other := story.With(story.Issue(story.Bullying, story.Bullying), "LinkHash", story.HashOf("other"))
	s := story.Opened(t).Given(story.Issue(story.Bullying, story.Bullying), story.Claim(story.Bullying), other)
	again := command.ClaimTicket{Line: story.Bullying, LinkHash: story.HashOf("other")}
	s.When(again).Refused("LEG_PENDING")
	s.Given(story.Answer(story.Bullying, "kim")).When(again).Gives("TicketClaimed")
}

// TestTicketEndsWithItsEpoch: who had custody when it was given out no longer has.
func TestTicketEndsWithItsEpoch(t *testing.T) {
	s := story.At(t, "CONFIRMING").Given(story.Issue(story.Bullying, story.Bullying), story.First.Attest())
	s.When(story.Claim(story.Bullying)).NoTicket("EPOCH")
	s = story.Opened(t).Given(story.Issue(story.Bullying, story.Bullying), story.Closes(story.Bullying))
	s.When(story.Claim(story.Bullying)).NoTicket("EPOCH")
}

// TestLegFollowsCustody: the receiver gives the child a ticket to its own line, so that
// nothing passes through the first line any more.
func TestLegFollowsCustody(t *testing.T) {
	s := story.At(t, "AWAITING_OUTCOME")
	s.When(story.Issue(story.Bullying, story.Bullying)).Refused("CUSTODY_NOT_YOURS")
	s.Given(story.Issue(story.Emergency, story.Emergency)).When(story.Claim(story.Emergency)).Gives("TicketClaimed")
	s.Party(story.Bullying, true, true)
	s.When(story.Answer(story.Bullying, "kim")).Refused("CUSTODY_NOT_YOURS")
	s.When(story.Answer(story.Emergency, "eva")).Refused("PARTICIPANT_ABSENT")
	s.When(story.Answer(story.Emergency, "ola")).Gives("LegMoved").Leg(story.Emergency, story.Phone)
	s.Party(story.Bullying, false, true)
	s.When(story.ChildComes()).Refused("LEG_NOT_YOURS")
	s.When(story.Leaves(story.Emergency, "child")).Gives("ParticipantLeft")
}

// TestLegThatWaitsWhenCustodyMoves is answered by nobody.
func TestLegThatWaitsWhenCustodyMoves(t *testing.T) {
	s := story.At(t, "CONFIRMING").Given(story.Issue(story.Bullying, story.Bullying), story.Claim(story.Bullying), story.First.Attest())
	s.When(story.Answer(story.Emergency, "ola")).Refused("LEG_NOT_WAITING")
	s.When(story.Answer(story.Bullying, "kim")).Refused("CUSTODY_NOT_YOURS")
	s.Wait(30*time.Second).When(s.Advance()).Gives("LegUnanswered").Leg(story.Bullying, story.Chat)
}

func TestLegOfAnotherOfTheSameName(t *testing.T) {
	s := story.At(t, "ACCEPTED").Given(story.With(story.First.Join(), "Participant", "child"), story.First.Bridge(),
		story.With(story.First.Confirm(), "Participant", "child"), story.First.Attest(), story.First.Leave())
	s.Given(story.Issue(story.Emergency, story.Emergency), story.Claim(story.Emergency)).When(story.Answer(story.Emergency, "child")).Refused("PSEUDONYM_TAKEN")
}

// TestAChildThatCameByItsNewLegIsThere also where the old one was lost.
func TestAChildThatCameByItsNewLegIsThere(t *testing.T) {
	s := story.At(t, "BRIDGED").Given(story.DropsOut(story.Bullying, "child")).Looks().Given(story.Issue(story.Bullying, story.Bullying), story.Claim(story.Bullying))
	s.When(story.Answer(story.Bullying, "kim")).Gives("LegMoved")
	s.When(s.Advance()).Gives("HandoverResumed").Stands("BRIDGED RECEIVER 2m0s")
}

// TestLinesAreAskedForTheNewChannel: nobody has accepted yet.
func TestLinesAreAskedForTheNewChannel(t *testing.T) {
	s := story.At(t, "CONSENT_ASKED").Given(story.Issue(story.Bullying, story.Bullying), story.Claim(story.Bullying), story.Answer(story.Bullying, "kim"), story.First.Give(story.Intro))
	s.When(s.Advance()).Gives("HandoverRouted", "OfferSent").Stands("OFFERED RECEIVER 20s")
}

func TestTicketLifetimes(t *testing.T) {
	const day = 24 * time.Hour
	for _, test := range []struct {
		to              string
		usual, min, max time.Duration
	}{{story.Bullying, 10 * time.Minute, time.Minute, 30 * time.Minute}, {story.Emergency, day, 10 * time.Minute, 7 * day}} {
		s := story.At(t, "SIGNPOSTED")
		for _, bad := range []time.Duration{-1, test.min - 1, test.max + 1} {
			s.When(story.With(story.Issue(story.Bullying, test.to), "Lifetime", bad)).Refused("FIELD_INVALID")
		}
		for given, want := range map[time.Duration]time.Duration{0: test.usual, test.min: test.min, test.max: test.max} {
			o := s.When(story.With(story.Issue(story.Bullying, test.to), "Lifetime", given))
			o.Gives("TicketIssued")
			if lives := o.Decision.Events[0].GetTicketIssued().Deadline.AsTime().Sub(s.Now); lives != want {
				t.Errorf("to %s a ticket for %s lives %s, want %s", test.to, given, lives, want)
			}
		}
	}
}

// TestSignpost: the child shows at the other line where it comes from. Custody
// stays, and the other line is not a party.
func TestSignpost(t *testing.T) {
	s := story.At(t, "PROPOSED")
	s.When(story.Issue(story.Bullying, story.Emergency)).Refused("NOT_SIGNPOSTED")
	s.When(story.With(story.First.Signpost(), "ToLine", story.Bullying)).Refused("FIELD_INVALID")
	s.When(story.First.Signpost()).Gives("HandoverSignposted").Stands("SIGNPOSTED UNSPECIFIED")
	s.When(story.Issue(story.Bullying, story.Mind)).Refused("NOT_SIGNPOSTED")
	s.Given(story.Issue(story.Bullying, story.Emergency)).When(story.Claim(story.Mind)).NoTicket("UNKNOWN")
	s.When(story.Claim(story.Emergency)).Gives("TicketClaimed").Leg(story.Bullying, story.Chat)
	h := handover.Of(s.State.Conversation).Current()
	if !h.SignpostArrived || h.SignpostLine != story.Emergency || s.State.Conversation.PendingLeg != nil {
		t.Errorf("the handover is %v", h)
	}
	s.When(story.Claim(story.Emergency)).NoTicket("USED")
	s.When(story.Answer(story.Emergency, "ola")).Refused("CONVERSATION_NOT_YOURS")
	s.Party(story.Emergency, false, false)
	s.When(s.Advance()).Gives()
}

func TestTicketsAreCounted(t *testing.T) {
	s := story.Opened(t).Given(story.Issue(story.Bullying, story.Bullying), story.Issue(story.Bullying, story.Bullying))
	if tickets := s.State.Conversation.Tickets; len(tickets) != 2 || tickets[1].Name != story.ChatName+"/tickets/2" || tickets[1].Epoch != 1 {
		t.Errorf("the tickets are %v", tickets)
	}
	// Digits may have been drawn before: the newest is meant.
	if o := s.When(story.Claim(story.Bullying)); o.Decision.Name != story.ChatName+"/tickets/2" {
		t.Errorf("it claimed %s, want the newest", o.Decision.Name)
	}
}

func TestOnlyTheNewestTicketWorks(t *testing.T) {
	newer := story.HashOf("newer")
	s := story.Opened(t).Given(story.Issue(story.Bullying, story.Bullying), story.With(story.Issue(story.Bullying, story.Bullying), "LinkHash", newer))
	s.When(story.Claim(story.Bullying)).NoTicket("REPLACED")
	s.When(story.With(story.Claim(story.Bullying), "LinkHash", newer)).Gives("TicketClaimed")
}
