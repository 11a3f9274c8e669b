// Package projection projects the whole log into a bbolt file: what a service needs to answer,
// together with the position it has reached and that commit's hash, in the same transaction. A
// projection is disposable. If it is deleted, or has another version, it is rebuilt from the
// log into a new file, which then replaces it.
//
// The file is not synced to disk while it is in use: only the log must be, and four services
// that sync beside it would slow it down several times over. A killed process loses nothing,
// because the operating system has its writes. A power failure may tear the file, so it is
// rebuilt unless it was closed cleanly (session.go).
//
// Trusted: whoever can write to the file can make the service answer and decide wrongly.
package projection

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"sync"
	"time"

	"go.etcd.io/bbolt"
	"golang.org/x/sync/errgroup"

	"github.com/stafett/stafett/services/internal/boltfile"
	"github.com/stafett/stafett/services/internal/diskspace"
	"github.com/stafett/stafett/services/internal/eventlog"
)

// Definition defines a projection.
type Definition struct {
	// Version must change whenever Apply would produce something else from the same log.
	Version string
	// Buckets that Apply writes.
	Buckets []string
	// Receipts: commands are decided on the projection, so it finds the commit of a repeated
	// request.
	Receipts bool
	// Rest is the least time between two batches, unless somebody waits for a position.
	Rest time.Duration
	// Apply writes what follows from an entry. An error stops the service: the log holds something that this
	// program must not skip.
	Apply func(*Tx, eventlog.Entry) error
	// Committed receives the entries after they were written, with the file as it is then,
	// before waiting readers go on. May be nil.
	Committed func(*bbolt.Tx, []eventlog.Entry) error
}

// File is the usual name of a projection's file in its service's folder.
const File = "model.db"

type Model struct {
	path       string
	definition Definition
	log        *eventlog.Log
	db         *boltfile.File

	mu       sync.Mutex
	position uint64
	changed  chan struct{}
	hurry    chan struct{} // somebody waits for a position
	watches  watches
}

// Open opens the projection in a file and brings it up to the end of the log, from the
// beginning if necessary. It fails if the file is ahead of the log or was made from another
// one: the log has then lost something.
func Open(ctx context.Context, path string, log *eventlog.Log, d Definition) (*Model, error) {
	return (*Group)(nil).Open(ctx, path, log, d)
}

func newModel(path string, log *eventlog.Log, d Definition) *Model {
	return &Model{path: path, definition: d, log: log, changed: make(chan struct{}), hurry: make(chan struct{}, 1)}
}

// start leaves a file alone that does not match the log.
func (m *Model) start(ctx context.Context) error {
	if err := m.verify(ctx); err != nil {
		return err
	}
	if err := beginSession(m.db); err != nil {
		return err
	}
	return catchUp(ctx, m.log, m)
}

// Close closes the file cleanly. A damaged one is rebuilt at the next start.
func (m *Model) Close() error { return errors.Join(endSession(m.db), m.db.Close()) }

// View reads a consistent state.
func (m *Model) View(read func(*bbolt.Tx) error) error { return m.db.View(read) }

// Run follows the log until the context ends. Any other end is an error, and the service must
// stop: boltfile.ErrDamaged means that opening it again rebuilds it.
func (m *Model) Run(ctx context.Context) error {
	group, running := errgroup.WithContext(ctx)
	group.Go(func() error { return m.db.Watch(running) })
	group.Go(func() error { return m.follow(running) })
	if err := group.Wait(); ctx.Err() == nil {
		return err
	}
	return nil
}

// follow applies the log. While the disk takes no writes, or the log does not answer for earlier
// commits, it tries again: what was not stored is read again.
func (m *Model) follow(ctx context.Context) error {
	for {
		err := m.log.Share(ctx, m.Position(), m.definition.Rest, m.hurry, func(batch []eventlog.Entry) error { return m.apply(ctx, batch) })
		if !diskspace.Failed(err) && !errors.Is(err, errEarlier) {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Second):
		}
	}
}

// Position is the position of the newest commit in the projection.
func (m *Model) Position() uint64 {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.position
}

// Changed returns a channel that is closed when the projection has moved past its current
// position. Call it before reading, so that no change is missed.
func (m *Model) Changed() <-chan struct{} {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.changed
}

// Hurry ends the pause before the next batch: somebody waits for what was just committed.
func (m *Model) Hurry() {
	select {
	case m.hurry <- struct{}{}:
	default:
	}
}

// Wait returns once the projection includes a position, so that callers read their own writes.
func (m *Model) Wait(ctx context.Context, position uint64) error {
	for {
		changed := m.Changed()
		if m.Position() >= position {
			return nil
		}
		m.Hurry()
		select {
		case <-changed:
		case <-ctx.Done():
			return fmt.Errorf("position %d is not projected yet: %w", position, ctx.Err())
		}
	}
}

// apply applies a batch in one transaction and then wakes the waiting readers.
func (m *Model) apply(ctx context.Context, batch []eventlog.Entry) error {
	touched, err := m.update(ctx, batch)
	if err != nil {
		return err
	}
	if m.definition.Committed != nil {
		if err := m.db.View(func(tx *bbolt.Tx) error { return m.definition.Committed(tx, batch) }); err != nil {
			return err
		}
	}
	m.moved(batch[len(batch)-1].Position)
	m.watches.wake(touched)
	return nil
}

// update applies a batch to the file, and returns the keys that it touched.
func (m *Model) update(ctx context.Context, batch []eventlog.Entry) (touched []string, err error) {
	err = m.db.Update(func(bolt *bbolt.Tx) error {
		tx := &Tx{Tx: bolt, ctx: ctx, log: m.log}
		if err := m.write(tx, batch); err != nil {
			return err
		}
		touched = tx.keys()
		return nil
	})
	return touched, err
}

// write applies a batch and marks how far the projection has come.
func (m *Model) write(tx *Tx, batch []eventlog.Entry) error {
	for _, entry := range batch {
		if err := m.applyOne(tx, entry); err != nil {
			return fmt.Errorf("position %d: %w", entry.Position, err)
		}
	}
	if err := tx.flush(); err != nil {
		return err
	}
	return writeMark(tx.Tx, batch[len(batch)-1])
}

func (m *Model) applyOne(tx *Tx, entry eventlog.Entry) error {
	if m.definition.Receipts {
		if err := tx.addReceipt(entry); err != nil {
			return err
		}
	}
	return m.definition.Apply(tx, entry)
}

func (m *Model) moved(position uint64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.position = position
	close(m.changed)
	m.changed = make(chan struct{})
}

var (
	metaBucket  = []byte("meta")
	markKey     = []byte("mark")
	versionKey  = []byte("version")
	markLength  = 8 + 32
	errNotThere = fmt.Errorf("it has no mark")
)

// writeMark stores the position and hash that the projection has reached.
func writeMark(tx *bbolt.Tx, entry eventlog.Entry) error {
	mark := binary.BigEndian.AppendUint64(nil, entry.Position)
	return tx.Bucket(metaBucket).Put(markKey, append(mark, entry.Hash[:]...))
}

// Position returns the position that a transaction sees; 0 before the first commit.
func Position(tx *bbolt.Tx) uint64 {
	position, _, _ := readMark(tx)
	return position
}

func readMark(tx *bbolt.Tx) (position uint64, hash []byte, err error) {
	mark := tx.Bucket(metaBucket).Get(markKey)
	if len(mark) != markLength {
		return 0, nil, errNotThere
	}
	return binary.BigEndian.Uint64(mark), bytes.Clone(mark[8:]), nil
}
