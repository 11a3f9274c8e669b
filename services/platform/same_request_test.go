package platform_test

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
)

// twice is a command that can be sent again, and with another body under the
// same request id.
type twice struct{ once, other func() (proto.Message, error) }

// again makes one of a call, its request and a change to it.
func again[R proto.Message, A proto.Message](call func(request R) (A, error), request R, change func(R)) twice {
	other := proto.CloneOf(request)
	change(other)
	send := func(r R) func() (proto.Message, error) {
		return func() (proto.Message, error) { return call(r) }
	}
	return twice{send(request), send(other)}
}

// repeated are the commands that end or turn a handover, each made for a
// conversation of its own that was brought so far.
var repeated = map[string]func(w *world, sender desk) twice{
	"OverrideConsent": func(w *world, d desk) twice {
		return again(func(r *intakev1.OverrideConsentRequest) (*handoverv1.Recorded, error) { return d.override(w.ctx, r) },
			overriding(d.propose(d.open())), func(r *intakev1.OverrideConsentRequest) { r.SecondPerson = "sofie" })
	},
	"DecideHop": func(w *world, d desk) twice {
		conversation := d.open()
		holder := w.passedOn(conversation, "sender", "first", "second")
		request := &routingv1.DecideHopRequest{RequestId: uuid.NewString(), Handover: holder.propose(conversation, "third"), Supervisor: "sofie", Approve: true}
		return again(func(r *routingv1.DecideHopRequest) (*handoverv1.Recorded, error) { return holder.decideHop(w.ctx, r) },
			request, func(r *routingv1.DecideHopRequest) { r.Approve = false })
	},
	"DecideHandover": func(w *world, d desk) twice {
		_, handover := d.offered("first")
		w.desk("first").accept(handover, "1")
		join(d, w.desk("first"), handover)
		w.pass(119 * time.Second) // of the 120 until the bridge
		d.done(d.Routing.StartBriefing(w.ctx, &routingv1.StartBriefingRequest{RequestId: uuid.NewString(), Handover: handover}))
		w.pass(61 * time.Second) // the budget is spent
		request := &routingv1.DecideHandoverRequest{RequestId: uuid.NewString(), Handover: handover, Decision: handoverv1.SenderDecision_SENDER_DECISION_CONTINUE}
		return again(func(r *routingv1.DecideHandoverRequest) (*handoverv1.Recorded, error) { return d.decide(w.ctx, r) },
			request, func(r *routingv1.DecideHandoverRequest) { r.Decision = handoverv1.SenderDecision_SENDER_DECISION_STAY })
	},
	"DeferHandover": func(w *world, d desk) twice {
		return again(func(r *routingv1.DeferHandoverRequest) (*handoverv1.Recorded, error) { return d.postpone(w.ctx, r) },
			deferring(d.propose(d.open()), w.clock.Now().Add(time.Hour)), func(r *routingv1.DeferHandoverRequest) { r.Slot.EndTime.Seconds++ })
	},
	"SignpostHandover": func(w *world, d desk) twice {
		return again(func(r *routingv1.SignpostHandoverRequest) (*handoverv1.Recorded, error) { return d.signpost(w.ctx, r) },
			signposting(d.propose(d.open())), func(r *routingv1.SignpostHandoverRequest) { r.ToLine = "lines/second" })
	},
	"CallEmergency": func(w *world, d desk) twice {
		return again(func(r *routingv1.CallEmergencyRequest) (*handoverv1.Recorded, error) { return d.callHelp(w.ctx, r) },
			calling(d.propose(d.open())), func(r *routingv1.CallEmergencyRequest) {
				r.Service = handoverv1.EmergencyService_EMERGENCY_SERVICE_POLICE
			})
	},
	"ConfirmEmergency": func(w *world, d desk) twice {
		handover := d.propose(d.open())
		d.done(d.callHelp(w.ctx, calling(handover)))
		request := &routingv1.ConfirmEmergencyRequest{RequestId: uuid.NewString(), Handover: handover, Participant: "mina"}
		return again(func(r *routingv1.ConfirmEmergencyRequest) (*handoverv1.Recorded, error) {
			return d.Routing.ConfirmEmergency(w.ctx, r)
		},
			request, func(r *routingv1.ConfirmEmergencyRequest) { r.Participant = "berit" })
	},
	"ConfirmCancel": func(w *world, d desk) twice {
		_, handover := d.offered("first")
		d.cancel(handover)
		request := &routingv1.ConfirmCancelRequest{RequestId: uuid.NewString(), Offer: handover + "/offers/1"}
		return again(func(r *routingv1.ConfirmCancelRequest) (*handoverv1.Recorded, error) {
			return w.desk("first").Routing.ConfirmCancel(w.ctx, r)
		},
			request, func(r *routingv1.ConfirmCancelRequest) { r.Offer = handover + "/offers/2" })
	},
	"IssueTicket": func(w *world, d desk) twice {
		return again(func(r *routingv1.IssueTicketRequest) (*issued, error) { return d.giveOut(w.ctx, r) },
			d.toPhone(d.open()), func(r *routingv1.IssueTicketRequest) { r.Channel = chat })
	},
	"ClaimTicket": func(w *world, d desk) twice {
		ticket := d.issue(d.toPhone(d.open()))
		return again(func(r *routingv1.ClaimTicketRequest) (*claimed, error) { return d.use(w.ctx, r) },
			using(ticket.Link), func(r *routingv1.ClaimTicketRequest) { r.Secret = using(ticket.Digits).Secret })
	},
	"AnswerLeg": func(w *world, d desk) twice {
		_, conversation := w.rings()
		request := &routingv1.AnswerLegRequest{RequestId: uuid.NewString(), Conversation: conversation, Participant: "mina"}
		return again(func(r *routingv1.AnswerLegRequest) (*handoverv1.Recorded, error) {
			return d.Routing.AnswerLeg(w.ctx, r)
		},
			request, func(r *routingv1.AnswerLegRequest) { r.Participant = "berit" })
	},
}

// TestTheSameRequestAgain has the same answer and does nothing more; another one
// under its id is refused.
func TestTheSameRequestAgain(t *testing.T) {
	for name, prepared := range repeated {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			command := prepared(w, w.desk("sender"))
			w.settle()
			before := must[uint64](t)(w.Last(w.ctx))
			first := must[proto.Message](t)(command.once())
			w.settle()
			if after := must[uint64](t)(w.Last(w.ctx)); after == before {
				t.Fatal("it does nothing")
			}
			w.unchanged(func() {
				if second, err := command.once(); err != nil || !proto.Equal(first, second) {
					t.Errorf("sent again it is answered %v, %v, want %v", second, err, first)
				}
				_, err := command.other()
				refused(t, err, codes.AlreadyExists, "REQUEST_ID_REUSED")
			})
		})
	}
}
