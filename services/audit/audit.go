// Package audit replays the history to auditors and proves it. It reads everything except
// content and writes nothing into the history that it guards. It first records who reads, when
// and for which purpose, in a log of its own. At startup it compares the end of the log with
// what it has signed, and the rest while it serves.
//
// While it is down, or cannot record who reads, the history cannot be read. Nothing else is
// affected.
package audit

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	"golang.org/x/sync/errgroup"
	"google.golang.org/grpc"

	"github.com/stafett/stafett/pkg/handover"
	auditv1 "github.com/stafett/stafett/proto/stafett/audit/v1"
	"github.com/stafett/stafett/services/internal/conversations"
	"github.com/stafett/stafett/services/internal/dependencies"
	"github.com/stafett/stafett/services/internal/eventlog"
	"github.com/stafett/stafett/services/internal/history"
	"github.com/stafett/stafett/services/internal/projection"
)

var (
	// placesBucket has the positions of each subject's commits, by short key and position.
	placesBucket = []byte("places")
	// headsBucket has the number and hash of the newest commit of each subject that is not a
	// conversation's, by subject.
	headsBucket = []byte("heads")
	// partiesBucket has the positions of commits to conversations to which a line was a party
	// at the time, by line and position.
	partiesBucket = []byte("parties")
)

// rest: audit signs once a second, and a reader's wait ends it.
const rest = 200 * time.Millisecond

type Service struct {
	auditv1.UnsafeAuditServiceServer
	*proved
	deps  dependencies.Set
	tiles Tiles
	// record is the log of who read.
	record *record
}

// Open compares the end of the log with what was signed, and opens the service's files. It fails
// on an altered log, to which nothing may be appended. Compare compares all of it. A checkpoint
// that somebody kept is optional.
func Open(ctx context.Context, deps dependencies.Set, tiles Tiles, kept []byte) (*Service, error) {
	opened, err := openProved(ctx, deps, deps.Log, deps.Data, "history", kept, Definition())
	if err != nil {
		return nil, err
	}
	return &Service{proved: opened, deps: deps, tiles: tiles, record: newRecord(deps)}, nil
}

// Definition defines the projection of the history.
func Definition() projection.Definition {
	return projection.Definition{
		Version: "audit/8", Rest: rest, Apply: apply,
		Buckets: append([]string{string(placesBucket), string(headsBucket), string(partiesBucket)}, conversations.Buckets...),
	}
}

func apply(tx *projection.Tx, entry eventlog.Entry) error {
	place := projection.PlaceKey(entry.Commit.Subject, entry.Position)
	if err := tx.Bucket(placesBucket).Put(place, []byte{}); err != nil {
		return err
	}
	state, err := conversations.Apply(tx, entry)
	switch {
	case errors.Is(err, conversations.ErrGap):
		return fmt.Errorf("%w: %w", history.ErrAltered, err)
	case err != nil:
		return err
	case state == nil:
		return follows(tx, entry)
	}
	return applyParties(tx, entry, state)
}

// applyParties records which lines were a party to a conversation's commit.
func applyParties(tx *projection.Tx, entry eventlog.Entry, state *handover.State) error {
	for _, party := range state.Parties {
		if !handover.PartiesOf(state).MaySee(party.Line, entry.Position) {
			continue
		}
		if err := tx.Bucket(partiesBucket).Put(projection.Key(party.Line, entry.Position), []byte{}); err != nil {
			return err
		}
	}
	return nil
}

// follows refuses a commit that does not follow its subject's newest one.
func follows(tx *projection.Tx, entry eventlog.Entry) error {
	heads, subject, number := tx.Bucket(headsBucket), []byte(entry.Commit.Subject), uint32(0)
	head := heads.Get(subject)
	if head != nil {
		number, head = binary.BigEndian.Uint32(head), head[4:]
	}
	if entry.Commit.Number != number+1 || !bytes.Equal(entry.Commit.PreviousHash, head) {
		return fmt.Errorf("%w: commit %d of %s does not follow commit %d, so it has a gap", history.ErrAltered, entry.Commit.Number, entry.Commit.Subject, number)
	}
	return heads.Put(subject, append(binary.BigEndian.AppendUint32(nil, entry.Commit.Number), entry.Hash[:]...))
}

// Register registers the service's RPCs on a server.
func (s *Service) Register(r grpc.ServiceRegistrar) error {
	auditv1.RegisterAuditServiceServer(r, s)
	return nil
}

// Run follows both logs and serves tiles.
func (s *Service) Run(ctx context.Context) error {
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return s.proved.Run(ctx) })
	group.Go(func() error { return s.record.Run(ctx) })
	group.Go(func() error { return s.serveTiles(ctx) })
	return group.Wait()
}

// Compare compares the whole log with what was signed. Errors: history.ErrAltered.
func (s *Service) Compare(ctx context.Context) error { return s.history.Compare(ctx) }

// Model is the service's projection.
func (s *Service) Model() *projection.Model { return s.model }

// Close releases the service's files.
func (s *Service) Close() error { return errors.Join(s.proved.Close(), s.record.Close()) }
