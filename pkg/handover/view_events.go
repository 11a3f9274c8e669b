package handover

import (
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/event"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// EventsFor are the events of the append at a position that a line may see.
//
// What triage writes is the writing line's alone. Of a handover, sender and
// receiver see their part: which lines were ranked and asked is the sender's to
// know. A line that only holds the child's leg sees what it must pass on to the
// child. Words to everybody are for those who share them; words to the
// counsellors alone are the two lines' of the handover.
func EventsFor(s *State, a *eventv1.Commit, position uint64, line string) []*eventv1.Event {
	party := partyAt(s, line, position)
	if party == nil {
		return nil
	}
	own := strings.HasSuffix(a.Caller, "/line/"+line)
	return slices.DeleteFunc(redacted(s, a.Events, line), func(e *eventv1.Event) bool {
		switch what := event.What(e).(type) {
		case *eventv1.CustodyAlerted:
			return what.Line != line
		case *eventv1.SupervisorTold:
			return what.Line != line
		case *eventv1.TicketIssued:
			return !own
		case *eventv1.TicketClaimed:
			return line != s.Conversation.Custody.Line
		case *eventv1.MessageSent:
			return !mayRead(s, what, party, position)
		case numbered:
			return !mayKnow(handoverOf(s, what), what, line)
		}
		return event.Owner(e) == "triage" && !own
	})
}

// redacted are the events without the fields that a line may not know: the hashes
// of claim tickets are nobody's, and whom else a sender would ask, its own times
// and who decided for it are the sender's.
func redacted(s *State, events []*eventv1.Event, line string) []*eventv1.Event {
	shown := slices.Clone(events)
	for i, e := range events {
		shown[i] = proto.CloneOf(e)
		switch what := event.What(shown[i]).(type) {
		case *eventv1.TicketIssued:
			what.LinkHash, what.DigitsHash, what.RequestId = nil, nil, nil
		case *eventv1.HandoverProposed:
			if what.FromLine != line {
				what.Candidates, what.Deadlines = nil, nil
			}
		case *eventv1.ConsentOverridden:
			if handoverOf(s, what).GetFromLine() != line {
				what.Participant, what.SecondPerson = "", ""
			}
		}
	}
	return shown
}

func mayRead(s *State, m *eventv1.MessageSent, party *handoverv1.Party, position uint64) bool {
	if m.Audience == handoverv1.Audience_AUDIENCE_COUNSELLORS {
		h := handoverOf(s, m)
		return party.Line == h.GetFromLine() || party.Line == h.GetToLine()
	}
	return party.WordsFromPosition > 0 && position >= party.WordsFromPosition
}

// mayKnow says whether a line may see an event of a handover.
func mayKnow(h *handoverv1.Handover, what numbered, line string) bool {
	switch line {
	case h.GetFromLine():
		reported, isReport := what.(*eventv1.OutcomeReported)
		return !isReport || outcomeFor(h) == reported.Outcome
	case h.GetToLine():
		sealed, isPart := what.(*eventv1.PacketSealed)
		return concernsReceiver(what, line) && (!isPart || slices.Contains(scopes(h), sealed.Part))
	}
	return concernsChild(what)
}

// concernsReceiver leaves out what is the sender's to know: how the lines were
// ranked, which others were asked, and what it decides for itself.
func concernsReceiver(what numbered, line string) bool {
	switch what := what.(type) {
	case *eventv1.OfferAccepted:
		return what.Line == line
	case *eventv1.CancelConfirmed:
		return what.Line == line
	case numberedOffer, *eventv1.HandoverRouted, *eventv1.HopApproved,
		*eventv1.BudgetSpent, *eventv1.SenderDecided, *eventv1.DeferralDue:
		return false
	}
	return true
}

// concernsChild says whether the line that holds the child's leg must know of
// an event, to ask the child or to tell it.
func concernsChild(what numbered) bool {
	switch what.(type) {
	case *eventv1.ConsentAsked, *eventv1.ConsentReminded, *eventv1.ConsentGiven, *eventv1.ConsentRefused, *eventv1.ConsentWithdrawn,
		*eventv1.ReceiverJoined, *eventv1.BridgeOpened, *eventv1.ReceiverConfirmed, *eventv1.ChildAgreed, *eventv1.CustodyTransferred,
		*eventv1.HandoverPaused, *eventv1.HandoverResumed, *eventv1.HandoverAbandoned,
		*eventv1.HandoverDeferred, *eventv1.HandoverSignposted, *eventv1.EmergencyCalled, *eventv1.EmergencyConfirmed,
		*eventv1.HandoverReturned, *eventv1.HandoverCancelled:
		return true
	}
	return false
}

func handoverOf(s *State, what numbered) *handoverv1.Handover {
	return NumberedHandover(s.Conversation, what.GetHandover())
}
