package handover

import (
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

func (c CallEmergency) decide(t *turn) error {
	h, err := t.handover(c.Line, c.Handover)
	if err != nil {
		return err
	}
	if err := t.requireCounsellor(c.Line, c.Participant); err != nil {
		return err
	}
	t.withdrawOffers(h)
	t.emit(&eventv1.EmergencyCalled{
		Handover: h.Number(), Service: c.Service, Participant: c.Participant, Deadline: t.in(t.rules.Supervisor),
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

func (c ConfirmEmergency) decide(t *turn) error {
	h, err := t.handover(c.Line, c.Handover)
	if err != nil {
		return err
	}
	if err := t.requireCounsellor(c.Line, c.Participant); err != nil {
		return err
	}
	t.emit(&eventv1.EmergencyConfirmed{Handover: h.Number(), Participant: c.Participant})
	return nil
}
