package evolve

import (
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/stafett/stafett/pkg/event"
	"github.com/stafett/stafett/pkg/handover"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	statev1 "github.com/stafett/stafett/proto/stafett/state/v1"
)

// Event applies one event to a conversation. It never refuses: the event has already
// happened.
func Event(c handover.Conversation, e *eventv1.Event, at time.Time) {
	what := event.What(e)
	evolveKind(c, what, at)
	evolveSignatures(c, what, at)
	if custody := c.Custody; custody != nil {
		endAlerts(c, custody)
	}
	if c.Disappearance != nil && !c.Disappeared() {
		c.Disappearance = nil
	}
	if door := c.ClosedDoor; door != nil && (c.CloseTime != nil || c.Custody.GetLine() != door.Line || c.Came(door.Line)) {
		c.ClosedDoor = nil
	}
}

// endAlerts ends the alerts when a counsellor is with the child. While the child is away
// they pause: a child who comes back to an unattended conversation triggers the next
// alert at once, and the count continues.
func endAlerts(c handover.Conversation, custody *statev1.Custody) {
	if !c.Unattended() && !c.Waiting() {
		custody.AlertDeadline = nil
	}
	if c.CloseTime != nil || c.Counsellors(custody.Line) > 0 {
		custody.Alerts = 0
	}
}

func evolveKind(c handover.Conversation, what proto.Message, at time.Time) {
	switch what := what.(type) {
	case *eventv1.ConversationOpened:
		evolveOpened(c, what, at)
	case *eventv1.ConversationCorrected:
		evolveCorrected(c, what)
	case *eventv1.CustodyOpened:
		c.Custody = &statev1.Custody{Line: what.Line, Epoch: what.Epoch}
	case *eventv1.ParticipantJoined:
		arrive(c, what.Line, what.Participant, what.Role, at)
		senderIsBack(c.Current())
	case *eventv1.ParticipantLeft:
		leave(c.Participant(what.Line, what.Participant), at)
	case *eventv1.ParticipantDisconnected:
		disconnect(c.Participant(what.Line, what.Participant), at)
	case *eventv1.CustodyAlerted:
		if c.Custody != nil {
			c.Custody.Alerts, c.Custody.AlertDeadline = what.Alert, what.Deadline
		}
	case *eventv1.DoorClosed:
		c.ClosedDoor = &statev1.ClosedDoor{Line: what.Line, Reason: what.Reason, OpenLines: what.OpenLines, OpeningTime: what.OpeningTime}
	case *eventv1.DoorOpened:
		c.ClosedDoor = nil
	case *eventv1.ConversationClosed:
		c.CloseTime, c.CloseReason, c.PendingLeg = timestamppb.New(at), what.Reason, nil
	case *eventv1.CustodyClosed:
		c.Custody = &statev1.Custody{Epoch: what.Epoch}
	case *eventv1.ConversationTagged, *eventv1.RiskAssessed, *eventv1.HandoverRecommended,
		*eventv1.RecommendationWithdrawn, *eventv1.DutyRecorded:
		evolveAssessment(c, what, at)
	case *eventv1.TicketIssued, *eventv1.TicketClaimed, *eventv1.LegMoved, *eventv1.LegUnanswered:
		evolveLeg(c, what, at)
	case *eventv1.HandoverProposed:
		evolveProposed(c, what, at)
	case *eventv1.SupervisorTold:
		evolveSupervisorTold(c, what, at)
	case *eventv1.DisappearanceDecided:
		if c.Disappearance != nil {
			c.Disappearance.Decision, c.Disappearance.Deadline = what.Decision, nil
		}
	case *eventv1.EmergencyCalled, *eventv1.EmergencyOverdue, *eventv1.EmergencyConfirmed, *eventv1.EmergencyEnded:
		evolveEmergency(c, what, at)
	case *eventv1.MessageSent:
		evolveMessage(c, what)
	case event.OfConsultation:
		evolveConsultation(c, what, at)
	case event.OfHandover:
		if h := c.Handover(what.GetHandover()); h.Exists() {
			evolveHandover(c, h, what, at)
		}
	}
}

func evolveOpened(c handover.Conversation, e *eventv1.ConversationOpened, at time.Time) {
	c.Name, c.EntryLine, c.LegLine = e.Conversation, e.Line, e.Line
	c.Channel, c.Language, c.AgeBand, c.Area, c.Door = e.Channel, e.Language, e.AgeBand, e.Area, e.Door
	c.Conversation.Waiting = e.Waiting
	c.Assessment = &statev1.Assessment{Risk: handoverv1.RiskLevel_RISK_LEVEL_RX}
	c.CreateTime = timestamppb.New(at)
}

// evolveCorrected changes what a conversation is described by, also for a handover that no line has accepted.
func evolveCorrected(c handover.Conversation, e *eventv1.ConversationCorrected) {
	for _, field := range e.Fields {
		switch field {
		case handoverv1.DescriptionField_DESCRIPTION_FIELD_LANGUAGE:
			c.Language = e.Language
		case handoverv1.DescriptionField_DESCRIPTION_FIELD_AGE_BAND:
			c.AgeBand = e.AgeBand
		case handoverv1.DescriptionField_DESCRIPTION_FIELD_AREA:
			c.Area = e.Area
		case handoverv1.DescriptionField_DESCRIPTION_FIELD_DOOR:
			c.Door = e.Door
		}
	}
	refreshHeader(c)
}

// evolveMessage counts a message and records who has written in the bridge.
func evolveMessage(c handover.Conversation, e *eventv1.MessageSent) {
	c.MessageCount = e.Message
	h := c.Current()
	if !h.Exists() || h.BridgeWords == nil || h.State > handover.Confirming || e.Audience != handoverv1.Audience_AUDIENCE_ALL {
		return
	}
	switch child := c.Child(); {
	case e.Line == child.GetLine() && e.Participant == child.GetId():
		h.BridgeWords.Child = true
	case e.Line == h.FromLine:
		h.BridgeWords.Sender = true
	case e.Line == h.ToLine:
		h.BridgeWords.Receiver = true
	}
}
