package eventlog

import (
	"context"
	"errors"
	"sync"

	"github.com/stafett/stafett/pkg/refusal"
)

// vouching is whether it is known that the log has what was signed: because audit has compared
// its end in this process, or because a process that knows it has said so, and the log has what that
// process knows. It stays known while the log continues.
type vouching struct {
	awaited bool // whether nothing may be committed before
	once    sync.Once
	given   chan struct{}
}

func newVouching() *vouching { return &vouching{given: make(chan struct{})} }

func (v *vouching) give() { v.once.Do(func() { close(v.given) }) }

func (v *vouching) has() bool {
	select {
	case <-v.given:
		return true
	default:
		return false
	}
}

// AwaitVouching has commits refused until somebody vouches for the log. A log and the files of the services may
// all have come back older, so a process that starts cannot tell by itself.
func (l *Log) AwaitVouching() { l.vouching.awaited = true }

// Vouched is closed once somebody vouches for the log. Guard hears of it.
func (l *Log) Vouched() <-chan struct{} { return l.vouching.given }

// HearVouching returns once somebody vouches for the log, if commits wait for that: for what has to be
// committed before Guard runs. Errors: ErrBroken, or that the context ended.
func (l *Log) HearVouching(ctx context.Context) error {
	told, err := l.listen()
	if err != nil {
		return err
	}
	defer told.Unsubscribe()
	for l.unvouched() != nil {
		if err := l.askForVouching(ctx); err != nil {
			return err
		}
		if err := l.compareMarks(ctx); errors.Is(err, ErrBroken) {
			return err
		}
	}
	return nil
}

// Pin takes the newest commit of the log as seen: what is compared from then on is this log, and no other
// in its place. Errors: ErrUnknown, ErrBroken.
func (l *Log) Pin(ctx context.Context) error {
	last, err := l.Last(ctx)
	if err != nil || last == 0 {
		return err
	}
	entry, err := l.At(ctx, last)
	if errors.Is(err, ErrUnknown) {
		return err
	}
	if err == nil {
		l.continuity.seen(entry)
	}
	return nil // whoever reads the log says what is wrong with a commit
}

// Vouch is for audit, once the end of the log that it pinned is as it was signed.
func (l *Log) Vouch() {
	l.vouching.give()
	l.tell(mark{})
}

// vouches reports whether this process vouches for the log at the other end of its connection.
func (l *Log) vouches() bool {
	checked, err := l.continuity.checked(l.js.Conn().Stats().Reconnects)
	return checked && err == nil && l.vouching.has()
}

// askForVouching asks the others, and gives them a moment to answer, while commits wait for it.
func (l *Log) askForVouching(ctx context.Context) error {
	if l.unvouched() == nil {
		return nil
	}
	return l.ask(ctx, askEvery, l.vouching.has)
}

// unvouched refuses while nobody vouches for the log.
func (l *Log) unvouched() error {
	if !l.vouching.awaited || l.vouching.has() {
		return nil
	}
	return refusal.NotReady("nothing is recorded before audit has compared the end of the log with what was signed, since it was started; " +
		"the service continues by itself once audit runs, so ask again with the same request id")
}
