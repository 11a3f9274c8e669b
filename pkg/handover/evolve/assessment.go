package evolve

import (
	"slices"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/stafett/stafett/pkg/handover"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	statev1 "github.com/stafett/stafett/proto/stafett/state/v1"
)

// evolveAssessment applies the events of triage.
func evolveAssessment(c handover.Conversation, what proto.Message, at time.Time) {
	if c.Assessment == nil {
		c.Assessment = &statev1.Assessment{}
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
		c.DutyRecords = append(c.DutyRecords, &statev1.DutyRecord{
			Line: what.Line, Decision: what.Decision, Time: timestamppb.New(at),
		})
	}
}

// refreshHeader updates the header of a handover that no line has accepted yet, so that
// a risk that has become imminent speeds it up, and that of an open consultation.
func refreshHeader(c handover.Conversation) {
	refreshConsultation(c)
	if h := c.Current(); h.Exists() && h.State < handover.Accepted {
		h.Header = c.PacketHeader()
		h.Hastened = h.Hastened && h.Header.Risk == handoverv1.RiskLevel_RISK_LEVEL_R4
		if h.State == handover.Proposed && h.AwaitsSupervisor() && h.AwayDeadline == nil {
			h.NextActor = nextActor(h)
		}
	}
}

// retag adds and removes topics, and keeps them sorted and unique.
func retag(tags, add, remove []string) []string {
	tags = slices.Concat(tags, add)
	slices.Sort(tags)
	tags = slices.Compact(tags)
	return slices.DeleteFunc(tags, func(tag string) bool { return slices.Contains(remove, tag) })
}
