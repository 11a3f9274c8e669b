package handover_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stafett/stafett/pkg/event"
	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/view"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// sees is what a line is shown of the whole history, as the intake service
// streams it.
func (s *story) sees(line string) []string {
	var kinds []string
	for _, r := range s.history {
		if handover.MaySee(s.state, line, r.Position) {
			kinds = append(kinds, event.Names(view.Events(s.state, r.Commit, r.Position, line))...)
		}
	}
	return kinds
}

// shows expects the kinds of events that a line is shown from the first of a kind
// on; from none, nothing at all.
func (s *story) shows(line, from string, want ...string) {
	s.t.Helper()
	kinds := s.sees(line)
	for len(kinds) > 0 && kinds[0] != from {
		if from == "" {
			break
		}
		kinds = kinds[1:]
	}
	if got := strings.Join(kinds, " "); got != strings.Join(want, " ") {
		s.t.Errorf("%s is shown %q from %q on, want %q", line, got, from, strings.Join(want, " "))
	}
}

// party expects whether a line may see what happens now, and could before.
func (s *story) party(line string, is, was bool) {
	s.t.Helper()
	if got := handover.IsParty(s.state, line); got != is {
		s.t.Errorf("%s is a party: %t, want %t", line, got, is)
	}
	if got := handover.WasParty(s.state, line); got != was {
		s.t.Errorf("%s is or was a party: %t, want %t", line, got, was)
	}
}

func TestEntryLineIsAPartyFromTheFirstEvent(t *testing.T) {
	s := begin(t).given(openConversation())
	s.party(bullying, true, true)
	s.party(emergency, false, false)
	s.shows(bullying, "", "ConversationOpened", "CustodyOpened", "ParticipantJoined")
	s.shows(emergency, "")
}

func TestPartiesByState(t *testing.T) {
	for state := range states {
		s := at(t, state)
		accepted := stateOf(state) >= stateOf("ACCEPTED") && !never(state)
		failed := stateOf(state) > stateOf("CLOSED")
		s.party(bullying, true, true) // it has custody, and then the child's leg
		s.party(emergency, accepted && !failed, accepted)
		s.party(mind, false, false)
	}
}

func TestLineThatDeclinedIsNeverAParty(t *testing.T) {
	s := at(t, "OFFERED").given(first.decline(), first.acceptBy(mind, 2))
	s.party(emergency, false, false)
	s.shows(emergency, "")
	s.party(mind, true, true)
	if _, err := view.Conversation(s.state, emergency); err == nil {
		t.Error("it has a view")
	}
}

func TestLineThatWasOutrunIsNeverAParty(t *testing.T) {
	s := routed(t, imminent, emergency, mind)
	s.given(s.advance(), first.acceptBy(mind, 2))
	s.party(emergency, false, false)
	s.shows(emergency, "")
	s.shows(mind, "", "OfferAccepted")
}

func TestReceiverSeesFromItsAcceptanceOn(t *testing.T) {
	at(t, "BRIDGED").shows(emergency, "", "OfferAccepted", "ReceiverJoined", "BriefingStarted", "BridgeOpened")
	at(t, "CANCELLED").given(comes(bullying, "per")).
		shows(emergency, "", "OfferAccepted", "ReceiverJoined", "BriefingStarted", "HandoverCancelled")
	at(t, "RETURNED").given(comes(bullying, "per")).
		shows(emergency, "", "OfferAccepted", "ReceiverJoined", "BriefingStarted", "ParticipantLeft", "HandoverReturned")
}

func TestSenderSeesItsOffersAndRouting(t *testing.T) {
	at(t, "OFFERED").given(first.decline(), first.acceptBy(mind, 2)).
		shows(bullying, "ConsentGiven", "ConsentGiven", "HandoverRouted", "OfferSent", "OfferDeclined", "OfferSent", "OfferAccepted")
}

func tags(line string) handover.Command {
	return handover.TagConversation{Line: line, Add: []string{"V.physical"}, Recommend: recommend(&handoverv1.Recommendation{})}
}

