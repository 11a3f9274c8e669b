package directory_test

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	"github.com/stafett/stafett/services/apitest"
)

func reopening(d apitest.Desk) (*handoverv1.Recorded, error) {
	return apitest.Placed(d.Directory.ReopenLine(d.Ctx, &routingv1.ReopenLineRequest{RequestId: uuid.NewString(), Line: "lines/" + d.Line}))
}

// TestAClosedLine is not asked until it opens again or the closure ends.
func TestAClosedLine(t *testing.T) {
	w := apitest.NewWorld(t)
	first := w.Desk("first")
	first.Took(first.CloseFor(time.Hour))
	got := w.ChatAvailability("first")
	if got.Open || got.ClosedReason != handoverv1.ClosureReason_CLOSURE_REASON_SHORT_STAFFED || got.NextOpenTime.AsTime() != w.Clock.Now().Add(time.Hour) {
		t.Errorf("once it is closed first is %v, want closed for an hour for want of staff", got)
	}
	if all := w.Availability("first").Closures; len(all) != 1 {
		t.Errorf("its closures are %v, want one", all)
	}
	w.WantNoOffer("first")
	w.WantOffer("second")
	first.Took(reopening(first))
	w.WantOffer("first")
	first.Took(first.CloseFor(time.Minute))
	w.Advance(time.Minute - time.Nanosecond)
	w.WantNoOffer("first")
	w.Advance(time.Nanosecond)
	w.WantOffer("first")
}

// TestAClosureToCome begins at its time, on its channels, and is cancelled with all others.
func TestAClosureToCome(t *testing.T) {
	w := apitest.NewWorld(t)
	first := w.Desk("first")
	soon := w.Closure()
	soon.StartTime = timestamppb.New(w.Clock.Now().Add(30 * time.Minute))
	first.Recorded(first.Directory.CloseLine(w.Ctx, soon))
	elsewhere := w.Closure()
	elsewhere.Channels = []handoverv1.Channel{apitest.Phone}
	first.Recorded(first.Directory.CloseLine(w.Ctx, elsewhere))
	w.WantOffer("first")
	w.Advance(30 * time.Minute)
	w.WantNoOffer("first")
	first.Took(reopening(first))
	w.WantOffer("first")
	if all := w.Availability("first").Closures; len(all) != 0 {
		t.Errorf("its closures are %v, want none", all)
	}
}

// TestAClosureIsForNewOffers: what the line has accepted goes on.
func TestAClosureIsForNewOffers(t *testing.T) {
	w := apitest.NewWorld(t)
	sender, first := w.Desk("sender"), w.Desk("first")
	conversation, handover := sender.Offered("first")
	_, asked := sender.Offered("first")
	first.Accept(handover, "1")
	first.Took(first.CloseFor(time.Hour))
	wantWithdrawn(w, asked, handoverv1.PassReason_PASS_REASON_CLOSED) // not accepted before the closure
	sender.Bridge(first, handover)
	sender.Transfer(first, handover)
	if custody := sender.GetCustody(conversation); custody.Line != "lines/first" {
		t.Errorf("custody is %v, want first's", custody)
	}
}

// TestWhoMayCloseALine: the line itself, and operators any line.
func TestWhoMayCloseALine(t *testing.T) {
	w := apitest.NewWorld(t)
	first, operator := w.Desk("first"), w.Operator()
	w.WantRefusals(map[string]apitest.BadRequest{
		"another line":        apitest.Refused(apitest.Spoiled(w.Desk("second").CloseLine, w.Closure(), func(*routingv1.CloseLineRequest) {}), codes.PermissionDenied, "LINE_NOT_YOURS"),
		"an auditor":          apitest.Refused(apitest.Spoiled(w.AuditorDesk().CloseLine, w.Closure(), func(*routingv1.CloseLineRequest) {}), codes.PermissionDenied, "PEER_NOT_ALLOWED"),
		"no such line":        apitest.Refused(apitest.Spoiled(operator.CloseLine, w.Closure(), func(r *routingv1.CloseLineRequest) { r.Line = "lines/unlisted" }), codes.NotFound, "LINE_NOT_FOUND"),
		"another's reopening": apitest.Refused(apitest.Spoiled(w.Desk("second").ReopenLine, &routingv1.ReopenLineRequest{RequestId: uuid.NewString(), Line: "lines/first"}, func(*routingv1.ReopenLineRequest) {}), codes.PermissionDenied, "LINE_NOT_YOURS"),
	})
	operator.Recorded(operator.Directory.CloseLine(w.Ctx, w.Closure()))
	w.WantNoOffer("first")
	first.Took(reopening(first))
	w.WantOffer("first")
}

