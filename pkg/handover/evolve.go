package handover

import (
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/stafett/stafett/pkg/event"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// evolve applies one event to a conversation. It decides nothing: the event has
// happened.
func evolve(c *handoverv1.Conversation, e *eventv1.Event, at time.Time) {
	what := event.What(e)
	switch what := what.(type) {
	case *eventv1.ConversationOpened:
		evolveOpened(c, what, at)
	case *eventv1.CustodyOpened:
		c.Custody = &handoverv1.Custody{Line: what.Line, Epoch: what.Epoch}
	case *eventv1.ParticipantJoined:
		seat(c, what.Line, what.Participant, what.Role)
	case *eventv1.ParticipantLeft:
		leave(FindParticipant(c, what.Line, what.Participant))
	case *eventv1.ParticipantDisconnected:
		disconnect(FindParticipant(c, what.Line, what.Participant))
	case *eventv1.MessageSent:
		c.MessageCount = what.Message
	case *eventv1.ConversationClosed:
		c.CloseTime, c.CloseReason = timestamppb.New(at), what.Reason
	case *eventv1.CustodyClosed:
		c.Custody = &handoverv1.Custody{Epoch: what.Epoch}
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
		recordDuty(c, what, at)
	case *eventv1.HandoverProposed:
		evolveProposed(c, what, at)
	case numbered:
		if n := what.GetHandover(); n >= 1 && int(n) <= len(c.Handovers) {
			evolveHandover(c, c.Handovers[n-1], what, at)
		}
	}
}

// numbered is an event of one handover.
type numbered interface{ GetHandover() uint32 }

func evolveOpened(c *handoverv1.Conversation, e *eventv1.ConversationOpened, at time.Time) {
	c.Name, c.EntryLine, c.LegLine = e.Conversation, e.Line, e.Line
	c.Channel, c.Language, c.AgeBand, c.Area = e.Channel, e.Language, e.AgeBand, e.Area
	c.Assessment = &handoverv1.Assessment{Risk: handoverv1.RiskLevel_RISK_LEVEL_RX}
	c.CreateTime = timestamppb.New(at)
}

func evolveProposed(c *handoverv1.Conversation, e *eventv1.HandoverProposed, at time.Time) {
	c.Handovers = append(c.Handovers, &handoverv1.Handover{
		Name: HandoverName(c.Name, e.Handover), State: proposed, NextActor: sender,
		FromLine: e.FromLine, Header: e.Header, Candidates: e.Candidates,
		Consent:    &handoverv1.Consent{},
		CreateTime: timestamppb.New(at), UpdateTime: timestamppb.New(at),
	})
}

// refreshHeader lets a handover whose lines have not been asked yet tell what is
// known now: a risk that has become imminent must not be asked about slowly.
func refreshHeader(c *handoverv1.Conversation) {
	if h := Current(c); h != nil && h.State < offered {
		h.Header = Header(c)
	}
}

func recordDuty(c *handoverv1.Conversation, e *eventv1.DutyRecorded, at time.Time) {
	c.DutyRecords = append(c.DutyRecords, &handoverv1.DutyRecord{
		Line: e.Line, Decision: e.Decision, Time: timestamppb.New(at),
	})
}
