package eventlog

import (
	"context"
	"errors"
	"sync"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

const (
	// few is how many commits go to the log by themselves at the same time, and the least that
	// make a batch. The server syncs each of them. A batch costs it about eight syncs, however
	// large, and the next one waits for it, so smaller ones make everybody slower.
	few = 16
	// most is the most commits of a batch. If the log does not answer, the outcome of all of
	// them is unknown.
	most = 256
)

// publisher sends commits to the log: by themselves while there are few, and otherwise all that
// wait as one atomic batch. The log acknowledges a batch after it has synced it.
type publisher struct {
	js jetstream.JetStream
	// batches reports whether the stream accepts batches.
	batches bool

	mu      sync.Mutex
	waiting []*publishing
	// alone is how many commits are under way by themselves, and together whether a batch is.
	alone    int
	together bool
}

// publishing is a commit that waits, or is under way.
type publishing struct {
	ctx     context.Context
	message *nats.Msg
	done    chan published // holds one
}

type published struct {
	ack *jetstream.PubAck
	err error
}

// publish sends a message and waits for its acknowledgement. If the context ends first, the
// message may be stored all the same.
func (p *publisher) publish(ctx context.Context, message *nats.Msg) (*jetstream.PubAck, error) {
	if !p.batches {
		return p.js.PublishMsg(ctx, message)
	}
	one := &publishing{ctx, message, make(chan published, 1)}
	if p.begin(one) {
		p.single(one)
	}
	select {
	case out := <-one.done:
		return out.ack, out.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// begin reports whether a commit may go by itself, now. Otherwise it waits for its turn.
func (p *publisher) begin(one *publishing) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.together || p.alone >= few {
		p.waiting = append(p.waiting, one)
		return false
	}
	p.alone++
	return true
}

// single sends one commit and makes room for the next.
func (p *publisher) single(one *publishing) {
	ack, err := p.js.PublishMsg(one.ctx, one.message)
	one.done <- published{ack, err}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.alone--
	p.next()
}

// next sends what waits. The caller holds the lock.
func (p *publisher) next() {
	if p.together {
		return
	}
	if group := p.group(); len(group) >= few {
		p.together = true
		go p.batch(group)
		return
	}
	for len(p.waiting) > 0 && p.alone < few {
		p.alone++
		go p.single(p.waiting[0])
		p.waiting = p.waiting[1:]
	}
}

// group takes commits for a batch out of those that wait, at most one of each subject, unless
// there are too few. It drops those that nobody waits for any more.
func (p *publisher) group() (group []*publishing) {
	if len(p.waiting) < few {
		return nil
	}
	var others []*publishing
	subjects := map[string]bool{}
	for _, one := range p.waiting {
		switch subject := one.message.Subject; {
		case one.ctx.Err() != nil:
		case subjects[subject] || len(group) == most:
			others = append(others, one)
		default:
			subjects[subject] = true
			group = append(group, one)
		}
	}
	if len(group) < few {
		return nil
	}
	p.waiting = others
	return group
}

// batch sends commits as one batch. If the log refuses it, nothing of it is stored; each commit
// then goes by itself, so that a conflict stays with its own.
func (p *publisher) batch(group []*publishing) {
	acks, err := sendBatch(p.js.Conn(), group)
	var refused *jetstream.APIError
	alone := errors.As(err, &refused)
	for i, one := range group {
		switch {
		case alone:
		case err != nil:
			one.done <- published{err: err}
		default:
			one.done <- published{ack: acks[i]}
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.together = false; alone {
		p.alone += len(group)
		for _, one := range group {
			go p.single(one)
		}
	}
	p.next()
}
