package conversationrules

import (
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/event"
	"github.com/stafett/stafett/pkg/invariant/internal/facts"
	"github.com/stafett/stafett/pkg/invariant/internal/rule"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// twoPersons checks I19: whatever needs two persons has two valid signatures by two keys with the right
// roles, over what was the case. Whether the line had registered the keys is for a rule of the whole log.
type twoPersons struct {
	rule.Base
	*facts.Facts
	// consent is the position of the newest event of consent.
	consent uint64
	// handover is the newest one, of a sender, and due says that the sender must decide about it.
	handover uint32
	due      bool
	// took are all who ever took part, and used the signatures so far, by their keys and nonces.
	took map[facts.Person]bool
	used map[string]time.Time
}

func NewTwoPersons(f rule.Base, known *facts.Facts) rule.Walker {
	return &twoPersons{Base: f, Facts: known, took: map[facts.Person]bool{}, used: map[string]time.Time{}}
}

func (p *twoPersons) Event(s facts.Step) {
	if p.Protocol >= 2 { // before, names stood for persons
		p.needed(s)
	}
	p.follow(s)
}

// needed looks for signatures where two persons are needed.
func (p *twoPersons) needed(s facts.Step) {
	switch k := s.Kind.(type) {
	case *eventv1.ConsentOverridden:
		p.signed(s, "OverrideConsent", p.Handover(k.GetHandover()).From, k.GetParticipant(), k.GetSecondPerson(), k.GetPersons())
	case *eventv1.EmergencyEnded:
		p.signed(s, "EndEmergency", k.GetLine(), k.GetParticipant(), k.GetSecondPerson(), k.GetPersons())
	case *eventv1.HopApproved:
		p.signed(s, "DecideHop", p.Handover(k.GetHandover()).From, "", k.GetSupervisor(), k.GetPersons())
	case *eventv1.HandoverDeferred:
		p.inDanger(s, "DeferHandover", k.GetPersons())
	case *eventv1.HandoverSignposted:
		p.inDanger(s, "SignpostHandover", k.GetPersons())
	case *eventv1.ConversationClosed:
		p.closes(s, k)
	}
}

func (p *twoPersons) inDanger(s facts.Step, command string, proof *handoverv1.TwoPersons) {
	if p.InDanger() {
		p.signed(s, command, p.Holder, "", "", proof)
	}
}

func (p *twoPersons) closes(s facts.Step, k *eventv1.ConversationClosed) {
	if p.InDanger() || p.due {
		p.signed(s, "CloseConversation", p.Holder, "", "", k.GetPersons())
	}
	if k.GetReason() == handoverv1.CloseReason_CLOSE_REASON_CHILD_LEFT && p.Present.ChildHere() {
		p.Violated(s.Mark, "the conversation was closed because the child left, and the child was there")
	}
}

// follow keeps what later signatures are compared with.
func (p *twoPersons) follow(s facts.Step) {
	switch k := s.Kind.(type) {
	case *eventv1.ParticipantJoined:
		p.took[facts.Person{Line: k.GetLine(), ID: k.GetParticipant()}] = true
	case *eventv1.ConsentAsked, *eventv1.ConsentGiven, *eventv1.ConsentRefused, *eventv1.ConsentWithdrawn, *eventv1.ConsentOverridden:
		p.consent = s.Position
	case *eventv1.ReceiverJoined:
		p.took[facts.Person{Line: k.GetLine(), ID: k.GetParticipant()}] = true
	case *eventv1.HandoverProposed:
		p.handover = k.GetHandover()
	}
	p.decides(s.Kind)
}

// decides follows whether the sender of the newest handover must decide how to go on.
func (p *twoPersons) decides(kind proto.Message) {
	if k, ok := kind.(*eventv1.CustodyTransferred); ok && k.GetReason() != 0 {
		p.due = false // whoever was to decide has lost custody
	}
	if of, ok := kind.(event.OfHandover); !ok || of.GetHandover() != p.handover {
		return
	}
	switch k := kind.(type) {
	case *eventv1.HandoverReturned:
		p.due = k.GetDecisionDeadline() != nil
	case *eventv1.BudgetSpent, *eventv1.DeferralDue, *eventv1.PromiseLost:
		p.due = true
	case *eventv1.SupervisorTold, *eventv1.OfferWithdrawn, *eventv1.MessageSent:
	default:
		p.due = false
	}
}
