package eventlog

import (
	"context"
	"errors"
	"time"
)

// longest is the longest pause after a batch, unless its follower wants a longer rest.
const longest = 20 * time.Millisecond

// SharedBy returns the same log for a process whose logs of one stream share a reader and a
// writer.
func (l *Log) SharedBy(r *Reader, w *Writer) *Log {
	shared := *l
	shared.reader, shared.writer = r, w
	return &shared
}

// Share is Follow by way of the process's reader, and paced. The first commit after a quiet moment
// comes at once; the next batch comes no sooner than after as long as the last one took, and after
// a rest. So under load one transaction serves many commits. Hurry ends the pause.
func (l *Log) Share(ctx context.Context, after uint64, rest time.Duration, hurry <-chan struct{}, each func([]Entry) error) error {
	reading := l.reader.join(l, after)
	defer l.reader.leave()
	for {
		batch, err := reading.await(ctx, after)
		if errors.Is(err, errBehind) {
			after, err = l.alone(ctx, after, reading, each)
		}
		if err != nil {
			return err
		}
		if batch == nil {
			continue
		}
		l.continuity.seen(batch[len(batch)-1])
		began := time.Now()
		if err := each(batch); err != nil {
			return err
		}
		after = batch[len(batch)-1].Position
		pause := max(rest, min(time.Since(began), longest))
		if err := sleep(ctx, pause, hurry); err != nil {
			return err
		}
	}
}

// alone follows the log without the reader, until that has what comes next.
func (l *Log) alone(ctx context.Context, after uint64, reading *reading, each func([]Entry) error) (uint64, error) {
	met := errors.New("met the reader")
	err := l.Follow(ctx, after, func(batch []Entry) error {
		if err := each(batch); err != nil {
			return err
		}
		after = batch[len(batch)-1].Position
		if _, _, err := reading.after(after); !errors.Is(err, errBehind) {
			return met
		}
		return nil
	})
	if errors.Is(err, met) {
		err = nil
	}
	return after, err
}

func sleep(ctx context.Context, pause time.Duration, hurry <-chan struct{}) error {
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-hurry:
	case <-ctx.Done():
		return ctx.Err()
	}
	return nil
}
