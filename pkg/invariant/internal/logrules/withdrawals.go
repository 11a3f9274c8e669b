package logrules

import (
	"fmt"
	"strings"
	"time"

	"github.com/stafett/stafett/pkg/event"
	"github.com/stafett/stafett/pkg/invariant/internal/facts"
	"github.com/stafett/stafett/pkg/invariant/internal/rule"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// withdrawalTime is how long an offer may stay with a line that can no longer take the child.
const withdrawalTime = 2 * time.Second

// withdrawals checks the rest of I14: a line that is suspended, removed or closed at short notice
// while it is asked, for a child or for advice, loses its offer, and a suspended line is not asked. It can be checked where a
// history has the lines' own events.
type withdrawals struct {
	rule.Base
	suspended map[string]bool
	channels  map[string]handoverv1.Channel // of conversations
	asked     map[string]*asked             // open offers, by name
}

// asked is an open offer, or a question that nobody has accepted.
type asked struct {
	line    string
	channel handoverv1.Channel
	// shut is the commit since which its line could not take the child.
	shut *facts.Mark
}

func NewWithdrawals(f rule.Base) rule.Reader {
	return &withdrawals{f, map[string]bool{}, map[string]handoverv1.Channel{}, map[string]*asked{}}
}

func (w *withdrawals) Read(at facts.Mark, r facts.Stored) {
	id, ofLine := strings.CutPrefix(at.Subject, facts.LineSubject)
	for _, e := range r.GetEvents() {
		if ofLine {
			w.ofLine(at, id, e)
			continue
		}
		w.ofConversation(at, e)
	}
}

func (w *withdrawals) ofLine(at facts.Mark, id string, e *eventv1.Event) {
	switch kind := facts.KindOf(e).(type) {
	case *eventv1.LineSuspended:
		w.suspended[id] = true
		w.shut(at, id, nil)
	case *eventv1.LineRemoved:
		w.shut(at, id, nil)
	case *eventv1.LineClosed:
		if !at.Time.Before(kind.GetClosure().GetStartTime().AsTime()) {
			w.shut(at, id, kind.GetClosure())
		}
	case *eventv1.LineReinstated:
		w.suspended[id] = false
		w.again(id)
	case *eventv1.LineReopened, *eventv1.LinePublished:
		w.again(id)
	}
}

// shut notes that a line cannot take anybody, on the channels of a closure if there is one.
func (w *withdrawals) shut(at facts.Mark, line string, by *handoverv1.Closure) {
	for _, o := range w.asked {
		if o.line == line && o.shut == nil && (by == nil || of(by, o.channel)) {
			w.Applies()
			o.shut = &at
		}
	}
}

// again notes that a line can take children before its offers were withdrawn.
func (w *withdrawals) again(line string) {
	for _, o := range w.asked {
		if o.line == line && !w.suspended[line] {
			o.shut = nil
		}
	}
}

func (w *withdrawals) ofConversation(at facts.Mark, e *eventv1.Event) {
	conversation := "conversations/" + strings.TrimPrefix(at.Subject, facts.ConversationSubject)
	switch kind := facts.KindOf(e).(type) {
	case *eventv1.ConversationOpened:
		w.channels[conversation] = kind.GetChannel()
	case *eventv1.LegMoved:
		w.channels[conversation] = kind.GetChannel()
	case *eventv1.OfferSent:
		w.Applies()
		if w.suspended[kind.GetLine()] {
			w.Violated(at, "%q was asked while it was suspended", kind.GetLine())
		}
		w.asked[offerName(conversation, kind)] = &asked{line: kind.GetLine(), channel: w.channels[conversation]}
	case *eventv1.ConsultationAsked:
		w.Applies()
		if w.suspended[kind.GetLine()] {
			w.Violated(at, "%q was asked for advice while it was suspended", kind.GetLine())
		}
		w.asked[consultationName(conversation, kind)] = &asked{line: kind.GetLine()}
	case *eventv1.ConsultationAcknowledged, *eventv1.ConsultationAlerted:
		w.late(at, consultationName(conversation, kind.(event.OfConsultation)))
	case event.OfConsultation:
		w.late(at, consultationName(conversation, kind))
		delete(w.asked, consultationName(conversation, kind))
	case *eventv1.OfferDelivered, *eventv1.OfferAlerting, *eventv1.OfferAlerted:
		w.late(at, offerName(conversation, kind.(event.OfOffer)))
	case event.OfOffer:
		w.late(at, offerName(conversation, kind))
		delete(w.asked, offerName(conversation, kind))
	case event.OfHandover:
		if facts.Stays(kind) {
			w.forget(fmt.Sprintf("%s/handovers/%d/", conversation, kind.GetHandover()))
		}
	}
}

// consultationName names a question, which is asked on no channel: only a closure of all of them ends it.
func consultationName(conversation string, k event.OfConsultation) string {
	return fmt.Sprintf("%s/consultations/%d", conversation, k.GetConsultation())
}

func offerName(conversation string, o event.OfOffer) string {
	return fmt.Sprintf("%s/handovers/%d/offers/%d", conversation, o.GetHandover(), o.GetOffer())
}

// late reports an offer that outlived the time to withdraw it.
func (w *withdrawals) late(at facts.Mark, offer string) {
	if o := w.asked[offer]; o != nil && o.shut != nil && at.Time.After(o.shut.Time.Add(withdrawalTime)) {
		w.Late(at, "%s stayed with %q, which could not take the child since position %d", offer, o.line, o.shut.Position)
	}
}

// End finds the offers that nobody has withdrawn.
func (w *withdrawals) End() {
	for offer := range w.asked {
		w.late(facts.Mark{Time: w.Until()}, offer)
	}
}

// Forget lets go of a conversation's offers.
func (w *withdrawals) Forget(subject string) {
	conversation := "conversations/" + strings.TrimPrefix(subject, facts.ConversationSubject)
	delete(w.channels, conversation)
	w.forget(conversation + "/")
}

func (w *withdrawals) forget(prefix string) {
	for offer := range w.asked {
		if strings.HasPrefix(offer, prefix) {
			delete(w.asked, offer)
		}
	}
}
