package decide

import (
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/stafett/stafett/pkg/handover"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// In returns the instant d from now, in the form that events carry.
func (t *Turn) In(d time.Duration) *timestamppb.Timestamp {
	return timestamppb.New(t.Now.Add(d))
}

// Past reports whether a deadline has passed. An absent deadline never passes.
func (t *Turn) Past(deadline *timestamppb.Timestamp) bool {
	return deadline != nil && !t.Now.Before(deadline.AsTime())
}

// BudgetLeft returns the budget extended by the time that the child was away, but never
// more than a full budget from now.
func (t *Turn) BudgetLeft(h handover.Handover) *timestamppb.Timestamp {
	if h.BudgetDeadline == nil || h.AwayDeadline == nil {
		return h.BudgetDeadline
	}
	away := t.Now.Sub(h.AwayDeadline.AsTime().Add(-t.Rules.Away))
	left := timestamppb.New(h.BudgetDeadline.AsTime().Add(max(away, 0)))
	return handover.Earlier(left, t.In(t.Rules.Times(h).Budget))
}

// BudgetAtAccept returns the budget that was left when the receiver accepted, from now, and
// never less than a minimum.
func (t *Turn) BudgetAtAccept(h handover.Handover) *timestamppb.Timestamp {
	least := t.Rules.GivenBack
	if h.Imminent() {
		least = t.Rules.GivenBackImminent
	}
	if h.BudgetDeadline == nil {
		return t.In(least)
	}
	return t.In(max(least, h.BudgetDeadline.AsTime().Sub(h.AcceptTime.AsTime())))
}

// DraftDeadline returns when a draft ends, or when a supervisor is asked again.
func (t *Turn) DraftDeadline(h handover.Handover) *timestamppb.Timestamp {
	if h.Held() {
		return t.In(max(t.Rules.Supervisor, t.Rules.Times(h).Decision))
	}
	if h.AtDoor() {
		return t.In(t.Rules.DoorDraft)
	}
	return t.DraftEnds(h.Deadlines, h.Header)
}

// DraftEnds returns when a draft ends if its sender leaves it untouched. own are the sender's deadlines.
func (t *Turn) DraftEnds(own *handoverv1.LineDeadlines, header *handoverv1.PacketHeader) *timestamppb.Timestamp {
	if t.Conversation.Slow() {
		return t.In(t.Rules.Slow.SetBy(own, header).Consent)
	}
	return t.In(t.Rules.Draft)
}
