package sealing

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"time"

	"golang.org/x/mod/sumdb/tlog"
	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/client"
	"github.com/stafett/stafett/pkg/seal"
	"github.com/stafett/stafett/pkg/verify"
	auditv1 "github.com/stafett/stafett/proto/stafett/audit/v1"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
)

// provedFor is how long a key that was proved to be in the log can be used while audit or the witnesses are
// down.
const provedFor = 48 * time.Hour

// proofs is what the line trusts, and what it has verified.
type proofs struct {
	file   string // of the policy; "": in memory only
	policy *verify.Policy
	// newest is the newest checkpoint that was verified. Every later one must continue it.
	newest verify.Checkpoint
	proved map[string]time.Time // by key id
}

// prove verifies that the log has published a key: with an inclusion proof in a checkpoint that this line's
// policy accepts and that continues the last one. Errors: seal.ErrKey, ErrAltered.
func (s *System) prove(ctx context.Context, key published) error {
	s.proving.Lock()
	defer s.proving.Unlock()
	if at, known := s.proofs.proved[string(key.ID)]; known && s.now().Before(at.Add(provedFor)) {
		return nil
	}
	proof, err := s.proofOf(ctx, key.entry.Position)
	if err != nil {
		return err
	}
	policy, err := s.trusted(ctx)
	if err != nil {
		return err
	}
	message, checkpoint, err := proof.Verify(policy)
	if err != nil {
		return fmt.Errorf("%w: it is not proved to be in the log: %w", seal.ErrKey, err)
	}
	if !publishes(message, key.PublicKey) {
		return fmt.Errorf("%w: the log has something else at position %d", seal.ErrKey, key.entry.Position)
	}
	if err := s.follow(ctx, checkpoint); err != nil {
		return err
	}
	s.proofs.proved[string(key.ID)] = s.now()
	return nil
}

func (s *System) proofOf(ctx context.Context, position uint64) (proof verify.Proof, err error) {
	request := &auditv1.ProveInclusionRequest{Position: position}
	var answer *auditv1.ProveInclusionResponse
	err = client.Retry(ctx, func(ctx context.Context) (err error) {
		answer, err = s.platform.Audit.ProveInclusion(ctx, request)
		return err
	})
	if err != nil {
		return proof, err
	}
	path, err := hashes(answer.Path)
	return verify.Proof{Entry: answer.Entry, Index: int64(position) - 1, Path: path, Checkpoint: []byte(answer.Checkpoint)}, err
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
	answer, err := s.platform.Audit.ProveConsistency(ctx, &auditv1.ProveConsistencyRequest{OlderSize: uint64(older.Size)})
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

// trusted is the line's policy: whose checkpoints count, and which witnesses must have seen them. A line
// without a policy trusts the first log that it meets, and no other from then on.
func (s *System) trusted(ctx context.Context) (*verify.Policy, error) {
	if s.proofs.policy != nil {
		return s.proofs.policy, nil
	}
	text, err := os.ReadFile(s.proofs.file)
	if errors.Is(err, fs.ErrNotExist) {
		text, err = s.firstLog(ctx)
	}
	if err != nil {
		return nil, err
	}
	s.proofs.policy, err = verify.ParsePolicy(text)
	return s.proofs.policy, err
}

func (s *System) firstLog(ctx context.Context) ([]byte, error) {
	met, err := s.platform.Audit.GetCheckpoint(ctx, &auditv1.GetCheckpointRequest{})
	if err != nil {
		return nil, err
	}
	text := fmt.Appendf(nil, "log %s\nquorum none\n", met.LogKey)
	if s.proofs.file == "" {
		return text, nil
	}
	return text, replace(s.proofs.file, text)
}
