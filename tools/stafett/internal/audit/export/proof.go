package export

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"path/filepath"
	"slices"

	"github.com/stafett/stafett/pkg/verify"
	"github.com/stafett/stafett/pkg/verify/files"
	auditv1 "github.com/stafett/stafett/proto/stafett/audit/v1"
)

// Prove writes the tiles that lead from each commit to a checkpoint's root. The checkpoint
// must cover all commits that were added; from is the source of its log's tiles. Only JSON
// lines contain the data that leaves are hashed from.
func (e *Export) Prove(ctx context.Context, checkpoint string, from Tiles) error {
	c, err := verify.UnverifiedCheckpoint([]byte(checkpoint))
	if err != nil {
		return err
	}
	leaves := newLeaves(c, copied{ctx, files.Folder(filepath.Join(e.folder, tilesFolder)), from})
	for _, position := range e.tiles {
		if _, err := leaves.at(position); err != nil {
			return err
		}
	}
	e.manifest.Proved = true
	return nil
}

// Provable reports whether the added commits can be proved.
func (e *Export) Provable() bool {
	return !e.bare && slices.ContainsFunc(e.writers, func(out *output) bool { return out.format == JSONL })
}

// Trust is what an export is verified against. It must not come from the export's source.
type Trust struct {
	// Policy says which log's checkpoint is accepted, and which witnesses must have cosigned
	// it. If nil, any log's is.
	Policy *verify.Policy
	// Services are the public keys of the services that commit, by name. If nil, signatures
	// are not checked.
	Services map[string][]ed25519.PublicKey
}

// open reads the manifest's checkpoint, which must cover UntilPosition. It returns the
// zero checkpoint if there is none and none is needed.
func (t Trust) open(m Manifest) (c verify.Checkpoint, err error) {
	switch {
	case t.Policy != nil && !m.Proved:
		return c, errors.New("the manifest says that nothing proves it to be of a log: export again, once audit publishes checkpoints and serves tiles, with JSON lines")
	case m.Checkpoint == "":
		return c, nil
	case t.Policy != nil:
		c, err = t.Policy.Open([]byte(m.Checkpoint))
	default:
		c, err = verify.UnverifiedCheckpoint([]byte(m.Checkpoint))
	}
	if err == nil && uint64(c.Size) < m.UntilPosition {
		err = fmt.Errorf("it covers %d positions, and the manifest speaks of %d", c.Size, m.UntilPosition)
	}
	if err != nil {
		err = fmt.Errorf("the manifest's checkpoint: %w", err)
	}
	return c, err
}

// proof checks commits against their proofs.
type proof struct {
	leaves   *leaves // nil if nothing is proved
	services map[string][]ed25519.PublicKey
}

func (p proof) holds(stored *auditv1.StoredCommit) error {
	message := verify.Message{Subject: stored.Commit.Subject, Header: stored.Header, Payload: stored.Payload}
	if p.services != nil {
		if err := message.SignedBy(p.services[stored.Commit.Service]); err != nil {
			return fmt.Errorf("position %d: %w (%s)", stored.Position, err, stored.Commit.Service)
		}
	}
	if p.leaves == nil {
		return nil
	}
	leaf, err := p.leaves.at(stored.Position)
	if err == nil && leaf != message.Leaf() {
		err = fmt.Errorf("position %d is not what the checkpoint's history has there", stored.Position)
	}
	return err
}
