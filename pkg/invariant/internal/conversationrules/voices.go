package conversationrules

import (
	"strings"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/stafett/stafett/pkg/event"
	"github.com/stafett/stafett/pkg/invariant/internal/facts"
	"github.com/stafett/stafett/pkg/invariant/internal/rule"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// voice is a set of those who may cause an event.
type voice int

const (
	// own is the line that the event names.
	own voice = 1 << iota
	// holder has custody, and leg the child's leg: it speaks for the child.
	holder
	leg
	// sender hands over, receiver has accepted, asked is being asked.
	sender
	receiver
	asked
	// withChild shares the child, or is alone with it.
	withChild
	// party is any line that takes part, where an event only follows from another.
	party
	// platform acts by itself.
	platform
)

// voices are who may cause each kind of event of a conversation.
var voices = map[protoreflect.Name]voice{
	"ConversationOpened": own, "CustodyOpened": own,
	"ParticipantJoined": own, "ParticipantLeft": own, "ParticipantDisconnected": own,
	"MessageSent": own, "DutyRecorded": own, "ConversationClosed": holder, "CustodyClosed": holder,
	"ConversationCorrected": holder, "ConversationTagged": holder, "RiskAssessed": holder, "HandoverRecommended": holder, "RecommendationWithdrawn": holder,

	"HandoverProposed": holder, "HopApproved": sender, "PacketSealed": sender, "ConsentAsked": sender, "ConsentOverridden": sender,
	"ConsentGiven": leg, "ConsentRefused": leg, "ConsentWithdrawn": leg, "ConsentReminded": platform,

	"HandoverRouted": platform, "OfferSent": party | platform, "OfferDelivered": asked, "OfferAlerting": asked,
	"OfferAlerted": platform, "OfferAccepted": asked, "OfferDeclined": asked, "OfferGivenBack": asked,
	"OfferTimedOut": platform, "OfferUnreachable": platform, "OfferWithdrawn": party | platform, "HandoverHastened": platform,

	"AccessGranted": sender | receiver, "PacketOpened": own, "ReceiverJoined": receiver, "BriefingStarted": sender,
	"DoorClosed": platform, "DoorOpened": platform, "BridgeOpened": sender | receiver | platform, "SenderLost": platform, "ReceiverConfirmed": receiver, "ChildAgreed": leg,
	"AgreementAttested": sender, "CustodyTransferred": sender | receiver | leg | platform, "StayAsked": leg, "OverlapExtended": platform,
	"SenderLeft": party | platform, "OutcomeReported": receiver | platform, "OutcomeOverdue": platform,

	"HandoverReturned": party | platform, "BudgetSpent": platform, "SenderDecided": sender, "HandoverCancelled": sender,
	"CancelConfirmed": own, "HandoverPaused": platform, "HandoverResumed": platform, "HandoverAbandoned": platform,
	"HandoverDeferred": sender, "DeferralDue": platform, "PromiseLost": platform, "HandoverSignposted": sender,
	"SupervisorTold": party | platform, "CustodyAlerted": platform, "DisappearanceDecided": own,

	"EmergencyCalled": withChild, "EmergencyOverdue": withChild | platform, "EmergencyConfirmed": withChild, "EmergencyEnded": holder,
	"TicketIssued": holder, "TicketClaimed": own, "LegMoved": own, "LegUnanswered": platform,
}

// speech checks VOICE: each event is caused by whoever may cause it.
type speech struct {
	rule.Base
	*facts.Facts
	parties map[string]bool
}

func NewSpeech(f rule.Base, known *facts.Facts) rule.Walker {
	return &speech{f, known, map[string]bool{}}
}

func (p *speech) Event(s facts.Step) {
	p.Applies()
	p.join(s.Kind)
	name := s.Kind.ProtoReflect().Descriptor().Name()
	may, known := voices[name]
	if caller := s.Commit.GetCaller(); known && !p.may(s.Kind, caller, may) {
		p.Violated(s.Mark, "%s was caused by %s", name, caller)
	}
	if told, ok := s.Kind.(*eventv1.SupervisorTold); ok && !p.parties[told.GetLine()] {
		p.Violated(s.Mark, "supervisors of %q were told, which takes no part", told.GetLine())
	}
}

// join adds the lines that an event brings in.
func (p *speech) join(kind proto.Message) {
	switch kind.(type) {
	case *eventv1.ConversationOpened, *eventv1.OfferSent:
		p.parties[named(kind)] = true
	}
}

func (p *speech) may(kind proto.Message, caller string, may voice) bool {
	line := callingLine(caller)
	if line == "" {
		return may&platform != 0 && strings.Contains(caller, "/service/")
	}
	missing, _ := kind.(*eventv1.OutcomeReported)
	if missing.GetOutcome() == handoverv1.Outcome_OUTCOME_MISSING {
		return false
	}
	if named := named(kind); may&(asked|receiver|withChild) != 0 && named != "" && named != line && may&party == 0 {
		return false
	}
	h := p.Handover(event.Handover(kind))
	return may&own != 0 && line == named(kind) || may&holder != 0 && line == p.Holder || may&leg != 0 && line == p.Leg ||
		may&sender != 0 && line == h.From || may&receiver != 0 && line == h.To || may&asked != 0 && line == p.asked(kind) ||
		may&withChild != 0 && p.WithChild(line) || may&party != 0 && p.parties[line]
}

// named is the line that an event names.
func named(kind proto.Message) string {
	k, _ := kind.(interface{ GetLine() string })
	if k == nil {
		return ""
	}
	return k.GetLine()
}

// asked is the line of the offer that an event is about.
func (p *speech) asked(kind proto.Message) string {
	k, _ := kind.(event.OfOffer)
	if k == nil {
		return ""
	}
	if o := p.Offers[facts.KeyOf(k)]; o != nil {
		return o.Line
	}
	return ""
}
