package simulation

import (
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	"github.com/stafett/stafett/tools/internal/simulation/order"
)

// signs lets two persons sign what they may have to: mostly those who are named, or the two who should,
// sometimes others or one alone, and sometimes what is not the case.
func (d *drawer) signs(o *order.Order) {
	if !order.Signable(o.Request) {
		return
	}
	o.Signed = d.pair(o)
	switch d.random.IntN(12) {
	case 0:
		o.Signed = nil
	case 1:
		o.Signed = o.Signed[:1]
	case 2:
		o.Signed[d.random.IntN(2)] = d.stranger(o.Line)
	case 3:
		o.Flaw = order.Flaws[d.random.IntN(len(order.Flaws))]
	case 4:
		o.Flaw = "nonce"
	}
}

// pair returns the two who should sign.
func (d *drawer) pair(o *order.Order) []string {
	first, second := counsellor(o.Line, 0), counsellor(o.Line, 2)
	switch r := o.Request.(type) {
	case *intakev1.OverrideConsentRequest:
		first, second = r.Participant, r.SecondPerson
	case *routingv1.EndEmergencyRequest:
		first, second = r.Participant, r.SecondPerson
	case *routingv1.DecideHopRequest:
		second = r.Supervisor
	}
	return []string{first, second}
}
