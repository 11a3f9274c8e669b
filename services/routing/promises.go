package routing

import (
	"bytes"
	"strings"

	"go.etcd.io/bbolt"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/services/internal/projection"
)

// applyPromises records for which lines a time that was promised to the child is still to come.
func applyPromises(tx *bbolt.Tx, id string, state *handover.State) error {
	all, promised := tx.Bucket(promisesBucket), map[string]bool{}
	c := handover.Of(state.Conversation)
	for h := range c.Handovers() {
		if line := h.GetSlot().GetLine(); line != "" {
			promised[line] = promised[line] || h.Promised() && c.CloseTime == nil
		}
	}
	for line, awaited := range promised {
		key := append(projection.Prefix(line), id...)
		if err := putIf(all, key, awaited); err != nil {
			return err
		}
	}
	return nil
}

func putIf(all *bbolt.Bucket, key []byte, there bool) error {
	if there {
		return all.Put(key, []byte{})
	}
	return all.Delete(key)
}

// promises lists the conversations in which a time of a line was promised to the child; for an empty
// line those of all lines.
func promises(tx *bbolt.Tx, line string) (ids []string) {
	return ofLine(tx.Bucket(promisesBucket), line)
}

// ofLine lists what follows a line in a bucket's keys; for an empty line, what follows any line.
func ofLine(all *bbolt.Bucket, line string) (ends []string) {
	var prefix []byte
	if line != "" {
		prefix = projection.Prefix(line)
	}
	cursor := all.Cursor()
	for k, _ := cursor.Seek(prefix); k != nil && bytes.HasPrefix(k, prefix); k, _ = cursor.Next() {
		_, end, _ := strings.Cut(string(k), "\x00")
		ends = append(ends, end)
	}
	return ends
}
