package access

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"github.com/stafett/stafett/services/internal/eventlog"
)

// List reads accesses after a position, at most size of them, and says whether
// there are more. One that does not follow the one before it is an error.
func (r *Record) List(ctx context.Context, after uint64, size int) (page []eventlog.Entry, more bool, err error) {
	before, err := r.before(ctx, after)
	if err != nil {
		return nil, false, err
	}
	for len(page) < size {
		entry, err := r.log.At(ctx, before.Position+1)
		if errors.Is(err, eventlog.ErrNotFound) {
			return page, false, nil
		}
		if err != nil {
			return nil, false, err
		}
		if err := follows(before, entry); err != nil {
			return nil, false, err
		}
		page, before = append(page, entry), entry
	}
	last, err := r.log.Last(ctx)
	return page, last > before.Position, err
}

// before is the access at a position, or the zero entry before the first.
func (r *Record) before(ctx context.Context, position uint64) (eventlog.Entry, error) {
	if position == 0 {
		return eventlog.Entry{}, nil
	}
	return r.log.At(ctx, position)
}

func follows(before, entry eventlog.Entry) error {
	var hash []byte
	if before.Position > 0 {
		hash = before.Hash[:]
	}
	if entry.Append.Number != before.Append.GetNumber()+1 || !bytes.Equal(entry.Append.PreviousHash, hash) {
		return fmt.Errorf("access %d at position %d does not follow access %d: the record of reading has a hole", entry.Append.Number, entry.Position, before.Append.GetNumber())
	}
	return nil
}
