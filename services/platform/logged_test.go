package platform_test

import (
	"testing"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/stafett/stafett/pkg/event"
	auditv1 "github.com/stafett/stafett/proto/stafett/audit/v1"
)

// logged are the events of one type that the log has of a conversation, or of
// everything.
func logged[E any](w *world, conversation string) (all []E) {
	w.t.Helper()
	w.settle()
	for _, s := range w.replay(&auditv1.ReplayCommitsRequest{Conversation: conversation}).appends {
		for _, e := range s.Commit.Events {
			if what, ok := event.What(e).(E); ok {
				all = append(all, what)
			}
		}
	}
	return all
}

// unchanged checks that something appends nothing.
func (w *world) unchanged(do func()) {
	w.t.Helper()
	w.settle()
	before := must[uint64](w.t)(w.Last(w.ctx))
	do()
	w.settle()
	if after := must[uint64](w.t)(w.Last(w.ctx)); after != before {
		w.t.Errorf("the log ends at %d, want %d as before", after, before)
	}
}

// refusedBecause checks a refusal and why its metadata say it is.
func refusedBecause(t *testing.T, err error, code codes.Code, reason, why string) {
	t.Helper()
	refused(t, err, code, reason)
	for _, detail := range status.Convert(err).Details() {
		if info, ok := detail.(*errdetails.ErrorInfo); ok && info.Metadata["why"] != why {
			t.Errorf("refused because %q, want %q", info.Metadata["why"], why)
		}
	}
}
