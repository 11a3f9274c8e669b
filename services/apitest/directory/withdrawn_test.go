package directory_test

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/types/known/timestamppb"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	"github.com/stafett/stafett/services/apitest"
)

const safety = handoverv1.SuspensionReason_SUSPENSION_REASON_SAFETY

func suspension(reason handoverv1.SuspensionReason) *routingv1.SuspendLineRequest {
	return &routingv1.SuspendLineRequest{RequestId: uuid.NewString(), Line: "lines/first", Reason: reason}
}

func wantWithdrawn(w *apitest.World, handover string, reason handoverv1.PassReason) {
	w.T.Helper()
	if o := w.GetOffer(handover, 1); o.State != handoverv1.OfferState_OFFER_STATE_WITHDRAWN || o.PassReason != reason {
		w.T.Errorf("its offer is %v because of %v, want it withdrawn because of %v", o.State, o.PassReason, reason)
	}
}

// TestASuspendedLine loses the offers that it has not answered and gets no new ones. The children that
// it has stay with it, and it can do for them what it could before.
func TestASuspendedLine(t *testing.T) {
	w := apitest.NewWorld(t)
	sender, first, operator := w.Desk("sender"), w.Desk("first"), w.Operator()
	conversation, accepted := sender.Offered("first")
	_, asked := sender.Offered("first")
	first.Accept(accepted, "1")
	operator.Recorded(operator.Directory.SuspendLine(w.Ctx, suspension(safety)))
	wantWithdrawn(w, asked, handoverv1.PassReason_PASS_REASON_SUSPENDED)
	if told := w.Availability("first"); told.Suspended != safety {
		t.Errorf("its availability is %v, want it suspended", told)
	}
	w.WantNoOffer("first")
	sender.Bridge(first, accepted)
	sender.Transfer(first, accepted)
	if custody := sender.GetCustody(conversation); custody.Line != "lines/first" {
		t.Errorf("custody is %v, want first's", custody)
	}
	operator.Recorded(operator.Directory.ReinstateLine(w.Ctx, &routingv1.ReinstateLineRequest{RequestId: uuid.NewString(), Line: "lines/first"}))
	w.WantOffer("first")
}

// TestWhoMaySuspendALine: operators only.
func TestWhoMaySuspendALine(t *testing.T) {
	w := apitest.NewWorld(t)
	_, err := w.Desk("first").Directory.SuspendLine(w.Ctx, suspension(safety))
	apitest.WantRefusal(t, err, codes.PermissionDenied, "PEER_NOT_ALLOWED")
	_, err = w.Desk("first").Directory.ReinstateLine(w.Ctx, &routingv1.ReinstateLineRequest{RequestId: uuid.NewString(), Line: "lines/first"})
	apitest.WantRefusal(t, err, codes.PermissionDenied, "PEER_NOT_ALLOWED")
	_, err = w.Operator().Directory.SuspendLine(w.Ctx, suspension(0))
	apitest.WantRefusal(t, err, codes.InvalidArgument, "FIELD_INVALID")
}

// TestAClosureThatBeginsDuringAnOffer ends it when it begins.
func TestAClosureThatBeginsDuringAnOffer(t *testing.T) {
	w := apitest.NewWorld(t)
	sender, first := w.Desk("sender"), w.Desk("first")
	_, handover := sender.Offered("first")
	first.Acknowledge(handover+"/offers/1", handoverv1.OfferState_OFFER_STATE_DELIVERED)
	soon := w.Closure()
	soon.StartTime = timestamppb.New(w.Clock.Now().Add(20 * time.Second))
	first.Recorded(first.Directory.CloseLine(w.Ctx, soon))
	w.WantState(handover, handoverv1.HandoverState_HANDOVER_STATE_OFFERED)
	w.Advance(20 * time.Second)
	wantWithdrawn(w, handover, handoverv1.PassReason_PASS_REASON_CLOSED)
}
