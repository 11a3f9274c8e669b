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
	"github.com/stafett/stafett/services/apitest"
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
var repeated = map[string]func(w *apitest.World, sender apitest.Desk) twice{
	"OverrideConsent": func(w *apitest.World, d apitest.Desk) twice {
		return again(func(r *intakev1.OverrideConsentRequest) (*handoverv1.Recorded, error) {
			return d.OverrideConsent(w.Ctx, r)
		},
			d.Override(d.Propose(d.InDanger(d.OpenConversation()))), func(r *intakev1.OverrideConsentRequest) { r.SecondPerson = "sofie" })
	},
	"DecideHop": func(w *apitest.World, d apitest.Desk) twice {
		conversation := d.OpenConversation()
		holder := w.PassOn(conversation, "sender", "first", "second")
		request := &routingv1.DecideHopRequest{RequestId: uuid.NewString(), Handover: holder.Propose(conversation, "third"), Supervisor: "sofie", Approve: true}
		request.Signatures = holder.Signs(conversation, request, holder.Person("aksel"), holder.Person("sofie"))
		return again(func(r *routingv1.DecideHopRequest) (*handoverv1.Recorded, error) { return holder.DecideHop(w.Ctx, r) },
			request, func(r *routingv1.DecideHopRequest) { r.Approve = false })
	},
	"DecideHandover": func(w *apitest.World, d apitest.Desk) twice {
		_, handover := d.Offered("first")
		w.Desk("first").Accept(handover, "1")
		apitest.Join(d, w.Desk("first"), handover)
		w.Advance(119 * time.Second) // of the 120 until the bridge
		d.Recorded(d.Routing.StartBriefing(w.Ctx, &routingv1.StartBriefingRequest{RequestId: uuid.NewString(), Handover: handover}))
		w.Advance(61 * time.Second) // the budget is spent
		request := &routingv1.DecideHandoverRequest{RequestId: uuid.NewString(), Handover: handover, Decision: handoverv1.SenderDecision_SENDER_DECISION_CONTINUE}
		return again(func(r *routingv1.DecideHandoverRequest) (*handoverv1.Recorded, error) {
			return d.DecideHandover(w.Ctx, r)
		},
			request, func(r *routingv1.DecideHandoverRequest) { r.Decision = handoverv1.SenderDecision_SENDER_DECISION_STAY })
	},
	"DeferHandover": func(w *apitest.World, d apitest.Desk) twice {
		return again(func(r *routingv1.DeferHandoverRequest) (*handoverv1.Recorded, error) {
			return d.DeferHandover(w.Ctx, r)
		},
			apitest.Deferral(d.Propose(d.OpenConversation()), w.Clock.Now().Add(time.Hour)), func(r *routingv1.DeferHandoverRequest) { r.Slot.EndTime.Seconds++ })
	},
	"SignpostHandover": func(w *apitest.World, d apitest.Desk) twice {
		return again(func(r *routingv1.SignpostHandoverRequest) (*handoverv1.Recorded, error) {
			return d.SignpostHandover(w.Ctx, r)
		},
			apitest.Signposting(d.Propose(d.OpenConversation())), func(r *routingv1.SignpostHandoverRequest) { r.ToLine = "lines/second" })
	},
	"CallEmergency": func(w *apitest.World, d apitest.Desk) twice {
		return again(func(r *routingv1.CallEmergencyRequest) (*handoverv1.Recorded, error) {
			return d.CallEmergency(w.Ctx, r)
		},
			apitest.EmergencyCall(d.OpenConversation()), func(r *routingv1.CallEmergencyRequest) {
				r.Service = handoverv1.EmergencyService_EMERGENCY_SERVICE_POLICE
			})
	},
	"ConfirmEmergency": func(w *apitest.World, d apitest.Desk) twice {
		conversation := d.OpenConversation()
		d.Took(d.CallEmergency(w.Ctx, apitest.EmergencyCall(conversation)))
		request := &routingv1.ConfirmEmergencyRequest{RequestId: uuid.NewString(), Conversation: conversation, Participant: "mina"}
		return again(func(r *routingv1.ConfirmEmergencyRequest) (*handoverv1.Recorded, error) {
			return apitest.Placed(d.Routing.ConfirmEmergency(w.Ctx, r))
		},
			request, func(r *routingv1.ConfirmEmergencyRequest) { r.Participant = "berit" })
	},
	"EndEmergency": func(w *apitest.World, d apitest.Desk) twice {
		conversation := d.OpenConversation()
		d.Took(d.CallEmergency(w.Ctx, apitest.EmergencyCall(conversation)))
		request := &routingv1.EndEmergencyRequest{
			RequestId: uuid.NewString(), Conversation: conversation, Participant: "mina", SecondPerson: "berit",
			Reason: handoverv1.EmergencyEnd_EMERGENCY_END_MISTAKEN,
		}
		request.Signatures = d.Signs(conversation, request, d.Person("mina"), d.Person("berit"))
		return again(func(r *routingv1.EndEmergencyRequest) (*handoverv1.Recorded, error) {
			return apitest.Placed(d.Routing.EndEmergency(w.Ctx, r))
		},
			request, func(r *routingv1.EndEmergencyRequest) { r.SecondPerson = "tuva" })
	},
	"ConfirmCancel": func(w *apitest.World, d apitest.Desk) twice {
		_, handover := d.Offered("first")
		d.Cancel(handover)
		request := &routingv1.ConfirmCancelRequest{RequestId: uuid.NewString(), Offer: handover + "/offers/1"}
		return again(func(r *routingv1.ConfirmCancelRequest) (*handoverv1.Recorded, error) {
			return apitest.Placed(w.Desk("first").Routing.ConfirmCancel(w.Ctx, r))
		},
			request, func(r *routingv1.ConfirmCancelRequest) { r.Offer = handover + "/offers/2" })
	},
	"IssueTicket": func(w *apitest.World, d apitest.Desk) twice {
		return again(func(r *routingv1.IssueTicketRequest) (*apitest.Issued, error) { return d.IssueTicket(w.Ctx, r) },
			d.ToPhone(d.OpenConversation()), func(r *routingv1.IssueTicketRequest) { r.Channel = apitest.Chat })
	},
	"ClaimTicket": func(w *apitest.World, d apitest.Desk) twice {
		ticket := d.Issue(d.ToPhone(d.OpenConversation()))
		return again(func(r *routingv1.ClaimTicketRequest) (*apitest.Claimed, error) { return d.ClaimTicket(w.Ctx, r) },
			apitest.ClaimWith(ticket.Link), func(r *routingv1.ClaimTicketRequest) { r.Secret = apitest.ClaimWith(ticket.Digits).Secret })
	},
	"AnswerLeg": func(w *apitest.World, d apitest.Desk) twice {
		_, conversation := w.Ringing()
		request := &routingv1.AnswerLegRequest{RequestId: uuid.NewString(), Conversation: conversation, Participant: "mina"}
		return again(func(r *routingv1.AnswerLegRequest) (*handoverv1.Recorded, error) {
			return apitest.Placed(d.Routing.AnswerLeg(w.Ctx, r))
		},
			request, func(r *routingv1.AnswerLegRequest) { r.Participant = "berit" })
	},
}

// TestTheSameRequestAgain has the same answer and does nothing more; another one
// under its id is refused.
func TestTheSameRequestAgain(t *testing.T) {
	for name, prepared := range repeated {
		t.Run(name, func(t *testing.T) {
			w := apitest.NewWorld(t)
			command := prepared(w, w.Desk("sender"))
			w.Settle()
			before := apitest.Must[uint64](t)(w.Last(w.Ctx))
			first := apitest.Must[proto.Message](t)(command.once())
			w.Settle()
			if after := apitest.Must[uint64](t)(w.Last(w.Ctx)); after == before {
				t.Fatal("it does nothing")
			}
			w.WantUnchanged(func() {
				if second, err := command.once(); err != nil || !proto.Equal(first, second) {
					t.Errorf("sent again it is answered %v, %v, want %v", second, err, first)
				}
				_, err := command.other()
				apitest.WantRefusal(t, err, codes.AlreadyExists, "REQUEST_ID_REUSED")
			})
		})
	}
}
