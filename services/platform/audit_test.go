package platform_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/types/known/timestamppb"

	auditv1 "github.com/stafett/stafett/proto/stafett/audit/v1"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	"github.com/stafett/stafett/services/internal/identity"
)

type (
	auditReplay = grpc.ServerStreamingClient[auditv1.ReplayCommitsResponse]
	stored      = auditv1.StoredCommit
)

// replayed is what a replay told.
type replayed struct {
	appends  []*stored
	position uint64
}

func (r replayed) positions() []uint64 {
	var positions []uint64
	for _, s := range r.appends {
		positions = append(positions, s.Position)
	}
	return positions
}

func receiveAll(t *testing.T, stream auditReplay) (all replayed) {
	t.Helper()
	for {
		response, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		all.appends = append(all.appends, response.Commits...)
		all.position = response.Position
	}
}

// exercise is what tests read the history for.
var exercise = &eventv1.Purpose{Code: eventv1.PurposeCode_PURPOSE_CODE_EXERCISE}

// replay replays for the purpose of a test.
func (w *world) replay(request *auditv1.ReplayCommitsRequest) replayed {
	w.t.Helper()
	request.Purpose = exercise
	return receiveAll(w.t, must[auditReplay](w.t)(w.auditor().Audit.ReplayCommits(w.ctx, request)))
}

func (w *world) replayError(request *auditv1.ReplayCommitsRequest) error {
	w.t.Helper()
	request.Purpose = exercise
	stream, err := w.auditor().Audit.ReplayCommits(w.ctx, request)
	if err == nil {
		_, err = stream.Recv()
	}
	return err
}

func sequence(from, to uint64) (positions []uint64) {
	for p := from; p <= to; p++ {
		positions = append(positions, p)
	}
	return positions
}

