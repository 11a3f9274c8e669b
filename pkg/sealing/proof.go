package sealing

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"golang.org/x/mod/sumdb/tlog"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/seal"
	"github.com/stafett/stafett/pkg/verify"
	auditv1 "github.com/stafett/stafett/proto/stafett/audit/v1"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
)

// provedFor is how long a key that was proved to be in the log can be used while audit or the witnesses are
// down.
const provedFor = 48 * time.Hour

// patience is how long audit is asked for one proof.
const patience = 10 * time.Second

// ErrUnproved: audit, or its witnesses, cannot prove now that the log has a key. Ask again later.
var ErrUnproved = errors.New("it cannot be proved now that the log has the key; ask again")

// prove verifies that the log has published a key: with an inclusion proof in a checkpoint that this line's
// policy accepts and that continues the last one. Errors: seal.ErrKey, ErrAltered, ErrUnproved.
func (s *System) prove(ctx context.Context, key published) error {
	s.proving.Lock()
	defer s.proving.Unlock()
	policy, err := s.trusted(ctx)
	if err != nil || s.isProved(key) {
		return err
	}
	proof, err := s.proofOf(ctx, key.entry.Position)
	if err != nil {
		return err
	}
	message, checkpoint, err := proof.Verify(policy)
	if err != nil {
		return fmt.Errorf("%w: it is not proved to be in the log that %s.policy names: %w; if the platform has opened a new log (stafett recover), "+
			"ask its operator for that log's key, and run: stafett keys trust KEY", seal.ErrKey, s.store.base, err)
	}
	if !publishes(message, key.PublicKey) {
		return fmt.Errorf("%w: the log has something else at position %d", seal.ErrKey, key.entry.Position)
	}
	if err := s.follow(ctx, checkpoint); err != nil {
		return err
	}
	s.proofs.proved[string(key.ID)] = s.now()
	return s.saveProofs()
}

// wasProved reports whether a key can be used without asking audit.
func (s *System) wasProved(ctx context.Context, key published) bool {
	s.proving.Lock()
	defer s.proving.Unlock()
	_, err := s.trusted(ctx)
	return err == nil && s.isProved(key)
}

func (s *System) isProved(key published) bool {
	at, known := s.proofs.proved[string(key.ID)]
	return known && s.now().Before(at.Add(provedFor))
}

func (s *System) proofOf(ctx context.Context, position uint64) (proof verify.Proof, err error) {
	answer, err := prompt(ctx, s.platform.Audit.ProveInclusion, &auditv1.ProveInclusionRequest{Position: position})
	if err != nil {
		return proof, err
	}
	path, err := hashes(answer.Path)
	return verify.Proof{Entry: answer.Entry, Index: int64(position) - 1, Path: path, Checkpoint: []byte(answer.Checkpoint)}, err
}

// prompt asks audit, and gives up before long. Errors: ErrUnproved.
func prompt[Q, A any](ctx context.Context, call func(context.Context, Q, ...grpc.CallOption) (A, error), request Q) (A, error) {
	limited, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	answer, err := ask(limited, call, request)
	if err != nil {
		err = fmt.Errorf("%w: %w", ErrUnproved, err)
	}
	return answer, err
}

// publishes reports whether a commit of a line's subject publishes a key.
func publishes(m verify.Message, key *seal.PublicKey) bool {
	commit := &eventv1.Commit{}
	if m.Subject != "stafett.line."+key.Line || proto.Unmarshal(m.Payload, commit) != nil {
		return false
	}
	return slices.ContainsFunc(commit.Events, func(e *eventv1.Event) bool {
		made := e.GetLineKeyPublished()
		return made != nil && bytes.Equal(made.Id, key.ID) && bytes.Equal(made.Key.GetKey(), key.Statement.Key)
	})
}

// meetings is how often a log may grow while a checkpoint of it is tied to the newest one.
const meetings = 20

// follow accepts a checkpoint that is of the same tree as the newest one: each is followed to the same later
// checkpoint. Errors: ErrAltered.
func (s *System) follow(ctx context.Context, c verify.Checkpoint) (err error) {
	last := s.proofs.newest
	for range meetings {
		switch {
		case last.Size == 0 || c.Size == last.Size && c.Root == last.Root:
			s.proofs.newest = c
			return nil
		case c.Size == last.Size:
			return altered("its log has another tree than the one that was verified before")
		case c.Size < last.Size:
			c, err = s.grown(ctx, c)
		default:
			last, err = s.grown(ctx, last)
		}
		if err != nil {
			return err
		}
	}
	return altered("its log shows no checkpoint that continues both the newest one and that of a proof; ask again")
}

// grown returns a checkpoint that is proved to continue another one. Errors: ErrAltered.
func (s *System) grown(ctx context.Context, older verify.Checkpoint) (later verify.Checkpoint, err error) {
	answer, err := prompt(ctx, s.platform.Audit.ProveConsistency, &auditv1.ProveConsistencyRequest{OlderSize: uint64(older.Size)})
	if err != nil {
		return later, err
	}
	path, err := hashes(answer.Path)
	if err != nil {
		return later, err
	}
	later, err = s.proofs.policy.Open([]byte(answer.Checkpoint))
	if err == nil && tlog.CheckTree(path, later.Size, later.Root, older.Size, older.Root) != nil {
		err = altered("its log does not continue the one that was verified before")
	}
	return later, err
}

func hashes(raw [][]byte) (path []tlog.Hash, err error) {
	for _, one := range raw {
		if len(one) != tlog.HashSize {
			return nil, altered("a proof has a hash of %d bytes", len(one))
		}
		path = append(path, tlog.Hash(one))
	}
	return path, nil
}
