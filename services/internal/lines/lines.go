// Package lines keeps the directory of lines in a service's read model.
package lines

import (
	"bytes"
	"crypto/sha256"
	"fmt"

	"go.etcd.io/bbolt"
	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/handover"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	"github.com/stafett/stafett/services/internal/eventlog"
)

// Bucket of a read model in which each line's newest append lies, by line id.
const Bucket = "lines"

// Fold stores a line's newest append. It does nothing with an entry of
// something else.
func Fold(tx *bbolt.Tx, entry eventlog.Entry) error {
	id := entry.Line()
	if id == "" {
		return nil
	}
	bucket := tx.Bucket([]byte(Bucket))
	var before []byte
	if stored := bucket.Get([]byte(id)); stored != nil {
		hash := sha256.Sum256(stored)
		before = hash[:]
	}
	if !bytes.Equal(entry.Append.PreviousHash, before) {
		return fmt.Errorf("line %s: the append does not carry the hash of the one before it", id)
	}
	return bucket.Put([]byte(id), entry.Payload)
}

// Of is the line that an append published last.
func Of(a *eventv1.Append) *handoverv1.Line {
	var line *handoverv1.Line
	for _, e := range a.Events {
		if published := e.GetLinePublished(); published != nil {
			line = published.Line
		}
	}
	return line
}

// All lists the directory, sorted by id.
func All(tx *bbolt.Tx) ([]*handoverv1.Line, error) {
	var all []*handoverv1.Line
	err := tx.Bucket([]byte(Bucket)).ForEach(func(_, stored []byte) error {
		line, err := decode(stored)
		all = append(all, line)
		return err
	})
	return all, err
}

// Get reads a line. It refuses one that is not in the directory.
func Get(tx *bbolt.Tx, id string) (*handoverv1.Line, error) {
	stored := tx.Bucket([]byte(Bucket)).Get([]byte(id))
	if stored == nil {
		return nil, &handover.Refusal{
			Reason:   handoverv1.RefusalReason_REFUSAL_REASON_LINE_NOT_FOUND,
			Message:  handover.LineName(id) + " is not in the directory; list the lines to see which are",
			Metadata: map[string]string{"line": id},
		}
	}
	return decode(stored)
}

func decode(stored []byte) (*handoverv1.Line, error) {
	a := &eventv1.Append{}
	if err := proto.Unmarshal(stored, a); err != nil {
		return nil, err
	}
	return Of(a), nil
}