// TestFormerSenderSeesWhatItMustRelay: it holds the child's leg, and has nothing
// to do with what triage writes or whom the receiver asks.
func TestFormerSenderSeesWhatItMustRelay(t *testing.T) {
	s := again(t, second, "PROPOSED").given(tags(emergency), risk(emergency, imminent),
		handover.RecordDuty{Line: emergency, Decision: handoverv1.DutyDecision_DUTY_DECISION_REPORTED},
		writes(emergency, "ola", all), second.ask(), second.give(intro))
	s.given(s.advance(), second.accept(), second.join())
	s.shows(bullying, "MessageSent", "MessageSent", "ConsentAsked", "ConsentGiven", "ReceiverJoined")
	s.shows(emergency, "ConversationTagged", "ConversationTagged", "HandoverRecommended", "RiskAssessed", "DutyRecorded",
		"MessageSent", "ConsentAsked", "ConsentGiven", "HandoverRouted", "OfferSent", "OfferAccepted", "ReceiverJoined")
	s.shows(mind, "", "OfferAccepted", "ReceiverJoined")
}

func TestSenderWithoutTheLegIsGoneWhenItLeft(t *testing.T) {
	s := again(t, second, "AWAITING_OUTCOME")
	s.party(emergency, false, true)
	s.party(bullying, true, true)
	s.party(mind, true, true)
	s.given(second.report()).shows(emergency, "SenderLeft", "SenderLeft", "OutcomeReported", "HandoverProposed", "PacketSealed",
		"ConsentAsked", "ConsentGiven", "HandoverRouted", "OfferSent", "OfferAccepted", "ReceiverJoined", "BriefingStarted",
		"BridgeOpened", "ReceiverConfirmed", "AgreementAttested", "CustodyTransferred", "SenderLeft")
}

func TestPartiesEndWithTheConversation(t *testing.T) {
	s := at(t, "CLOSED").given(closes(emergency),
		handover.RecordDuty{Line: emergency, Decision: handoverv1.DutyDecision_DUTY_DECISION_REPORTED})
	s.party(bullying, false, true)
	s.party(emergency, false, true)
	s.shows(emergency, "ConversationClosed", "ConversationClosed", "CustodyClosed")
}

func TestLineWithTheLegNeverStopsBeingAParty(t *testing.T) {
	s := opened(t)
	s.rank = plan(emergency)
	s.to(first, stateOf("CLOSED")).wait(time.Hour)
	s.rank = plan(bullying)
	s.to(back, stateOf("CLOSED"))
	s.party(emergency, false, true)
	s.party(bullying, true, true)
	if n := len(s.state.Parties); n != 2 {
		t.Errorf("%d windows, want one for each line: the first never left, it held the leg", n)
	}
}

func TestEventOfUnknownKindIsNoSecret(t *testing.T) {
	s := at(t, "BRIDGED")
	a := &eventv1.Commit{Caller: "spiffe://stafett.test/line/" + bullying, Events: []*eventv1.Event{{}}}
	if n := len(view.Events(s.state, a, s.state.HeadPosition, emergency)); n != 1 {
		t.Errorf("%d events, want the one that this program does not know", n)
	}
}

// TestWordsOfASecondHandover: the child's leg is relayed to the line with
// custody, which hands over again. The next receiver reads no words before it is
// on the bridge, writes none to the child, and the line that relays reads none
// that are for the counsellors alone.
func TestWordsOfASecondHandover(t *testing.T) {
	s := opened(t)
	s.rank = plan(emergency)
	s.to(first, stateOf("CLOSED"))
	s.rank = plan(mind)
	s.given(second.propose(), second.ask(), second.give(intro), s.advance())
	s.given(second.accept(), second.join())
	say := func(line, who string, to handoverv1.Audience) handover.Command {
		return handover.SendMessage{Line: line, Participant: who, Audience: to, Commitment: make([]byte, 32)}
	}
	words := func(line string) (n int) {
		for _, kind := range s.sees(line) {
			if kind == "MessageSent" {
				n++
			}
		}
		return n
	}
	relaying, had := words(bullying), words(emergency)
	s.given(say(emergency, second.sender, all))
	s.when(say(mind, second.receiver, all)).refused("NOT_RELAYED")
	s.given(second.brief(), say(emergency, second.sender, counsellors))
	if got := words(mind); got != 1 {
		t.Errorf("before the bridge the receiver reads %d messages, want the one to the counsellors", got)
	}
	s.given(second.bridge(), say(mind, second.receiver, all))
	if r, e, m := words(bullying)-relaying, words(emergency)-had, words(mind); r != 2 || e != 3 || m != 2 {
		t.Errorf("relaying line %d, sender %d, receiver %d; want 2, 3 and 2 messages", r, e, m)
	}
}
