package rpc_test

import (
	"context"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jonboulle/clockwork"
	"golang.org/x/sync/errgroup"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"

	accessv1 "github.com/stafett/stafett/proto/stafett/access/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	"github.com/stafett/stafett/services/internal/identity"
	"github.com/stafett/stafett/services/internal/limits"
	"github.com/stafett/stafett/services/internal/rpc"
	"github.com/stafett/stafett/services/internal/rpctest"
)

// opens returns a function that opens a conversation for a line.
func opens(t *testing.T, w *rpctest.Server, line string) func() error {
	peer := intakev1.NewIntakeServiceClient(w.Dial(identity.Line, line))
	return func() error {
		_, err := peer.OpenConversation(soon(t), opening())
		return err
	}
}

// TestALineThatRunsWildLimitsOnlyItself, on whatever connection, and is told when to come again.
func TestALineThatRunsWildLimitsOnlyItself(t *testing.T) {
	w := serve(t, welcoming())
	clock := clockwork.NewFakeClock()
	rpc.At(w.RPC, clock.Now)
	bris, again, other := opens(t, w, "bris"), opens(t, w, "bris"), opens(t, w, "other")
	for i := range limits.Allowances[identity.Line][accessv1.Limit_LIMIT_OPENING].Burst {
		if err := bris(); err != nil {
			t.Fatalf("call %d: %v", i, err)
		}
	}
	err := bris()
	refused(t, err, codes.ResourceExhausted, "RATE_LIMITED")
	refused(t, again(), codes.ResourceExhausted, "RATE_LIMITED")
	if err := other(); err != nil {
		t.Errorf("another line: %v", err)
	}
	clock.Advance(retryIn(t, err))
	if err := bris(); err != nil {
		t.Errorf("after the time that it was told: %v", err)
	}
}

// TestRefusalsOfAFloodTakeTime, so that they leave the processors to others.
func TestRefusalsOfAFloodTakeTime(t *testing.T) {
	w := serve(t, welcoming())
	clock := clockwork.NewFakeClock()
	rpc.At(w.RPC, clock.Now)
	bris, other := opens(t, w, "bris"), opens(t, w, "other")
	for range limits.Allowances[identity.Line][accessv1.Limit_LIMIT_OPENING].Burst {
		if err := bris(); err != nil {
			t.Fatal(err)
		}
	}
	const count = 300
	began, flood := time.Now(), errgroup.Group{}
	flood.SetLimit(50)
	for range count {
		flood.Go(func() error { refused(t, bris(), codes.ResourceExhausted, "RATE_LIMITED"); return nil })
	}
	if err := other(); err != nil {
		t.Errorf("another line: %v", err)
	}
	flood.Wait()
	if took := time.Since(began); took < count*limits.RefusalTakes {
		t.Errorf("%d refusals at once took %v", count, took)
	}
}

// retryIn is when an answer says to come again.
func retryIn(t *testing.T, err error) time.Duration {
	t.Helper()
	for _, detail := range status.Convert(err).Details() {
		if info, ok := detail.(*errdetails.RetryInfo); ok && info.RetryDelay.AsDuration() > 0 {
			return info.RetryDelay.AsDuration()
		}
	}
	t.Fatalf("%v says nothing of when to come again", err)
	return 0
}

// TestHelpIsNeverLimited, also for a line that has used up all it may do.
func TestHelpIsNeverLimited(t *testing.T) {
	w := serve(t, welcoming())
	clock := clockwork.NewFakeClock()
	rpc.At(w.RPC, clock.Now)
	peer := intakev1.NewIntakeServiceClient(w.Dial(identity.Line, "bris"))
	for range 1000 {
		if _, err := peer.WithdrawConsent(soon(t), &intakev1.WithdrawConsentRequest{}); status.Code(err) == codes.ResourceExhausted {
			t.Fatal(err)
		}
	}
}

func TestStreamsAreBounded(t *testing.T) {
	service := welcoming()
	service.watch = func(_ *intakev1.WatchConversationRequest, stream watching) error {
		if err := stream.Send(&intakev1.WatchConversationResponse{}); err != nil {
			return err
		}
		<-stream.Context().Done()
		return stream.Context().Err()
	}
	w := serve(t, service)
	connection := w.Dial(identity.Line, "bris")
	ctx, cancel := context.WithCancel(soon(t))
	begin := func() error {
		stream, err := intakev1.NewIntakeServiceClient(connection).WatchConversation(ctx,
			&intakev1.WatchConversationRequest{Name: "conversations/00000000000000000000000000000000"})
		if err == nil {
			_, err = stream.Recv()
		}
		return err
	}
	for i := range limits.WatchesPerConnection {
		if err := begin(); err != nil {
			t.Fatalf("stream %d: %v", i, err)
		}
	}
	refused(t, begin(), codes.ResourceExhausted, "TOO_MANY_STREAMS")
	if _, err := intakev1.NewIntakeServiceClient(connection).OpenConversation(soon(t), opening()); err != nil {
		t.Errorf("a call beside the streams: %v", err)
	}
	cancel()
}

// TestTheDocumentNamesWhatIsNeverLimited, and nothing else; and what must be is among it.
func TestTheDocumentNamesWhatIsNeverLimited(t *testing.T) {
	document, err := os.ReadFile("../../../docs/limits.md")
	if err != nil {
		t.Fatal(err)
	}
	_, after, _ := strings.Cut(string(document), "## Never limited")
	listed, _, _ := strings.Cut(after, "##")
	var never []string
	for _, m := range methods(t) {
		access := proto.GetExtension(m.Options(), accessv1.E_Access).(*accessv1.Access)
		if access.GetLimit() == accessv1.Limit_LIMIT_UNSPECIFIED {
			t.Errorf("%s has no limit; give it one in the option stafett.access.v1.access", m.FullName())
		}
		free := access.Limit == accessv1.Limit_LIMIT_NEVER
		if told := strings.Contains(listed, "`"+string(m.Name())+"`"); told != free {
			t.Errorf("%s has %v; docs/limits.md has it among those that are never limited: %t", m.Name(), access.Limit, told)
		}
		if free {
			never = append(never, string(m.Name()))
		}
	}
	for _, must := range []string{"CallEmergency", "RefuseConsent", "WithdrawConsent", "DeclineOffer", "AcceptOffer", "JoinHandover", "JoinConversation", "LeaveHandover"} {
		if !slices.Contains(never, must) {
			t.Errorf("%s is limited", must)
		}
	}
}

// methods are all RPCs of the platform.
func methods(t *testing.T) (all []protoreflect.MethodDescriptor) {
	t.Helper()
	for _, name := range serviceNames {
		service, err := protoregistry.GlobalFiles.FindDescriptorByName(name)
		if err != nil {
			t.Fatal(err)
		}
		each := service.(protoreflect.ServiceDescriptor).Methods()
		for i := range each.Len() {
			all = append(all, each.Get(i))
		}
	}
	return all
}
