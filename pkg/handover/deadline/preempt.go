package deadline

import (
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/stafett/stafett/pkg/handover/decide"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// Preempt withdraws an offer whose seat a child in imminent danger needs, and gives its handover back the time
// that it lost. It does nothing once a person has accepted, where this child is in imminent danger itself,
// or where its handover has lost a seat before. What comes next is due at once.
type Preempt struct {
	// Handover and Offer are the numbers of the offer.
	Handover, Offer uint32
}

func (c Preempt) Decide(t *decide.Turn) error {
	if err := t.Admit(""); err != nil {
		return err
	}
	h := t.Conversation.Handover(c.Handover)
	if o := h.Offer(c.Offer); h.Yields(o) {
		t.Emit(&eventv1.OfferWithdrawn{
			Handover: h.Number(), Offer: o.Number(), Reason: handoverv1.PassReason_PASS_REASON_PREEMPTED,
			BudgetDeadline: timestamppb.New(h.BudgetDeadline.AsTime().Add(t.Now.Sub(o.CreateTime.AsTime()))),
		})
	}
	return nil
}
