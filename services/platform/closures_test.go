package platform_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	"github.com/stafett/stafett/services/internal/identity"
)

func (w *world) operator() desk {
	w.t.Helper()
	return desk{w.peer(identity.Operator, "operator"), w, "operator"}
}

// toClose closes first for an hour.
func (w *world) toClose() *routingv1.CloseLineRequest {
	return &routingv1.CloseLineRequest{
		RequestId: uuid.NewString(), Line: "lines/first", Reason: handoverv1.ClosureReason_CLOSURE_REASON_SHORT_STAFFED,
		EndTime: timestamppb.New(w.clock.Now().Add(time.Hour)),
	}
}

// closing closes a desk's own line for a time.
func (d desk) closing(lasts time.Duration) (*handoverv1.Recorded, error) {
	r := d.toClose()
	r.Line, r.EndTime = "lines/"+d.line, timestamppb.New(d.clock.Now().Add(lasts))
	return d.Directory.CloseLine(d.ctx, r)
}

func (d desk) reopening() (*handoverv1.Recorded, error) {
	return d.Directory.ReopenLine(d.ctx, &routingv1.ReopenLineRequest{RequestId: uuid.NewString(), Line: "lines/" + d.line})
}

// TestAClosedLine is asked by nobody, until it opens again or the time is over.
func TestAClosedLine(t *testing.T) {
	w := newWorld(t)
	first := w.desk("first")
	first.done(first.closing(time.Hour))
	got := w.chats("first")
	if got.Open || got.ClosedReason != handoverv1.ClosureReason_CLOSURE_REASON_SHORT_STAFFED || got.NextOpen.AsTime() != w.clock.Now().Add(time.Hour) {
		t.Errorf("once it is closed first is %v, want closed for an hour for want of staff", got)
	}
	if all := w.availability("first").Closures; len(all) != 1 {
		t.Errorf("its closures are %v, want one", all)
	}
	w.asksNobody("first")
	w.asks("second")
	first.done(first.reopening())
	w.asks("first")
	first.done(first.closing(time.Minute))
	w.pass(time.Minute - time.Nanosecond)
	w.asksNobody("first")
	w.pass(time.Nanosecond)
	w.asks("first")
}

// TestAClosureToCome begins when it says, on the channels that it names, and is called
// off with all others.
func TestAClosureToCome(t *testing.T) {
	w := newWorld(t)
	first := w.desk("first")
	soon := w.toClose()
	soon.StartTime = timestamppb.New(w.clock.Now().Add(30 * time.Minute))
	first.done(first.Directory.CloseLine(w.ctx, soon))
	elsewhere := w.toClose()
	elsewhere.Channels = []handoverv1.Channel{phone}
	first.done(first.Directory.CloseLine(w.ctx, elsewhere))
	w.asks("first")
	w.pass(30 * time.Minute)
	w.asksNobody("first")
	first.done(first.reopening())
	w.asks("first")
	if all := w.availability("first").Closures; len(all) != 0 {
		t.Errorf("its closures are %v, want none", all)
	}
}

// TestAClosureIsForNewOffers: what the line has accepted goes on.
func TestAClosureIsForNewOffers(t *testing.T) {
	w := newWorld(t)
	sender, first := w.desk("sender"), w.desk("first")
	conversation, handover := sender.offered("first")
	_, asked := sender.offered("first")
	first.accept(handover, "1")
	first.done(first.closing(time.Hour))
	first.accept(asked, "1") // it was asked before
	sender.bridge(first, handover)
	sender.transfer(first, handover)
	if custody := sender.hasCustody(conversation); custody.Line != "first" {
		t.Errorf("custody is %v, want first's", custody)
	}
}

// TestWhoMayCloseALine: it does itself, and an operator any.
func TestWhoMayCloseALine(t *testing.T) {
	w := newWorld(t)
	first, operator := w.desk("first"), w.operator()
	w.refuse(map[string]bad{
		"another line":        {sent(w.desk("second").shut, w.toClose(), func(*routingv1.CloseLineRequest) {}), codes.PermissionDenied, "LINE_NOT_YOURS"},
		"an auditor":          {sent(desk{w.auditor(), w, ""}.shut, w.toClose(), func(*routingv1.CloseLineRequest) {}), codes.PermissionDenied, "PEER_NOT_ALLOWED"},
		"no such line":        {sent(operator.shut, w.toClose(), func(r *routingv1.CloseLineRequest) { r.Line = "lines/unlisted" }), codes.NotFound, "LINE_NOT_FOUND"},
		"another's reopening": {sent(w.desk("second").unshut, &routingv1.ReopenLineRequest{RequestId: uuid.NewString(), Line: "lines/first"}, func(*routingv1.ReopenLineRequest) {}), codes.PermissionDenied, "LINE_NOT_YOURS"},
	})
	operator.done(operator.Directory.CloseLine(w.ctx, w.toClose()))
	w.asksNobody("first")
	first.done(first.reopening())
	w.asks("first")
}

// the client's methods without their options.
func (d desk) shut(ctx context.Context, r *routingv1.CloseLineRequest) (*handoverv1.Recorded, error) {
	return d.Directory.CloseLine(ctx, r)
}
func (d desk) unshut(ctx context.Context, r *routingv1.ReopenLineRequest) (*handoverv1.Recorded, error) {
	return d.Directory.ReopenLine(ctx, r)
}

// TestAClosureThatIsNone changes nothing.
func TestAClosureThatIsNone(t *testing.T) {
	w := newWorld(t)
	first, cases := w.desk("first"), map[string]bad{}
	at := func(d time.Duration) *timestamppb.Timestamp { return timestamppb.New(w.clock.Now().Add(d)) }
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
		"a channel twice":      func(r *routingv1.CloseLineRequest) { r.Channels = []handoverv1.Channel{chat, chat} },
		"no line's name":       func(r *routingv1.CloseLineRequest) { r.Line = "first" },
		"without a request id": func(r *routingv1.CloseLineRequest) { r.RequestId = "" },
	} {
		cases[name] = bad{sent(first.shut, w.toClose(), spoil), codes.InvalidArgument, "FIELD_INVALID"}
	}
	w.refuse(cases)
}

// TestTheSameClosureAgain is answered as before, and made once.
func TestTheSameClosureAgain(t *testing.T) {
	w := newWorld(t)
	first := w.desk("first")
	request := w.toClose()
	once := first.done(first.Directory.CloseLine(w.ctx, request))
	first.done(first.reopening())
	w.pass(2 * time.Hour)
	w.unchanged(func() {
		if again := first.done(first.Directory.CloseLine(w.ctx, request)); !proto.Equal(again, once) {
			t.Errorf("answered %v, want %v as before", again, once)
		}
	})
	w.asks("first")
	request.Reason = handoverv1.ClosureReason_CLOSURE_REASON_INCIDENT
	_, err := first.Directory.CloseLine(w.ctx, request)
	refused(t, err, codes.AlreadyExists, "REQUEST_ID_REUSED")
}