// TestAClosureThatIsNone is invalid and changes nothing.
func TestAClosureThatIsNone(t *testing.T) {
	w := apitest.NewWorld(t)
	first, cases := w.Desk("first"), map[string]apitest.BadRequest{}
	at := func(d time.Duration) *timestamppb.Timestamp { return timestamppb.New(w.Clock.Now().Add(d)) }
	const day = 24 * time.Hour
	for name, spoil := range map[string]func(*routingv1.CloseLineRequest){
		"no end":               func(r *routingv1.CloseLineRequest) { r.EndTime = nil },
		"an end before now":    func(r *routingv1.CloseLineRequest) { r.EndTime = at(-time.Second) },
		"an end now":           func(r *routingv1.CloseLineRequest) { r.EndTime = at(0) },
		"an end at its start":  func(r *routingv1.CloseLineRequest) { r.StartTime = at(time.Hour) },
		"a start before now":   func(r *routingv1.CloseLineRequest) { r.StartTime = at(-time.Second) },
		"too long":             func(r *routingv1.CloseLineRequest) { r.EndTime = at(31*day + time.Second) },
		"too far ahead":        func(r *routingv1.CloseLineRequest) { r.StartTime, r.EndTime = at(31*day+time.Second), at(32*day) },
		"a time that is out":   func(r *routingv1.CloseLineRequest) { r.EndTime = &timestamppb.Timestamp{Seconds: 1 << 50} },
		"no reason":            func(r *routingv1.CloseLineRequest) { r.Reason = 0 },
		"its hours":            func(r *routingv1.CloseLineRequest) { r.Reason = handoverv1.ClosureReason_CLOSURE_REASON_SCHEDULED },
		"an unknown reason":    func(r *routingv1.CloseLineRequest) { r.Reason = 99 },
		"an unknown channel":   func(r *routingv1.CloseLineRequest) { r.Channels = []handoverv1.Channel{99} },
		"a channel twice":      func(r *routingv1.CloseLineRequest) { r.Channels = []handoverv1.Channel{apitest.Chat, apitest.Chat} },
		"no line's name":       func(r *routingv1.CloseLineRequest) { r.Line = "first" },
		"without a request id": func(r *routingv1.CloseLineRequest) { r.RequestId = "" },
	} {
		cases[name] = apitest.Refused(apitest.Spoiled(first.CloseLine, w.Closure(), spoil), codes.InvalidArgument, "FIELD_INVALID")
	}
	w.WantRefusals(cases)
}

// TestTheSameClosureAgain gets the same answer, and is made once.
func TestTheSameClosureAgain(t *testing.T) {
	w := apitest.NewWorld(t)
	first := w.Desk("first")
	request := w.Closure()
	once := first.Recorded(first.Directory.CloseLine(w.Ctx, request))
	first.Took(reopening(first))
	w.Advance(2 * time.Hour)
	w.WantUnchanged(func() {
		if again := first.Recorded(first.Directory.CloseLine(w.Ctx, request)); !proto.Equal(again, once) {
			t.Errorf("answered %v, want %v as before", again, once)
		}
	})
	w.WantOffer("first")
	request.Reason = handoverv1.ClosureReason_CLOSURE_REASON_INCIDENT
	_, err := first.Directory.CloseLine(w.Ctx, request)
	apitest.WantRefusal(t, err, codes.AlreadyExists, "REQUEST_ID_REUSED")
}

// TestTooManyClosures at once are refused; reopening makes room again.
func TestTooManyClosures(t *testing.T) {
	w := apitest.NewWorld(t)
	first := w.Desk("first")
	var err error
	for range 1000 {
		if _, err = first.CloseFor(time.Hour); err != nil {
			break
		}
	}
	apitest.WantRefusal(t, err, codes.FailedPrecondition, "TOO_MANY_CLOSURES")
	first.Took(reopening(first))
	first.Took(first.CloseFor(time.Hour))
}
