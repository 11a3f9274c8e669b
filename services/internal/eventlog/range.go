package eventlog

import (
	"context"
	"errors"

	"github.com/nats-io/nats.go/jetstream"
)

// Range is a part of the log: the first commits after a position and up to another.
type Range struct {
	After, Until uint64
	Most         int
}

// Part reads the commits of one subject in a range that has been projected, in order. It asks the
// log only for what the process's reader no longer keeps.
func (l *Log) Part(ctx context.Context, subject string, r Range) ([]Entry, error) {
	if r.After >= r.Until {
		return nil, nil
	}
	if entries, kept := l.reader.part(subject, r); kept {
		return entries, nil
	}
	return l.some(ctx, subject, r)
}

// some reads the commits of one subject in a range, one after the other.
func (l *Log) some(ctx context.Context, subject string, r Range) (entries []Entry, err error) {
	for r.After < r.Until && len(entries) < r.Most {
		entry, err := l.get(ctx, r.After+1, jetstream.WithGetMsgSubject(subject))
		if errors.Is(err, ErrNotFound) {
			return entries, nil
		}
		if err != nil {
			return nil, err
		}
		if entry.Position > r.Until {
			return entries, nil
		}
		entries, r.After = append(entries, entry), entry.Position
	}
	return entries, nil
}

// part returns the commits of a subject in a range, and whether all of the range is kept.
func (r *Reader) part(subject string, of Range) (entries []Entry, kept bool) {
	r.mu.Lock()
	current := r.current
	r.mu.Unlock()
	if current == nil {
		return nil, false
	}
	all, _, err := current.after(of.After)
	if err != nil || len(all) == 0 || all[len(all)-1].Position < of.Until {
		return nil, false
	}
	for _, entry := range all {
		if entry.Position > of.Until || len(entries) == of.Most {
			break
		}
		if entry.Commit.Subject == subject {
			entries = append(entries, entry)
		}
	}
	return entries, true
}
