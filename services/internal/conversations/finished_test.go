package conversations_test

import (
	"errors"
	"fmt"
	"testing"

	"go.etcd.io/bbolt"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/stafett/stafett/pkg/event"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	"github.com/stafett/stafett/services/internal/conversations"
	"github.com/stafett/stafett/services/internal/eventlog"
	"github.com/stafett/stafett/services/internal/logtest"
)

// finished is a service that has projected a conversation to its end, and the answers to its
// requests.
func finished(t *testing.T) (shared, *service, map[string]*handoverv1.Recorded) {
	t.Helper()
	world := newShared(t)
	s := world.open(t, "intake").run(t)
	answers := map[string]*handoverv1.Recorded{
		"open": s.do(t, call("open"), opening()), "join": s.do(t, call("join"), joining("mina")), "close": s.do(t, call("close"), closing()),
	}
	s.settle(t)
	return world, s, answers
}

// left is what a projection has in its buckets.
func left(t *testing.T, s *service) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := s.model.View(func(tx *bbolt.Tx) error {
		for _, bucket := range append([]string{"receipts"}, conversations.Buckets...) {
			_ = tx.Bucket([]byte(bucket)).ForEach(func(k, v []byte) error {
				all[fmt.Sprintf("%s/%x", bucket, k)] = string(v)
				return nil
			})
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// same requires the state to be that of the commits, and requests to get their old answers.
func (s *service) same(t *testing.T, answers map[string]*handoverv1.Recorded) {
	t.Helper()
	want, err := conversations.Rebuild(history(t, s.log))
	if err != nil {
		t.Fatal(err)
	}
	if state, err := s.State(logtest.Context(t), conversation); err != nil || !proto.Equal(state, want) {
		t.Errorf("the state is %v, %v, want %v", state, err, want)
	}
	for request, answer := range answers {
		if again := s.do(t, call(request), joining("nobody")); !proto.Equal(again, answer) {
			t.Errorf("%s, asked again: %v, want %v", request, again, answer)
		}
	}
	_, err = s.Do(logtest.Context(t), call("open", "another body"), opening())
	if reason(err) != handoverv1.RefusalReason_REFUSAL_REASON_REQUEST_ID_REUSED {
		t.Errorf("a request id used again: %v", err)
	}
	if _, err := s.Do(logtest.Context(t), call("new"), joining("mina")); reason(err) != handoverv1.RefusalReason_REFUSAL_REASON_CONVERSATION_CLOSED {
		t.Errorf("a new request: %v", err)
	}
}

func TestAFinishedConversationIsInTheLog(t *testing.T) {
	world, s, answers := finished(t)
	if err := s.model.View(func(tx *bbolt.Tx) error { _, err := conversations.Get(tx, conversation); return err }); !errors.Is(err, conversations.ErrFinished) {
		t.Errorf("the projection has its state, or another error: %v", err)
	}
	if all := left(t, s); len(all) != 1 {
		t.Errorf("the projection keeps %q, want one key", all)
	}
	s.same(t, answers)
	world.open(t, "triage").same(t, answers)
	s.stop()
}

// TestACommitToAFinishedConversation finds the state that the projection no longer has. A
// projection that is rebuilt has all of them in one batch, and becomes the same.
func TestACommitToAFinishedConversation(t *testing.T) {
	world, s, answers := finished(t)
	for range 2 {
		commits := history(t, s.log)
		newest := commits[len(commits)-1]
		_, err := s.log.Append(logtest.Context(t), &eventv1.Commit{
			Id: fmt.Sprint(len(commits)), Subject: eventlog.ConversationSubject(conversation), Number: newest.Commit.Number + 1, PreviousHash: newest.Hash[:],
			RecordTime: timestamppb.Now(), Events: []*eventv1.Event{event.Of(&eventv1.ParticipantLeft{Participant: "mina"})},
		}, newest.Position)
		if err != nil {
			t.Fatal(err)
		}
		s.settle(t)
		s.same(t, answers)
	}
	rebuilt := world.open(t, "triage")
	rebuilt.same(t, answers)
	if was, is := fmt.Sprint(left(t, s)), fmt.Sprint(left(t, rebuilt)); was != is {
		t.Errorf("rebuilt, the projection has\n%q, want\n%q", is, was)
	}
	s.stop()
}