func TestReplay(t *testing.T) {
	w := newWorld(t)
	sender := w.desk("sender")
	one := sender.open() // 5 and 6, after the four lines
	w.pass(time.Minute)
	two := sender.open() // 7 and 8
	w.pass(time.Minute)
	sender.close(one) // 9
	at := func(minutes int) *timestamppb.Timestamp {
		return timestamppb.New(time.Date(2026, 11, 23, 19, minutes, 0, 0, time.UTC))
	}
	cases := map[string]struct {
		request *auditv1.ReplayCommitsRequest
		want    []uint64
	}{
		"everything":                    {&auditv1.ReplayCommitsRequest{}, sequence(1, 9)},
		"after a position":              {&auditv1.ReplayCommitsRequest{AfterPosition: 7}, sequence(8, 9)},
		"after the last":                {&auditv1.ReplayCommitsRequest{AfterPosition: 9}, nil},
		"until a position":              {&auditv1.ReplayCommitsRequest{UntilPosition: 3}, sequence(1, 3)},
		"after and until":               {&auditv1.ReplayCommitsRequest{AfterPosition: 2, UntilPosition: 6}, sequence(3, 6)},
		"from an instant, included":     {&auditv1.ReplayCommitsRequest{StartTime: at(1)}, sequence(7, 9)},
		"to an instant, not included":   {&auditv1.ReplayCommitsRequest{EndTime: at(1)}, sequence(1, 6)},
		"between instants":              {&auditv1.ReplayCommitsRequest{StartTime: at(1), EndTime: at(2)}, sequence(7, 8)},
		"one conversation":              {&auditv1.ReplayCommitsRequest{Conversation: one}, []uint64{5, 6, 9}},
		"the other":                     {&auditv1.ReplayCommitsRequest{Conversation: two}, []uint64{7, 8}},
		"one conversation, a part":      {&auditv1.ReplayCommitsRequest{Conversation: one, AfterPosition: 5, UntilPosition: 8}, []uint64{6}},
		"one conversation, the newest":  {&auditv1.ReplayCommitsRequest{Conversation: one, StartTime: at(2)}, []uint64{9}},
		"one conversation, nothing new": {&auditv1.ReplayCommitsRequest{Conversation: two, AfterPosition: 8}, nil},
	}
	for name, c := range cases {
		if got := w.replay(c.request).positions(); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
	if all := w.replay(&auditv1.ReplayCommitsRequest{}); all.position != 9 {
		t.Errorf("it has come to %d, want 9", all.position)
	}
}

// TestReplayTellsTheChain: each append of a conversation has the hash of the one
// before it.
func TestReplayTellsTheChain(t *testing.T) {
	w := newWorld(t)
	conversation, _ := w.desk("sender").offered()
	var before []byte
	for i, s := range w.replay(&auditv1.ReplayCommitsRequest{Conversation: conversation}).appends {
		if !bytes.Equal(s.Commit.PreviousHash, before) || int(s.Commit.Number) != i+1 || len(s.PayloadHash) != 32 {
			t.Errorf("append %d does not follow: %v", i+1, s.Commit)
		}
		before = s.PayloadHash
	}
}

func TestReplayInPortions(t *testing.T) {
	w := newWorld(t)
	sender := w.desk("sender")
	for range 150 {
		sender.open()
	}
	if got := w.replay(&auditv1.ReplayCommitsRequest{}).positions(); !slices.Equal(got, sequence(1, 304)) {
		t.Errorf("got %d appends, want 1 to 304 in order", len(got))
	}
	w.pass(time.Hour)
	last := w.replay(&auditv1.ReplayCommitsRequest{StartTime: timestamppb.New(w.clock.Now())})
	if len(last.appends) != 0 || last.position != 304 {
		t.Errorf("of nothing: %d appends, and it has come to %d, want 304", len(last.appends), last.position)
	}
}

func TestReplayFollows(t *testing.T) {
	w := newWorld(t)
	sender := w.desk("sender")
	stream := must[auditReplay](t)(w.auditor().Audit.ReplayCommits(w.ctx, &auditv1.ReplayCommitsRequest{Follow: true, AfterPosition: 2, Purpose: exercise}))
	expect := uint64(3)
	receive := func(until uint64) {
		t.Helper()
		for expect <= until {
			response := must[*auditv1.ReplayCommitsResponse](t)(stream.Recv())
			for _, s := range response.Commits {
				if s.Position != expect {
					t.Fatalf("got position %d, want %d", s.Position, expect)
				}
				expect++
			}
		}
	}
	receive(4)
	for n := range uint64(5) {
		sender.open()
		receive(4 + 2*(n+1))
	}
	w.down()
	for {
		if _, err := stream.Recv(); err != nil {
			refused(t, err, codes.Unavailable, "NOT_READY")
			return
		}
	}
}

func TestReplayFollowsOneConversation(t *testing.T) {
	w := newWorld(t)
	sender := w.desk("sender")
	one := sender.open()
	stream := must[auditReplay](t)(w.auditor().Audit.ReplayCommits(w.ctx, &auditv1.ReplayCommitsRequest{Follow: true, Conversation: one, Purpose: exercise}))
	sender.open()
	closed := sender.close(one)
	var got []uint64
	for !slices.Contains(got, closed.Position) {
		for _, s := range must[*auditv1.ReplayCommitsResponse](t)(stream.Recv()).Commits {
			got = append(got, s.Position)
		}
	}
	if want := []uint64{5, 6, closed.Position}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestReplayRefuses(t *testing.T) {
	w := newWorld(t)
	conversation := w.desk("sender").open()
	unknown := "conversations/" + strings.Repeat("0", 32)
	cases := map[string]struct {
		request *auditv1.ReplayCommitsRequest
		code    codes.Code
		reason  string
	}{
		"an unknown conversation":     {&auditv1.ReplayCommitsRequest{Conversation: unknown}, codes.NotFound, "CONVERSATION_NOT_FOUND"},
		"no conversation's name":      {&auditv1.ReplayCommitsRequest{Conversation: "lines/sender"}, codes.InvalidArgument, "FIELD_INVALID"},
		"a handover's name":           {&auditv1.ReplayCommitsRequest{Conversation: conversation + "/handovers/1"}, codes.InvalidArgument, "FIELD_INVALID"},
		"after a position to come":    {&auditv1.ReplayCommitsRequest{AfterPosition: 99}, codes.OutOfRange, "POSITION_IN_FUTURE"},
		"until a position to come":    {&auditv1.ReplayCommitsRequest{UntilPosition: 99}, codes.OutOfRange, "POSITION_IN_FUTURE"},
		"follow until a position":     {&auditv1.ReplayCommitsRequest{Follow: true, UntilPosition: 1}, codes.InvalidArgument, "FIELD_INVALID"},
		"follow until an instant":     {&auditv1.ReplayCommitsRequest{Follow: true, EndTime: timestamppb.Now()}, codes.InvalidArgument, "FIELD_INVALID"},
		"follow an unknown one":       {&auditv1.ReplayCommitsRequest{Follow: true, Conversation: unknown}, codes.NotFound, "CONVERSATION_NOT_FOUND"},
		"a position beyond all bound": {&auditv1.ReplayCommitsRequest{AfterPosition: 1<<64 - 1}, codes.OutOfRange, "POSITION_IN_FUTURE"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) { refused(t, w.replayError(c.request), c.code, c.reason) })
	}
}

func TestOnlyAuditorsReplay(t *testing.T) {
	w := newWorld(t)
	for kind, id := range map[identity.Kind]string{identity.Line: "sender", identity.Operator: "operator", identity.Service: "routing"} {
		t.Run(fmt.Sprint(kind), func(t *testing.T) {
			stream := must[auditReplay](t)(w.peer(kind, id).Audit.ReplayCommits(w.ctx, &auditv1.ReplayCommitsRequest{Purpose: exercise}))
			_, err := stream.Recv()
			refused(t, err, codes.PermissionDenied, "PEER_NOT_ALLOWED")
		})
	}
}
