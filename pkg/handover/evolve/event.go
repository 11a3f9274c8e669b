package evolve

import (
	"slices"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/stafett/stafett/pkg/event"
	"github.com/stafett/stafett/pkg/handover"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// Event applies one event to a conversation. It never refuses: the event has already
// happened.
func Event(c handover.Conversation, e *eventv1.Event, at time.Time) {
	what := event.What(e)
	evolveKind(c, what, at)
	if custody := c.Custody; custody != nil {
		endAlerts(c, custody)
	}
}

// endAlerts ends the alerts when a counsellor is with the child. While the child is away
// they pause: a child who comes back to an unattended conversation triggers the next
// alert at once, and the count continues.
func endAlerts(c handover.Conversation, custody *handoverv1.Custody) {
	if !c.Unattended() {
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
	case *eventv1.CustodyOpened:
		c.Custody = &handoverv1.Custody{Line: what.Line, Epoch: what.Epoch}
	case *eventv1.ParticipantJoined:
		arrive(c, what.Line, what.Participant, what.Role, at)
	case *eventv1.ParticipantLeft:
		leave(c.Participant(what.Line, what.Participant), at)
	case *eventv1.ParticipantDisconnected:
		disconnect(c.Participant(what.Line, what.Participant), at)
	case *eventv1.CustodyAlerted:
		if c.Custody != nil {
			c.Custody.Alerts, c.Custody.AlertDeadline = what.Alert, what.Deadline
		}
	case *eventv1.ConversationClosed:
		c.CloseTime, c.CloseReason, c.PendingLeg = timestamppb.New(at), what.Reason, nil
	case *eventv1.CustodyClosed:
		c.Custody = &handoverv1.Custody{Epoch: what.Epoch}
	case *eventv1.ConversationTagged, *eventv1.RiskAssessed, *eventv1.HandoverRecommended,
		*eventv1.RecommendationWithdrawn, *eventv1.DutyRecorded:
		evolveAssessment(c, what, at)
	case *eventv1.TicketIssued, *eventv1.TicketClaimed, *eventv1.LegMoved, *eventv1.LegUnanswered:
		evolveLeg(c, what, at)
	case *eventv1.HandoverProposed:
		evolveProposed(c, what, at)
	case *eventv1.SupervisorTold:
		evolveSupervisorTold(c, what, at)
	case *eventv1.MessageSent:
		evolveMessage(c, what)
	case event.OfHandover:
		if h := c.Handover(what.GetHandover()); h.Exists() {
			evolveHandover(c, h, what, at)
		}
	}
}

func evolveOpened(c handover.Conversation, e *eventv1.ConversationOpened, at time.Time) {
	c.Name, c.EntryLine, c.LegLine = e.Conversation, e.Line, e.Line
	c.Channel, c.Language, c.AgeBand, c.Area, c.Door = e.Channel, e.Language, e.AgeBand, e.Area, e.Door
	c.Assessment = &handoverv1.Assessment{Risk: handoverv1.RiskLevel_RISK_LEVEL_RX}
	c.CreateTime = timestamppb.New(at)
}

// evolveAssessment applies the events of triage.
func evolveAssessment(c handover.Conversation, what proto.Message, at time.Time) {
	if c.Assessment == nil {
		c.Assessment = &handoverv1.Assessment{}
	}
	switch what := what.(type) {
	case *eventv1.ConversationTagged:
		c.Assessment.Tags = retag(c.Assessment.Tags, what.Added, what.Removed)
		refreshHeader(c)
	case *eventv1.RiskAssessed:
		c.Assessment.Risk = what.Level
		refreshHeader(c)
	case *eventv1.HandoverRecommended:
		c.Assessment.Recommendation = what.Recommendation
	case *eventv1.RecommendationWithdrawn:
		c.Assessment.Recommendation = nil
	case *eventv1.DutyRecorded:
		c.DutyRecords = append(c.DutyRecords, &handoverv1.DutyRecord{
			Line: what.Line, Decision: what.Decision, Time: timestamppb.New(at),
		})
	}
}

// refreshHeader updates the header of a handover that no line has accepted yet, so that
// a risk that has become imminent speeds it up.
func refreshHeader(c handover.Conversation) {
	if h := c.Current(); h.Exists() && h.State < handover.Accepted {
		h.Header = c.PacketHeader()
		h.Hastened = h.Hastened && h.Imminent()
	}
}

func evolveProposed(c handover.Conversation, e *eventv1.HandoverProposed, at time.Time) {
	for before := range c.Handovers() {
		if before.State != handover.Deferred || before.DecisionDue {
			clearDecision(before)
		}
	}
	next := handover.ActorSender
	if e.SupervisorNeeded {
		next = handover.ActorSupervisor
	}
	c.Conversation.Handovers = append(c.Conversation.Handovers, &handoverv1.Handover{
		Name: handover.HandoverName(c.Name, e.Handover), State: handover.Proposed, NextActor: next,
		FromLine: e.FromLine, Header: e.Header, Candidates: e.Candidates,
		Parent: e.Parent, Hop: e.Hop, SupervisorNeeded: e.SupervisorNeeded, Deadlines: e.Deadlines, Deadline: e.Deadline,
		Consent:    &handoverv1.Consent{},
		CreateTime: timestamppb.New(at), UpdateTime: timestamppb.New(at),
	})
}

// clearDecision clears what the sender still had to decide about a handover.
func clearDecision(h handover.Handover) {
	h.DecisionDue, h.DecisionDeadline = false, nil
	if h.State == handover.Returned || h.State == handover.Deferred {
		h.NextActor, h.Deadline = handover.ActorNobody, nil
	}
}

func evolveSupervisorTold(c handover.Conversation, e *eventv1.SupervisorTold, at time.Time) {
	call := supervisorCall(c, e)
	call.Count, call.Time = call.Count+1, timestamppb.New(at)
	h := c.Handover(e.Handover)
	if !h.Exists() {
		return
	}
	switch e.Reason {
	case handoverv1.SupervisorReason_SUPERVISOR_REASON_NO_DECISION:
		h.DecisionDeadline = nil
	case handoverv1.SupervisorReason_SUPERVISOR_REASON_CANCEL_UNCONFIRMED:
		h.Deadline = nil
	case handoverv1.SupervisorReason_SUPERVISOR_REASON_HOP:
		h.Deadline = e.Deadline
		waitForChild(h)
	}
}

// supervisorCall returns the line's call for the same reason and handover, and creates
// it if needed.
func supervisorCall(c handover.Conversation, e *eventv1.SupervisorTold) *handoverv1.SupervisorCall {
	for _, call := range c.SupervisorCalls {
		if call.Line == e.Line && call.Reason == e.Reason && call.Handover == e.Handover {
			return call
		}
	}
	call := &handoverv1.SupervisorCall{Line: e.Line, Reason: e.Reason, Handover: e.Handover}
	c.SupervisorCalls = append(c.SupervisorCalls, call)
	return call
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

// retag adds and removes topics, and keeps them sorted and unique.
func retag(tags, add, remove []string) []string {
	tags = slices.Concat(tags, add)
	slices.Sort(tags)
	tags = slices.Compact(tags)
	return slices.DeleteFunc(tags, func(tag string) bool { return slices.Contains(remove, tag) })
}
