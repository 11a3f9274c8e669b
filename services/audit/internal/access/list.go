package access

import (
	"go.etcd.io/bbolt"

	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	"github.com/stafett/stafett/services/internal/eventlog"
	"github.com/stafett/stafett/services/internal/projection"
)

// looked is how many accesses are looked at for one page at most. A page of few
// that are wanted comes with fewer, and the next goes on after it.
const looked = 5_000

// List reads the accesses after a position and up to another that are wanted, at most
// size of them. It returns the position that it has come to; 0 at the end.
func List(m *projection.Model, after, end uint64, size int, wanted func(*eventv1.Commit) bool) (page []eventlog.Entry, next uint64, err error) {
	err = m.View(func(tx *bbolt.Tx) error {
		cursor := tx.Bucket(bucket).Cursor()
		seen := 0
		for k, payload := cursor.Seek(projection.PositionKey(after + 1)); k != nil && projection.KeyPosition(k) <= end; k, payload = cursor.Next() {
			if len(page) == size || seen == looked {
				next = after
				return nil
			}
			seen, after = seen+1, projection.KeyPosition(k)
			entry, err := decode(after, payload)
			if err != nil {
				return err
			}
			if wanted(entry.Commit) {
				page = append(page, entry)
			}
		}
		return nil
	})
	return page, next, err
}

// About wants accesses that asked about a conversation, or about more than one, so
// that it may have been among them. Empty wants all.
func About(conversation string) func(*eventv1.Commit) bool {
	return func(a *eventv1.Commit) bool {
		reading := a.Events[0].GetAccessRecorded().GetReading()
		several := !reading.GetAccesses() && reading.GetConversation() == "" && (reading.GetLine() == "" || reading.GetWithConversations())
		return conversation == "" || reading.GetConversation() == conversation || several
	}
}
