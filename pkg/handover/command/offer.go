package command

import (
	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/decide"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
)

// AcknowledgeOffer records that the desk's machine has the offer (DELIVERED) or a
// person has seen it (ALERTING). A repeated acknowledgement emits no events.
type AcknowledgeOffer struct {
	Line     string
	Handover uint32
	Offer    uint32
	State    handoverv1.OfferState
}

func acknowledgeOffer(o decide.Origin, r *routingv1.AcknowledgeOfferRequest) AcknowledgeOffer {
	return AcknowledgeOffer{Line: o.Line, Handover: o.At.Handover, Offer: o.At.Offer, State: r.State}
}

func (c AcknowledgeOffer) Decide(t *decide.Turn) error {
	h, o, err := t.Offer(c.Line, c.Handover, c.Offer)
	if err != nil {
		return err
	}
	switch {
	case o.State >= c.State:
	case c.State == handover.OfferDelivered:
		t.Emit(&eventv1.OfferDelivered{Handover: h.Number(), Offer: c.Offer})
	case c.State == handover.OfferAlerting:
		t.Emit(&eventv1.OfferAlerting{Handover: h.Number(), Offer: c.Offer})
	}
	return nil
}

// AcceptOffer accepts the handover for a line. The first accept wins; every other offer
// is withdrawn in the same commit.
type AcceptOffer struct {
	Line     string
	Handover uint32
	Offer    uint32
}

func acceptOffer(o decide.Origin, _ *routingv1.AcceptOfferRequest) AcceptOffer {
	return AcceptOffer{Line: o.Line, Handover: o.At.Handover, Offer: o.At.Offer}
}

func (c AcceptOffer) Decide(t *decide.Turn) error {
	h, o, err := t.Offer(c.Line, c.Handover, c.Offer)
	if err != nil {
		return err
	}
	if t.Past(o.Deadline) {
		return decide.TooLate(o)
	}
	t.Emit(&eventv1.OfferAccepted{
		Handover: h.Number(), Offer: c.Offer, Line: c.Line, Deadline: t.In(t.Rules.ReceiverTimes(h, c.Line).Join),
	})
	t.WithdrawOffers(h)
	return nil
}

// DeclineOffer declines an offer, or gives it back after the accept, as long as the receiver
// has not said "I have it". The next planned line is asked in the same commit.
type DeclineOffer struct {
	Line     string
	Handover uint32
	Offer    uint32
	Code     handoverv1.DeclineCode
	// Skip is the directory's.
	Skip handover.Skip
}

func declineOffer(o decide.Origin, lines handover.Directory, r *routingv1.DeclineOfferRequest) DeclineOffer {
	return DeclineOffer{Line: o.Line, Handover: o.At.Handover, Offer: o.At.Offer, Code: r.Code, Skip: lines.Skip}
}

func (c DeclineOffer) Decide(t *decide.Turn) error {
	h, o, err := t.AcceptedOffer(c.Line, c.Handover, c.Offer)
	if err != nil {
		return err
	}
	t.Skip = c.Skip
	if o.State == handover.OfferAccepted {
		t.Emit(&eventv1.OfferGivenBack{Handover: h.Number(), Offer: c.Offer, Code: c.Code, BudgetDeadline: t.BudgetAtAccept(h)})
	} else {
		t.Emit(&eventv1.OfferDeclined{Handover: h.Number(), Offer: c.Offer, Code: c.Code})
	}
	t.AskNext(h)
	return nil
}
