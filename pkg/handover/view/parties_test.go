package view_test

import (
	"testing"
	"time"

	"github.com/stafett/stafett/pkg/handover/command"
	"github.com/stafett/stafett/pkg/handover/decide"
	"github.com/stafett/stafett/pkg/handover/view"
	"github.com/stafett/stafett/pkg/internal/story"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

func TestEntryLineIsAPartyFromTheFirstEvent(t *testing.T) {
	s := story.Begin(t).Given(story.OpenConversation())
	s.Party(story.Bullying, true, true)
	s.Party(story.Emergency, false, false)
	s.Shows(story.Bullying, "", "ConversationOpened", "CustodyOpened", "ParticipantJoined")
	s.Shows(story.Emergency, "")
}

func TestPartiesByState(t *testing.T) {
	for state := range story.States {
		s := story.At(t, state)
		accepted := story.StateOf(state) >= story.StateOf("ACCEPTED") && !story.Never(state)
		failed := story.StateOf(state) > story.StateOf("CLOSED")
		s.Party(story.Bullying, true, true) // it has custody, and then the child's leg
		s.Party(story.Emergency, accepted && !failed, accepted)
		s.Party(story.Mind, false, false)
	}
}

func TestLineThatDeclinedIsNeverAParty(t *testing.T) {
	s := story.At(t, "OFFERED").Given(story.First.Decline(), story.First.AcceptBy(story.Mind, 2))
	s.Party(story.Emergency, false, false)
	s.Shows(story.Emergency, "")
	s.Party(story.Mind, true, true)
	if _, err := view.Conversation(s.State, story.Emergency); err == nil {
		t.Error("it has a view")
	}
}

func TestLineThatWasOutrunIsNeverAParty(t *testing.T) {
	s := story.Routed(t, story.Imminent, story.Emergency, story.Mind)
	s.Given(s.Advance(), story.First.AcceptBy(story.Mind, 2))
	s.Party(story.Emergency, false, false)
	s.Shows(story.Emergency, "")
	s.Shows(story.Mind, "", "OfferAccepted")
}

func TestReceiverSeesFromItsAcceptanceOn(t *testing.T) {
	story.At(t, "BRIDGED").Shows(story.Emergency, "", "OfferAccepted", "ReceiverJoined", "BriefingStarted", "BridgeOpened")
	story.At(t, "CANCELLED").Given(story.Comes(story.Bullying, "per")).
		Shows(story.Emergency, "", "OfferAccepted", "ReceiverJoined", "BriefingStarted", "HandoverCancelled")
	story.At(t, "RETURNED").Given(story.Comes(story.Bullying, "per")).
		Shows(story.Emergency, "", "OfferAccepted", "ReceiverJoined", "BriefingStarted", "ParticipantLeft", "HandoverReturned")
}

func TestSenderSeesItsOffersAndRouting(t *testing.T) {
	story.At(t, "OFFERED").Given(story.First.Decline(), story.First.AcceptBy(story.Mind, 2)).
		Shows(story.Bullying, "ConsentGiven", "ConsentGiven", "HandoverRouted", "OfferSent", "OfferDeclined", "OfferSent", "OfferAccepted")
}

// TestFormerSenderSeesWhatItMustRelay: it holds the child's leg, and has nothing
// to do with what triage writes or whom the receiver asks.
func TestFormerSenderSeesWhatItMustRelay(t *testing.T) {
	s := story.Again(t, story.Second, "PROPOSED").Given(story.Tags(story.Emergency), story.Risk(story.Emergency, story.Imminent),
		command.RecordDuty{Line: story.Emergency, Decision: handoverv1.DutyDecision_DUTY_DECISION_REPORTED},
		story.Writes(story.Emergency, "ola", story.All), story.Second.Ask(), story.Second.Give(story.Intro))
	s.Given(s.Advance(), story.Second.Accept(), story.Second.Join())
	s.Shows(story.Bullying, "MessageSent", "MessageSent", "ConsentAsked", "ConsentGiven", "ReceiverJoined")
	s.Shows(story.Emergency, "ConversationTagged", "ConversationTagged", "HandoverRecommended", "RiskAssessed", "DutyRecorded",
		"MessageSent", "ConsentAsked", "ConsentGiven", "HandoverRouted", "OfferSent", "OfferAccepted", "ReceiverJoined")
	s.Shows(story.Mind, "", "OfferAccepted", "ReceiverJoined")
}

func TestSenderWithoutTheLegIsGoneWhenItLeft(t *testing.T) {
	s := story.Again(t, story.Second, "AWAITING_OUTCOME")
	s.Party(story.Emergency, false, true)
	s.Party(story.Bullying, true, true)
	s.Party(story.Mind, true, true)
	s.Given(story.Second.Report()).Shows(story.Emergency, "SenderLeft", "SenderLeft", "OutcomeReported", "HandoverProposed", "PacketSealed",
		"ConsentAsked", "ConsentGiven", "HandoverRouted", "OfferSent", "OfferAccepted", "ReceiverJoined", "BriefingStarted",
		"BridgeOpened", "ReceiverConfirmed", "AgreementAttested", "CustodyTransferred", "SenderLeft")
}

func TestPartiesEndWithTheConversation(t *testing.T) {
	s := story.At(t, "CLOSED").Given(story.Closes(story.Emergency),
		command.RecordDuty{Line: story.Emergency, Decision: handoverv1.DutyDecision_DUTY_DECISION_REPORTED})
	s.Party(story.Bullying, false, true)
	s.Party(story.Emergency, false, true)
	s.Shows(story.Emergency, "ConversationClosed", "ConversationClosed", "CustodyClosed")
}

func TestLineWithTheLegNeverStopsBeingAParty(t *testing.T) {
	s := story.Opened(t)
	s.Rank = story.Plan(story.Emergency)
	s.To(story.First, story.StateOf("CLOSED")).Wait(time.Hour)
	s.Rank = story.Plan(story.Bullying)
	s.To(story.Back, story.StateOf("CLOSED"))
	s.Party(story.Emergency, false, true)
	s.Party(story.Bullying, true, true)
	if n := len(s.State.Parties); n != 2 {
		t.Errorf("%d windows, want one for each line: the first never left, it held the leg", n)
	}
}

func TestEventOfUnknownKindIsNoSecret(t *testing.T) {
	s := story.At(t, "BRIDGED")
	a := &eventv1.Commit{Caller: "spiffe://stafett.test/line/" + story.Bullying, Events: []*eventv1.Event{{}}}
	if n := len(view.Events(s.State, a, s.State.HeadPosition, story.Emergency)); n != 1 {
		t.Errorf("%d events, want the one that this program does not know", n)
	}
}

// TestWordsOfASecondHandover: the child's leg is relayed to the line with
// custody, which hands over again. The next receiver reads no words before it is
// on the bridge, writes none to the child, and the line that relays reads none
// that are for the counsellors alone.
func TestWordsOfASecondHandover(t *testing.T) {
	s := story.Opened(t)
	s.Rank = story.Plan(story.Emergency)
	s.To(story.First, story.StateOf("CLOSED"))
	s.Rank = story.Plan(story.Mind)
	s.Given(story.Second.Propose(), story.Second.Ask(), story.Second.Give(story.Intro), s.Advance())
	s.Given(story.Second.Accept(), story.Second.Join())
	say := func(line, who string, to handoverv1.Audience) decide.Command {
		return command.SendMessage{Line: line, Participant: who, Audience: to, Commitment: make([]byte, 32), SizeBucket: 256}
	}
	words := func(line string) (n int) {
		for _, kind := range s.Sees(line) {
			if kind == "MessageSent" {
				n++
			}
		}
		return n
	}
	relaying, had := words(story.Bullying), words(story.Emergency)
	s.Given(say(story.Emergency, story.Second.Sender, story.All))
	s.When(say(story.Mind, story.Second.Receiver, story.All)).Refused("NOT_RELAYED")
	s.Given(story.Second.Brief(), say(story.Emergency, story.Second.Sender, story.Counsellors))
	if got := words(story.Mind); got != 1 {
		t.Errorf("before the bridge the receiver reads %d messages, want the one to the counsellors", got)
	}
	s.Given(story.Second.Bridge(), say(story.Mind, story.Second.Receiver, story.All))
	if r, e, m := words(story.Bullying)-relaying, words(story.Emergency)-had, words(story.Mind); r != 2 || e != 3 || m != 2 {
		t.Errorf("relaying line %d, sender %d, receiver %d; want 2, 3 and 2 messages", r, e, m)
	}
}
