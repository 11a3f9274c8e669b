package access

import (
	"go.etcd.io/bbolt"

	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	"github.com/stafett/stafett/services/internal/eventlog"
	"github.com/stafett/stafett/services/internal/projection"
)

// looked is the maximum number of accesses examined for one page. A page with few matches ends
// early, and the next continues after it.
const looked = 5_000

// List reads up to size wanted accesses between two positions, the first excluded and the last
// included. It returns the position that it has reached; 0 at the end.
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

// About selects accesses that asked about a conversation, or about more than one, so that it
// may have been among them. Empty selects all.
func About(conversation string) func(*eventv1.Commit) bool {
	return func(a *eventv1.Commit) bool {
		reading := a.Events[0].GetAccessRecorded().GetReading()
		several := !reading.GetAccesses() && reading.GetConversation() == "" && (reading.GetLine() == "" || reading.GetWithConversations())
		return conversation == "" || reading.GetConversation() == conversation || several
	}
}
