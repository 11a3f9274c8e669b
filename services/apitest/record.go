package apitest

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/stafett/stafett/pkg/client"
	"github.com/stafett/stafett/pkg/event"
	auditv1 "github.com/stafett/stafett/proto/stafett/audit/v1"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	"github.com/stafett/stafett/services/internal/identity"
)

type (
	AuditReplay = grpc.ServerStreamingClient[auditv1.ReplayCommitsResponse]
	Commit      = auditv1.StoredCommit
)

// Replayed is the result of a replay.
type Replayed struct {
	Appends  []*Commit
	Position uint64
}

func ReceiveAll(t *testing.T, stream AuditReplay) Replayed {
	t.Helper()
	return Must[Replayed](t)(receiveAll(stream))
}

func receiveAll(stream AuditReplay) (all Replayed, err error) {
	for {
		response, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			return all, nil
		}
		if err != nil {
			return all, err
		}
		all.Appends = append(all.Appends, response.Commits...)
		all.Position = response.Position
	}
}

// Purpose is the purpose for which tests read the history.
var Purpose = &eventv1.Purpose{Code: eventv1.PurposeCode_PURPOSE_CODE_EXERCISE}

// Replay replays for the purpose of a test. It asks again when audit says so.
func (w *World) Replay(request *auditv1.ReplayCommitsRequest) (all Replayed) {
	w.T.Helper()
	request.Purpose = Purpose
	auditor := w.Auditor().Audit
	err := client.Retry(w.Ctx, func(ctx context.Context) error {
		stream, err := auditor.ReplayCommits(ctx, request)
		if err == nil {
			all, err = receiveAll(stream)
		}
		return err
	})
	if err != nil {
		w.T.Fatal(err)
	}
	return all
}

func (w *World) ReplayError(request *auditv1.ReplayCommitsRequest) error {
	w.T.Helper()
	request.Purpose = Purpose
	stream, err := w.Auditor().Audit.ReplayCommits(w.Ctx, request)
	if err == nil {
		_, err = stream.Recv()
	}
	return err
}

// Accesses reads the whole access log, page by page.
func (w *World) Accesses() (all []*Commit) {
	w.T.Helper()
	for token := ""; ; {
		page := Must[*auditv1.ListAccessesResponse](w.T)(w.Peer(identity.Auditor, "controller").Audit.ListAccesses(w.Ctx,
			&auditv1.ListAccessesRequest{PageSize: 2, PageToken: token, Purpose: Purpose}))
		all = append(all, page.Accesses...)
		if token = page.NextPageToken; token == "" {
			return all
		}
	}
}

// Logged are the events of one type in the log, of one conversation or of all.
func Logged[E any](w *World, conversation string) (all []E) {
	w.T.Helper()
	w.Settle()
	for _, s := range w.Replay(&auditv1.ReplayCommitsRequest{Conversation: conversation}).Appends {
		for _, e := range s.Commit.Events {
			if what, ok := event.What(e).(E); ok {
				all = append(all, what)
			}
		}
	}
	return all
}

// WantUnchanged checks that do commits nothing.
func (w *World) WantUnchanged(do func()) {
	w.T.Helper()
	w.Settle()
	before := Must[uint64](w.T)(w.Last(w.Ctx))
	do()
	w.Settle()
	if after := Must[uint64](w.T)(w.Last(w.Ctx)); after != before {
		w.T.Errorf("the log ends at %d, want %d as before", after, before)
	}
}

// WantRefusalBecause checks a refusal and the reason in its metadata.
func WantRefusalBecause(t *testing.T, err error, code codes.Code, reason, why string) {
	t.Helper()
	WantRefusal(t, err, code, reason)
	for _, detail := range status.Convert(err).Details() {
		if info, ok := detail.(*errdetails.ErrorInfo); ok && info.Metadata["why"] != why {
			t.Errorf("refused because %q, want %q", info.Metadata["why"], why)
		}
	}
}

// Snapshot is the services' state of a conversation or a line, and its time.
type Snapshot struct {
	Name  string
	At    time.Time
	Until uint64
	Held  []byte
}

// Observe records the state in each service, which must be the same in all of them.
func (w *World) Observe(name string, services ...string) Snapshot {
	w.T.Helper()
	w.Settle()
	bucket, key, _ := strings.Cut(name, "/")
	m := Snapshot{Name: name, At: w.Clock.Now(), Until: w.LogEnd()}
	for _, service := range services {
		held := w.Held(service, bucket, key)
		if len(held) == 0 || m.Held != nil && !bytes.Equal(held, m.Held) {
			w.T.Fatalf("%s holds %d bytes of %s, unlike the service before it", service, len(held), name)
		}
		m.Held = held
	}
	w.Clock.Advance(time.Second)
	return m
}
