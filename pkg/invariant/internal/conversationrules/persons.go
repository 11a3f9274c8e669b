package conversationrules

import (
	"slices"

	"github.com/stafett/stafett/pkg/invariant/internal/facts"
	"github.com/stafett/stafett/pkg/invariant/internal/rule"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// persons checks, of VOICE, the persons whom an event names, and what they may say: the child is
// nobody's second person, words pass only between lines that share the child, an outcome says no
// more than the child allowed.
type persons struct {
	rule.Base
	*facts.Facts
}

func NewPersons(f rule.Base, known *facts.Facts) rule.Walker { return &persons{f, known} }

func (p *persons) Event(s facts.Step) {
	if fault := p.fault(s); fault != "" {
		p.Violated(s.Mark, "%s %s", s.Kind.ProtoReflect().Descriptor().Name(), fault)
	}
}

func (p *persons) fault(s facts.Step) string {
	switch k := s.Kind.(type) {
	case *eventv1.ConsentGiven:
		return unless(p.heard(k), "without the counsellor who heard it over the phone, or though it was written")
	case *eventv1.ConsentOverridden:
		return notTwo(p.Facts, p.Handover(k.GetHandover()).From, k.GetParticipant(), k.GetSecondPerson())
	case *eventv1.EmergencyEnded:
		return notTwo(p.Facts, k.GetLine(), k.GetParticipant(), k.GetSecondPerson())
	case *eventv1.HopApproved:
		return unless(!isChild(p.Facts, p.Handover(k.GetHandover()).From, k.GetSupervisor()), "by the child")
	case *eventv1.EmergencyCalled:
		return unless(k.GetParticipant() != "" && !isChild(p.Facts, k.GetLine(), k.GetParticipant()), "by nobody, or by the child")
	case *eventv1.AgreementAttested:
		return unless(k.GetReason() != 0, "for no reason")
	case *eventv1.BridgeOpened:
		return unless(k.GetChildParticipant() == p.Present.Child.ID, "with another child")
	case *eventv1.LegMoved:
		return unless(k.GetParticipant() == "" || p.Present.Counsellor(k.GetLine(), k.GetParticipant()), "to somebody who is not there")
	case *eventv1.AccessGranted:
		o := p.Offers[facts.OfferKey{Handover: k.GetHandover(), Offer: k.GetAcceptedOffer()}]
		return unless(o != nil && o.Accepted && k.GetEpoch() <= p.Epoch, "for an offer that nobody accepted, or a later custody")
	case *eventv1.OutcomeReported:
		return p.outcome(k)
	case *eventv1.MessageSent:
		return unless(p.mayWrite(k), "by a line that does not share the conversation")
	}
	return ""
}

// heard tells whether a yes over the phone says which counsellor heard it, and one in writing none. Earlier histories
// did not say.
func (p *persons) heard(k *eventv1.ConsentGiven) bool {
	if k.GetOrigin() == 0 {
		return k.GetHeardBy()+k.GetHeardLine() == "" && (!p.OnPhone() || p.Protocol < 4 || p.Unmanned() != nil)
	}
	near := k.GetHeardLine() == p.Leg || k.GetHeardLine() == p.Holder
	return p.OnPhone() && near && p.Present.Counsellor(k.GetHeardLine(), k.GetHeardBy())
}

// notTwo tells why two names are not two persons of a line.
func notTwo(f *facts.Facts, line, first, second string) string {
	switch {
	case first == "" || second == "" || first == second:
		return "by one person"
	case isChild(f, line, first) || isChild(f, line, second):
		return "by the child"
	}
	return ""
}

func isChild(f *facts.Facts, line, id string) bool {
	return f.Present.Child == facts.Person{Line: line, ID: id}
}

// silent are the outcomes that say nothing of the child.
var silent = []handoverv1.Outcome{
	handoverv1.Outcome_OUTCOME_ONGOING, handoverv1.Outcome_OUTCOME_CHILD_LEFT, handoverv1.Outcome_OUTCOME_NO_CONTACT, handoverv1.Outcome_OUTCOME_MISSING,
}

func (p *persons) outcome(k *eventv1.OutcomeReported) string {
	allowed := slices.Contains(p.Handover(k.GetHandover()).Given, handoverv1.Scope_SCOPE_FEEDBACK_OUTCOME)
	return unless(allowed || slices.Contains(silent, k.GetOutcome()), "without the child's consent to it")
}

// mayWrite tells whether the platform passes on a line's words.
func (p *persons) mayWrite(k *eventv1.MessageSent) bool {
	if p.Sharing(k.GetLine()) {
		return true
	}
	if k.GetAudience() == handoverv1.Audience_AUDIENCE_COUNSELLORS {
		return p.Briefing(k.GetLine())
	}
	return p.Leg != p.Holder && (k.GetLine() == p.Leg || k.GetLine() == p.Holder)
}
