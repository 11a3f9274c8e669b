package view

import (
	"slices"
	"strings"

	"github.com/stafett/stafett/pkg/event"
	"github.com/stafett/stafett/pkg/handover"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	statev1 "github.com/stafett/stafett/proto/stafett/state/v1"
)

// Events returns the events of the commit at a position as a line sees them.
//
// Events of triage are shown to the line that caused them. Sender and receiver each see
// their part of a handover: only the sender learns which lines were ranked and asked. A
// line that only holds the child's leg sees what it must pass on to the child. Messages
// to everybody are shown to those who share them; messages to the counsellors only, to
// the two lines of the handover.
func Events(s *handover.State, a *eventv1.Commit, position uint64, line string) []*eventv1.Event {
	party := handover.PartiesOf(s).At(line, position)
	if party == nil {
		return nil
	}
	w := watcher{handover.Of(s.Conversation), line, party, position, strings.HasSuffix(a.Caller, "/line/"+line)}
	var shown []*eventv1.Event
	for _, e := range a.Events {
		if w.sees(e) {
			shown = append(shown, w.built(e))
		}
	}
	return shown
}

// watcher is a line that watches a conversation, at a single commit.
type watcher struct {
	conversation handover.Conversation
	line         string
	party        *statev1.Party
	position     uint64
	caused       bool // the commit is the line's own
}

func (w watcher) sees(e *eventv1.Event) bool {
	switch what := event.What(e).(type) {
	case nil: // an unknown kind: shows that it happened, but not what
		return true
	case *eventv1.CustodyAlerted:
		return what.Line == w.line
	case *eventv1.SupervisorTold:
		return what.Line == w.line
	case *eventv1.DisappearanceDecided:
		return what.Line == w.line || w.line == w.conversation.Custody.Line
	case *eventv1.TicketIssued:
		return w.caused
	case *eventv1.TicketClaimed:
		return w.line == w.conversation.Custody.Line
	case *eventv1.MessageSent:
		return w.mayRead(what)
	case *eventv1.AccessGranted:
		return what.Giver == w.line || what.Receiver == w.line
	case *eventv1.EmergencyOverdue:
		return what.Handover == 0 || w.mayKnow(w.handover(what), what)
	case event.OfConsultation:
		return w.conversation.Consultation(what.GetConsultation()).GetFromLine() == w.line
	case event.OfHandover:
		return w.mayKnow(w.handover(what), what)
	}
	return event.Owner(e) != "triage" || w.caused
}

func (w watcher) mayRead(m *eventv1.MessageSent) bool {
	if m.Audience == handoverv1.Audience_AUDIENCE_COUNSELLORS {
		h := w.handover(m)
		return w.line == h.GetFromLine() || w.line == h.GetToLine()
	}
	return w.party.WordsFromPosition > 0 && w.position >= w.party.WordsFromPosition
}

// mayKnow reports whether the line sees an event of a handover.
func (w watcher) mayKnow(h handover.Handover, what event.OfHandover) bool {
	switch w.line {
	case h.GetFromLine():
		reported, isReport := what.(*eventv1.OutcomeReported)
		return !isReport || outcome(h) == reported.Outcome
	case h.GetToLine():
		sealed, isPart := what.(*eventv1.PacketSealed)
		return concernsReceiver(what, w.line) && (!isPart || opens(h, sealed))
	}
	return concernsChild(what)
}

// opens reports whether the receiver may open a sealed part.
func opens(h handover.Handover, sealed *eventv1.PacketSealed) bool {
	part := &handoverv1.PacketPart{Part: sealed.Part, Commitment: sealed.Commitment}
	return slices.ContainsFunc(h.OpenParts(), func(open *handoverv1.PacketPart) bool { return handover.SamePart(open, part) })
}

func (w watcher) handover(what event.OfHandover) handover.Handover {
	return w.conversation.Handover(what.GetHandover())
}

// concernsReceiver leaves out what only the sender may know: how the lines were ranked,
// which others were asked, and what the sender decides for itself.
func concernsReceiver(what event.OfHandover, line string) bool {
	switch what := what.(type) {
	case *eventv1.OfferAccepted:
		return what.Line == line
	case *eventv1.OfferGivenBack:
		return true
	case *eventv1.CancelConfirmed:
		return what.Line == line
	case event.OfOffer, *eventv1.HandoverRouted, *eventv1.HopApproved,
		*eventv1.BudgetSpent, *eventv1.SenderDecided, *eventv1.DeferralDue, *eventv1.PromiseLost:
		return false
	}
	return true
}

// concernsChild reports whether the line that holds the child's leg must know of an
// event, to ask or tell the child.
func concernsChild(what event.OfHandover) bool {
	switch what.(type) {
	case *eventv1.ConsentAsked, *eventv1.ConsentReminded, *eventv1.ConsentGiven, *eventv1.ConsentRefused, *eventv1.ConsentWithdrawn,
		*eventv1.ReceiverJoined, *eventv1.SenderLost, *eventv1.BridgeOpened, *eventv1.ReceiverConfirmed, *eventv1.ChildAgreed, *eventv1.CustodyTransferred, *eventv1.StayAsked,
		*eventv1.HandoverPaused, *eventv1.HandoverResumed, *eventv1.HandoverAbandoned,
		*eventv1.HandoverDeferred, *eventv1.HandoverSignposted, *eventv1.EmergencyCalled, *eventv1.EmergencyConfirmed,
		*eventv1.HandoverReturned, *eventv1.HandoverCancelled:
		return true
	}
	return false
}
