package command

import (
	"github.com/stafett/stafett/pkg/handover/decide"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
)

// CallEmergency records that an emergency service is called. The sender stays with the
// child until a counsellor confirms that help has reached the child.
type CallEmergency struct {
	Line        string
	Handover    uint32
	Service     handoverv1.EmergencyService
	Participant string
}

func callEmergency(o Origin, r *routingv1.CallEmergencyRequest) CallEmergency {
	return CallEmergency{Line: o.Line, Handover: o.At.Handover, Service: r.Service, Participant: r.Participant}
}

func (c CallEmergency) Decide(t *decide.Turn) error {
	h, err := t.Handover(c.Line, c.Handover)
	if err != nil {
		return err
	}
	if err := t.RequireCounsellor(c.Line, c.Participant); err != nil {
		return err
	}
	t.WithdrawOffers(h)
	t.Emit(&eventv1.EmergencyCalled{
		Handover: h.Number(), Service: c.Service, Participant: c.Participant, Deadline: t.In(t.Rules.Supervisor),
	})
	return nil
}

// ConfirmEmergency records that the emergency service has reached the child. Nothing
// else ends an emergency.
type ConfirmEmergency struct {
	Line        string
	Handover    uint32
	Participant string
}

func confirmEmergency(o Origin, r *routingv1.ConfirmEmergencyRequest) ConfirmEmergency {
	return ConfirmEmergency{Line: o.Line, Handover: o.At.Handover, Participant: r.Participant}
}

func (c ConfirmEmergency) Decide(t *decide.Turn) error {
	h, err := t.Handover(c.Line, c.Handover)
	if err != nil {
		return err
	}
	if err := t.RequireCounsellor(c.Line, c.Participant); err != nil {
		return err
	}
	t.Emit(&eventv1.EmergencyConfirmed{Handover: h.Number(), Participant: c.Participant})
	return nil
}
