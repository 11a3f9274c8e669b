package eventlog

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

const (
	// few is how many commits go to the log by themselves at the same time, and the least that
	// make a batch. The server syncs each of them. A batch costs it about eight syncs, however
	// large, and the next one waits for it, so smaller ones make everybody slower.
	few = 16
	// fewStaged is the same where the server stages batches in memory: one costs it a sync.
	fewStaged = 4
	// most is the most commits of a batch. If the log does not answer, the outcome of all of
	// them is unknown.
	most = 256
	// remembered is how many subjects' positions are kept. Forgetting one costs a refused batch at
	// most.
	remembered = 10_000
)

// Writer sends the commits of a process to a stream: by themselves while there are few, and
// otherwise all that wait as one atomic batch. The log acknowledges a batch after it has synced
// it.
type Writer struct {
	// Staged means that the server stages batches in memory.
	Staged bool

	mu      sync.Mutex
	waiting []*publishing
	// alone is how many commits are under way by themselves, and together whether a batch is.
	alone    int
	together bool
	// underWay has the subjects of both, and newest the position of the last commit of a subject.
	underWay map[string]bool
	newest   map[string]uint64
}

// publishing is a commit that waits, or is under way.
type publishing struct {
	ctx      context.Context
	js       jetstream.JetStream
	message  *nats.Msg
	expected uint64
	done     chan published // holds one
	// gone means that it waits no longer.
	gone bool
}

type published struct {
	ack *jetstream.PubAck
	err error
}

// publish sends a message and waits for its acknowledgement. If the context ends first, the
// message may be stored all the same.
func (w *Writer) publish(ctx context.Context, js jetstream.JetStream, message *nats.Msg, expected uint64) (*jetstream.PubAck, error) {
	one := &publishing{ctx: ctx, js: js, message: message, expected: expected, done: make(chan published, 1)}
	w.mu.Lock()
	w.waiting = append(w.waiting, one)
	w.next()
	w.mu.Unlock()
	select {
	case out := <-one.done:
		return out.ack, out.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// next sends what may go now. The caller holds the lock.
func (w *Writer) next() {
	if w.together {
		return
	}
	ready, least := w.ready(), few
	if w.Staged {
		least = fewStaged
	}
	if len(ready) >= least {
		w.together = true
		go w.batch(ready)
	} else {
		ready = ready[:min(len(ready), max(least-w.alone, 0))]
		w.alone += len(ready)
		for _, one := range ready {
			go w.single(one)
		}
	}
	for _, one := range ready {
		one.gone, w.underWay[one.message.Subject] = true, true
	}
	w.waiting = slices.DeleteFunc(w.waiting, func(one *publishing) bool { return one.gone })
}

// ready returns the first commit of each subject that has none under way. It drops those that
// nobody waits for any more, and answers those whose subject has a newer commit of this process:
// the log would refuse the whole batch.
func (w *Writer) ready() (ready []*publishing) {
	if w.underWay == nil {
		w.underWay, w.newest = map[string]bool{}, map[string]uint64{}
	}
	taken := map[string]bool{}
	for _, one := range w.waiting {
		switch subject := one.message.Subject; {
		case one.ctx.Err() != nil:
			one.gone = true
		case w.underWay[subject] || taken[subject]:
		case w.newest[subject] > one.expected:
			one.gone = true
			one.done <- published{err: fmt.Errorf("%w: %d", ErrConflict, w.newest[subject])}
		default:
			taken[subject] = true
			ready = append(ready, one)
		}
		if len(ready) == most {
			return ready
		}
	}
	return ready
}

// single sends one commit and makes room for the next.
func (w *Writer) single(one *publishing) {
	ack, err := one.js.PublishMsg(one.ctx, one.message)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.alone--
	w.answer(one, ack, err)
	w.next()
}

// batch sends commits as one batch. If the log refuses it, nothing of it is stored; each commit
// then goes by itself, so that a conflict stays with its own.
func (w *Writer) batch(group []*publishing) {
	acks, err := sendBatch(group[0].js.Conn(), group)
	var refused *jetstream.APIError
	w.mu.Lock()
	defer w.mu.Unlock()
	w.together = false
	for i, one := range group {
		switch {
		case errors.As(err, &refused):
			w.alone++
			go w.single(one)
		case err != nil:
			w.answer(one, nil, err)
		default:
			w.answer(one, acks[i], nil)
		}
	}
	w.next()
}

// answer tells the caller of a commit how it ended. The caller holds the lock.
func (w *Writer) answer(one *publishing, ack *jetstream.PubAck, err error) {
	delete(w.underWay, one.message.Subject)
	if err == nil {
		if len(w.newest) == remembered {
			clear(w.newest)
		}
		w.newest[one.message.Subject] = ack.Sequence
	}
	one.done <- published{ack, err}
}
