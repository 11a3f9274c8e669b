package audit_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/types/known/timestamppb"

	auditv1 "github.com/stafett/stafett/proto/stafett/audit/v1"
	"github.com/stafett/stafett/services/apitest"
	"github.com/stafett/stafett/services/internal/identity"
)

func positions(r apitest.Replayed) []uint64 {
	var positions []uint64
	for _, s := range r.Appends {
		positions = append(positions, s.Position)
	}
	return positions
}

func sequence(from, to uint64) (positions []uint64) {
	for p := from; p <= to; p++ {
		positions = append(positions, p)
	}
	return positions
}

func TestReplay(t *testing.T) {
	w := apitest.NewWorld(t)
	sender := w.Desk("sender")
	one := sender.OpenConversation() // 5 and 6, after the four lines
	w.Advance(time.Minute)
	two := sender.OpenConversation() // 7 and 8
	w.Advance(time.Minute)
	sender.CloseConversation(one) // 9
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
		if got := positions(w.Replay(c.request)); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
	if all := w.Replay(&auditv1.ReplayCommitsRequest{}); all.Position != 9 {
		t.Errorf("it has come to %d, want 9", all.Position)
	}
}

// TestReplayTellsTheChain: each commit of a conversation has the hash of the one before it.
func TestReplayTellsTheChain(t *testing.T) {
	w := apitest.NewWorld(t)
	conversation, _ := w.Desk("sender").Offered()
	var before []byte
	for i, s := range w.Replay(&auditv1.ReplayCommitsRequest{Conversation: conversation}).Appends {
		if !bytes.Equal(s.Commit.PreviousHash, before) || int(s.Commit.Number) != i+1 || len(s.PayloadHash) != 32 {
			t.Errorf("commit %d does not follow: %v", i+1, s.Commit)
		}
		before = s.PayloadHash
	}
}

func TestReplayInPortions(t *testing.T) {
	w := apitest.NewWorld(t)
	sender := w.Desk("sender")
	for range 150 {
		sender.OpenConversation()
	}
	if got := positions(w.Replay(&auditv1.ReplayCommitsRequest{})); !slices.Equal(got, sequence(1, 304)) {
		t.Errorf("got %d commits, want 1 to 304 in order", len(got))
	}
	w.Advance(time.Hour)
	last := w.Replay(&auditv1.ReplayCommitsRequest{StartTime: timestamppb.New(w.Clock.Now())})
	if len(last.Appends) != 0 || last.Position != 304 {
		t.Errorf("of nothing: %d commits, and it has come to %d, want 304", len(last.Appends), last.Position)
	}
}

func TestReplayFollows(t *testing.T) {
	w := apitest.NewWorld(t)
	sender := w.Desk("sender")
	stream := apitest.Must[apitest.AuditReplay](t)(w.Auditor().Audit.ReplayCommits(w.Ctx, &auditv1.ReplayCommitsRequest{Follow: true, AfterPosition: 2, Purpose: apitest.Purpose}))
	expect := uint64(3)
	receive := func(until uint64) {
		t.Helper()
		for expect <= until {
			response := apitest.Must[*auditv1.ReplayCommitsResponse](t)(stream.Recv())
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
		sender.OpenConversation()
		receive(4 + 2*(n+1))
	}
	w.Stop()
	for {
		if _, err := stream.Recv(); err != nil {
			apitest.WantRefusal(t, err, codes.Unavailable, "NOT_READY")
			return
		}
	}
}

func TestReplayFollowsOneConversation(t *testing.T) {
	w := apitest.NewWorld(t)
	sender := w.Desk("sender")
	one := sender.OpenConversation()
	stream := apitest.Must[apitest.AuditReplay](t)(w.Auditor().Audit.ReplayCommits(w.Ctx, &auditv1.ReplayCommitsRequest{Follow: true, Conversation: one, Purpose: apitest.Purpose}))
	sender.OpenConversation()
	closed := sender.CloseConversation(one)
	var got []uint64
	for !slices.Contains(got, closed.Position) {
		for _, s := range apitest.Must[*auditv1.ReplayCommitsResponse](t)(stream.Recv()).Commits {
			got = append(got, s.Position)
		}
	}
	if want := []uint64{5, 6, closed.Position}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestReplayRefuses(t *testing.T) {
	w := apitest.NewWorld(t)
	conversation := w.Desk("sender").OpenConversation()
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
		t.Run(name, func(t *testing.T) { apitest.WantRefusal(t, w.ReplayError(c.request), c.code, c.reason) })
	}
}

func TestOnlyAuditorsReplay(t *testing.T) {
	w := apitest.NewWorld(t)
	for kind, id := range map[identity.Kind]string{identity.Line: "sender", identity.Operator: "operator", identity.Service: "routing"} {
		t.Run(fmt.Sprint(kind), func(t *testing.T) {
			stream := apitest.Must[apitest.AuditReplay](t)(w.Peer(kind, id).Audit.ReplayCommits(w.Ctx, &auditv1.ReplayCommitsRequest{Purpose: apitest.Purpose}))
			_, err := stream.Recv()
			apitest.WantRefusal(t, err, codes.PermissionDenied, "PEER_NOT_ALLOWED")
		})
	}
}
