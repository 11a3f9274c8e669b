package conversationrules

import (
	"slices"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/stafett/stafett/pkg/event"
	"github.com/stafett/stafett/pkg/invariant/internal/facts"
	"github.com/stafett/stafett/pkg/invariant/internal/rule"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// once checks, of ORDER, that what happens once is not recorded twice: a step of a handover, what a
// line did with an offer, an alert, somebody's coming and going, the number of a message.
type once struct {
	rule.Base
	*facts.Facts
	// seen is the position of the newest event of each kind.
	seen     map[happened]uint64
	left     map[facts.Person]bool
	messages uint32
	newest   uint32            // handover
	overdue  map[uint32]uint32 // by handover
}

// happened is a kind of event in a handover, or of an offer.
type happened struct {
	facts.OfferKey
	kind protoreflect.Name
}

var (
	// steps are taken once in a handover, and notices are given once by an offer's line.
	steps = []protoreflect.Name{
		"ConsentAsked", "ConsentReminded", "ConsentGiven", "ConsentOverridden", "HandoverRouted", "HandoverHastened", "ReceiverJoined",
		"BriefingStarted", "BridgeOpened", "ReceiverConfirmed", "ChildAgreed", "AgreementAttested", "BudgetSpent", "SenderLeft", "HopApproved",
		"StayAsked", "OfferDelivered", "OfferAlerting", "ConversationOpened",
	}
	// repeated are those that come again, but not twice at once.
	repeated = []protoreflect.Name{"OverlapExtended", "SenderLost", "CustodyAlerted", "EmergencyOverdue", "ConsentWithdrawn"}
	// retaken are the steps that the next receiver takes again.
	retaken = []protoreflect.Name{"ReceiverJoined", "BriefingStarted", "BridgeOpened", "BudgetSpent"}
)

func NewOnce(f rule.Base, known *facts.Facts) rule.Walker {
	return &once{Base: f, Facts: known, seen: map[happened]uint64{}, left: map[facts.Person]bool{}, overdue: map[uint32]uint32{}}
}

func (o *once) Event(s facts.Step) {
	about := happenedBy(s.Kind)
	at, before := o.seen[about]
	if before && (slices.Contains(steps, about.kind) || slices.Contains(repeated, about.kind) && at == s.Position) {
		o.Violated(s.Mark, "%s came twice", about.kind)
	}
	o.seen[about] = s.Position
	switch k := s.Kind.(type) {
	case *eventv1.OfferGivenBack:
		o.again(k.GetHandover(), retaken...)
	case *eventv1.RiskAssessed:
		if k.GetLevel() != handoverv1.RiskLevel_RISK_LEVEL_R4 {
			o.again(o.newest, "HandoverHastened") // it may rise once more
		}
	case *eventv1.HandoverProposed:
		o.newest = k.GetHandover()
	case *eventv1.SenderDecided:
		o.again(k.GetHandover(), "BudgetSpent")
	case *eventv1.OutcomeOverdue:
		if o.overdue[k.GetHandover()]++; k.GetEscalation() != o.overdue[k.GetHandover()] {
			o.Violated(s.Mark, "the outcome was missed for time %d where %d is due", k.GetEscalation(), o.overdue[k.GetHandover()])
		}
	case *eventv1.MessageSent:
		if o.messages++; k.GetMessage() != o.messages {
			o.Violated(s.Mark, "message %d came where %d is due", k.GetMessage(), o.messages)
		}
	}
	o.moves(s)
}

// happenedBy is what an event tells of.
func happenedBy(kind proto.Message) happened {
	about := happened{kind: kind.ProtoReflect().Descriptor().Name()}
	about.Handover = event.Handover(kind)
	if k, ok := kind.(event.OfOffer); ok {
		about.Offer = k.GetOffer()
	}
	return about
}

func (o *once) again(handover uint32, kinds ...protoreflect.Name) {
	for about := range o.seen {
		if about.Handover == handover && slices.Contains(kinds, about.kind) {
			delete(o.seen, about)
		}
	}
}

// moves looks at somebody who comes and goes.
func (o *once) moves(s facts.Step) {
	switch k := s.Kind.(type) {
	case *eventv1.ParticipantJoined:
		who := facts.Person{Line: k.GetLine(), ID: k.GetParticipant()}
		if o.Present.Here(who) {
			o.Violated(s.Mark, "%q of %q joined and was there", who.ID, who.Line)
		}
		delete(o.left, who)
	case *eventv1.ReceiverJoined:
		delete(o.left, facts.Person{Line: k.GetLine(), ID: k.GetParticipant()})
	case *eventv1.LegMoved:
		delete(o.left, facts.Person{Line: k.GetLine(), ID: o.Present.Child.ID})
	case *eventv1.ParticipantLeft:
		who := facts.Person{Line: k.GetLine(), ID: k.GetParticipant()}
		if o.left[who] {
			o.Violated(s.Mark, "%q of %q left and had left", who.ID, who.Line)
		}
		o.left[who] = true
	case *eventv1.ParticipantDisconnected:
		if who := (facts.Person{Line: k.GetLine(), ID: k.GetParticipant()}); !o.Present.Here(who) {
			o.Violated(s.Mark, "%q of %q was cut off and was not there", who.ID, who.Line)
		}
	}
}
