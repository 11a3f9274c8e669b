package eventlog

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/stafett/stafett/pkg/verify"
)

// MarkSubject is the subject on which the processes tell each other the newest commit that they
// know. It belongs to no stream, so it needs nothing that a log could lose.
const MarkSubject = "stafett.mark"

const (
	// hearWithin is how long a process waits, after a reconnection, for others that it heard
	// before. Whoever is down by then no longer holds up the children of the rest; if it knows
	// more than the log, it says so once it is back, and all stop.
	hearWithin = 2 * time.Second
	// askEvery is the interval at which it asks meanwhile: the others reconnect at other times.
	askEvery = 100 * time.Millisecond
	// startWaits is how long a process that starts waits for the others.
	startWaits = time.Second
	// silentFor is after how long without a word a process counts as stopped.
	silentFor = 4 * guardEvery
)

// mark is the newest commit that a process knows.
type mark struct {
	// Process is the random name of the process.
	Process, Service string
	Position         uint64
	Hash             []byte
	// Ask: everybody shall tell theirs.
	Ask bool
	// To is the process that asked. It has another name after each start, so no earlier answer passes for one to
	// it.
	To string
	// Vouches: the process knows that the log has what was signed.
	Vouches bool
}

// marks are what the other processes have told.
type marks struct {
	process string

	mu    sync.Mutex
	of    map[string]mark
	heard map[string]time.Time
	// due are the processes whose newest mark was not compared with the log yet.
	due map[string]bool
	// answered are the processes that have answered this one.
	answered map[string]bool
}

func newMarks() *marks {
	return &marks{process: rand.Text(), of: map[string]mark{}, heard: map[string]time.Time{}, due: map[string]bool{}, answered: map[string]bool{}}
}

// add records another process's mark.
func (m *marks) add(told mark, now time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if before := m.of[told.Process]; before.Position != told.Position || string(before.Hash) != string(told.Hash) {
		m.due[told.Process] = told.Position > 0
	}
	if told.To == m.process {
		m.answered[told.Process] = true
		m.due[told.Process] = m.due[told.Process] || told.Vouches
	}
	m.of[told.Process], m.heard[told.Process] = told, now
}

// silent forgets processes that have stopped, and returns those that have told nothing since an
// instant.
func (m *marks) silent(since, forget time.Time) (names []string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for name, heard := range m.heard {
		switch {
		case heard.Before(forget) && !m.due[name]:
			delete(m.of, name)
			delete(m.heard, name)
			delete(m.answered, name)
		case heard.Before(since):
			names = append(names, name)
		}
	}
	return names
}

// take returns the marks that were not compared yet.
func (m *marks) take() (all []mark) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for name, due := range m.due {
		if delete(m.due, name); due {
			all = append(all, m.of[name])
		}
	}
	return all
}

// tell publishes what this process knows. A connection that is away loses it: marks are told
// again.
func (l *Log) tell(told mark) {
	position, hash, _ := l.continuity.newest()
	told.Process, told.Service, told.Position, told.Hash, told.Vouches = l.marks.process, l.key.Service(), position, hash[:], l.vouches()
	payload, err := json.Marshal(told)
	if err != nil {
		return
	}
	l.js.Conn().PublishMsg(&nats.Msg{Subject: MarkSubject, Data: payload, Header: nats.Header{verify.SignatureHeader: {l.key.Sign(MarkSubject, payload)}}})
}

// listen receives the others' marks. Those that no service has signed count for nothing.
func (l *Log) listen() (*nats.Subscription, error) {
	return l.js.Conn().Subscribe(MarkSubject, func(message *nats.Msg) {
		var told mark
		if json.Unmarshal(message.Data, &told) != nil || told.Process == l.marks.process || len(told.Hash) != 32 ||
			l.keyring.Verify(told.Service, MarkSubject, message.Data, message.Header.Get(verify.SignatureHeader)) != nil {
			return
		}
		l.marks.add(told, time.Now())
		if told.Ask {
			l.tell(mark{To: told.Process})
		}
	})
}

// hear asks all processes that were there before the connection was lost, and waits for them.
func (l *Log) hear(ctx context.Context) error {
	began := time.Now()
	if err := l.ask(ctx, hearWithin, func() bool { return len(l.marks.silent(began, time.Time{})) == 0 }); err != nil {
		return err
	}
	l.marks.silent(began, began) // whoever has told nothing is not waited for again
	return l.compareMarks(ctx)
}

// HearOthers is for a process that starts, before it commits anything: it asks the others what
// they know, and looks whether the log has it. It waits until all services have told, and not
// longer than a second: whoever is silent by then is down, or says so later. Errors: ErrBroken,
// ErrUnknown.
func (l *Log) HearOthers(ctx context.Context) error {
	told, err := l.listen()
	if err != nil {
		return err
	}
	defer told.Unsubscribe()
	if err := l.ask(ctx, startWaits, func() bool { return l.marks.complete(l.key.Service()) }); err != nil {
		return err
	}
	return l.compareMarks(ctx)
}

// ask asks the other processes again and again, until enough have told, or for so long.
func (l *Log) ask(ctx context.Context, within time.Duration, enough func() bool) error {
	for began := time.Now(); !enough() && time.Since(began) < within; {
		l.tell(mark{Ask: true})
		select {
		case <-ctx.Done():
			return fmt.Errorf("%w: %w", ErrUnknown, ctx.Err())
		case <-time.After(askEvery):
		}
	}
	return nil
}

// complete reports whether each service but one has told what it knows.
func (m *marks) complete(but string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	heard := map[string]bool{but: true}
	for _, told := range m.of {
		heard[told.Service] = true
	}
	return len(heard) == len(history.writers)+len(access.writers)
}

// compareMarks looks whether the log has what the others know. Errors: ErrBroken, ErrUnknown.
func (l *Log) compareMarks(ctx context.Context) error {
	for _, told := range l.marks.take() {
		if err := l.holds(ctx, told.Position, [32]byte(told.Hash), told.Service); err != nil {
			l.marks.again(told)
			return err
		}
		l.continuity.knows(told.Position, [32]byte(told.Hash))
		if told.Vouches && l.marks.answers(told.Process) {
			l.vouching.give()
		}
	}
	return nil
}

// answers reports whether a process has answered this one: what it tells is not repeated from
// before this one started.
func (m *marks) answers(process string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.answered[process]
}

// again has a mark compared once more: the log did not answer.
func (m *marks) again(told mark) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.due[told.Process] = true
}
