package platform_test

import (
	"bytes"
	"path/filepath"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	auditv1 "github.com/stafett/stafett/proto/stafett/audit/v1"
	"github.com/stafett/stafett/services/internal/conversations"
	"github.com/stafett/stafett/services/internal/eventlog"
	"github.com/stafett/stafett/services/internal/projection"
)

// heldAt is what a service's read model holds of each conversation after each
// append, by position.
func (w *world) heldAt() map[uint64][]byte {
	w.t.Helper()
	held, log := map[uint64][]byte{}, must[*eventlog.Log](w.t)(w.OpenHistory(w.ctx))
	model, err := projection.Open(w.ctx, filepath.Join(w.t.TempDir(), "model.db"), log, projection.Definition{
		Version: "test", Buckets: []string{conversations.Bucket},
		Fold: func(tx *bbolt.Tx, entry eventlog.Entry) error {
			_, err := conversations.Apply(tx, entry)
			held[entry.Position] = bytes.Clone(tx.Bucket([]byte(conversations.Bucket)).Get([]byte(entry.Conversation())))
			return err
		},
	})
	if err != nil {
		w.t.Fatal(err)
	}
	if err := model.Close(); err != nil {
		w.t.Error(err)
	}
	return held
}

// TestTheStateAtEveryPosition: of two conversations that happen at the same time,
// also where the other one's append is the newest.
func TestTheStateAtEveryPosition(t *testing.T) {
	w := newWorld(t)
	sender, receiver := w.desk("sender"), w.desk("first")
	one, handover := sender.offered("first")
	two, declined := sender.offered("second", "third")
	w.desk("second").decline(declined, "1")
	receiver.accept(handover, "1")
	sender.bridge(receiver, handover)
	sender.transfer(receiver, handover)
	w.pass(2 * time.Minute)
	receiver.close(one)
	held, compared := w.heldAt(), 0
	for _, conversation := range []string{one, two} {
		now := []byte(nil)
		for position := uint64(5); position <= w.last(); position++ {
			if own := w.replay(&auditv1.ReplayCommitsRequest{Conversation: conversation, AfterPosition: position - 1, UntilPosition: position}); len(own.appends) == 1 {
				now = held[position]
			}
			if now == nil {
				continue // it has not been opened
			}
			told := must[*auditv1.GetStateResponse](t)(w.state(&auditv1.GetStateRequest{
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
