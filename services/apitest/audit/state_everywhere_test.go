package audit_test

import (
	"bytes"
	"path/filepath"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	auditv1 "github.com/stafett/stafett/proto/stafett/audit/v1"
	"github.com/stafett/stafett/services/apitest"
	"github.com/stafett/stafett/services/internal/conversations"
	"github.com/stafett/stafett/services/internal/eventlog"
	"github.com/stafett/stafett/services/internal/projection"
)

// heldAt is a service's projection of each conversation after each commit, by position.
func heldAt(w *apitest.World) map[uint64][]byte {
	w.T.Helper()
	held, log := map[uint64][]byte{}, apitest.Must[*eventlog.Log](w.T)(w.OpenHistory(w.Ctx))
	model, err := projection.Open(w.Ctx, filepath.Join(w.T.TempDir(), "model.db"), log, projection.Definition{
		Version: "test", Buckets: conversations.Buckets,
		Apply: func(tx *projection.Tx, entry eventlog.Entry) error {
			state, err := conversations.Apply(tx, entry)
			if err != nil || state == nil {
				return err
			}
			held[entry.Position], err = proto.MarshalOptions{Deterministic: true}.Marshal(state)
			return err
		},
	})
	if err != nil {
		w.T.Fatal(err)
	}
	if err := model.Close(); err != nil {
		w.T.Error(err)
	}
	return held
}

// TestTheStateAtEveryPosition: of two concurrent conversations, even if the other one's commit
// is the newest.
func TestTheStateAtEveryPosition(t *testing.T) {
	w := apitest.NewWorld(t)
	sender, receiver := w.Desk("sender"), w.Desk("first")
	one, handover := sender.Offered("first")
	two, declined := sender.Offered("second", "third")
	w.Desk("second").Decline(declined, "1")
	receiver.Accept(handover, "1")
	sender.Bridge(receiver, handover)
	sender.Transfer(receiver, handover)
	w.Advance(2 * time.Minute)
	receiver.CloseConversation(one)
	held, compared := heldAt(w), 0
	for _, conversation := range []string{one, two} {
		now := []byte(nil)
		for position := uint64(5); position <= w.LogEnd(); position++ {
			if own := w.Replay(&auditv1.ReplayCommitsRequest{Conversation: conversation, AfterPosition: position - 1, UntilPosition: position}); len(own.Appends) == 1 {
				now = held[position]
			}
			if now == nil {
				continue // not opened yet
			}
			told := apitest.Must[*auditv1.GetStateResponse](t)(state(w, &auditv1.GetStateRequest{
				Name: conversation, At: &auditv1.GetStateRequest_Position{Position: position},
			}))
			if compared++; !bytes.Equal(encoded(t, told), now) {
				t.Errorf("at position %d the state of %s is not what the services held:\n%v", position, conversation, told)
			}
		}
	}
	if compared < 30 {
		t.Errorf("only %d states were compared", compared)
	}
}
