package eventlog

import (
	"context"

	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
)

// Together appends the first commits of several subjects as one batch.
func (l *Log) Together(commits []*eventv1.Commit) error {
	var group []*publishing
	for _, c := range commits {
		message, err := l.message(c, 0)
		if err != nil {
			return err
		}
		group = append(group, &publishing{message: message})
	}
	_, err := sendBatch(l.js.Conn(), group)
	return err
}

// Heard is the number of other processes that have told what they know.
func (l *Log) Heard() int {
	l.marks.mu.Lock()
	defer l.marks.mu.Unlock()
	return len(l.marks.heard)
}

// Knows has the process know that there is a commit at a position.
func (l *Log) Knows(position uint64, hash [32]byte) { l.continuity.knows(position, hash) }

// Hears reports whether another process has told what it knows.
func (l *Log) Hears(other *Log) bool {
	l.marks.mu.Lock()
	defer l.marks.mu.Unlock()
	return !l.marks.heard[other.marks.process].IsZero()
}

// Kept is what the process's reader keeps of a range.
func (l *Log) Kept(subject string, r Range) ([]Entry, bool) { return l.reader.part(subject, r) }

// Compare compares what the others have told.
func (l *Log) Compare(ctx context.Context) error { return l.compareMarks(ctx) }
