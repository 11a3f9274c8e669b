package audit

import (
	"context"
	"fmt"
	"slices"

	"golang.org/x/mod/sumdb/tlog"
	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/refusal"
	"github.com/stafett/stafett/pkg/verify"
	auditv1 "github.com/stafett/stafett/proto/stafett/audit/v1"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
)

// GetCheckpoint returns the newest published checkpoint of a log.
func (s *Service) GetCheckpoint(ctx context.Context, r *auditv1.GetCheckpointRequest) (*auditv1.GetCheckpointResponse, error) {
	log, c, signed, err := s.publishedWith(ctx, r.Log, r.MinPosition)
	if err != nil {
		return nil, err
	}
	return &auditv1.GetCheckpointResponse{
		Checkpoint: string(signed), Size: uint64(c.Size), LogKey: log.history.Log().VKey(), TilesUrl: s.tiles.url(r.Log),
	}, nil
}

// ProveInclusion proves that a commit is in a log.
func (s *Service) ProveInclusion(ctx context.Context, r *auditv1.ProveInclusionRequest) (*auditv1.ProveInclusionResponse, error) {
	log, c, signed, err := s.publishedWith(ctx, r.Log, r.Position)
	if err != nil {
		return nil, err
	}
	index := int64(r.Position) - 1
	leaf, err := log.history.Tree().Leaf(index)
	if err != nil {
		return nil, err
	}
	path, err := log.history.Tree().ProveInclusion(index, c.Size)
	if err != nil {
		return nil, err
	}
	entry, err := s.publicEntry(ctx, log, r.Position)
	return &auditv1.ProveInclusionResponse{Leaf: leaf[:], Path: toBytes(path), Checkpoint: string(signed), Entry: entry}, err
}

// publicEntry is the stored form of a commit that changes nothing but keys of a line; nil for any other.
func (s *Service) publicEntry(ctx context.Context, log *proved, position uint64) (entry []byte, err error) {
	if log.history != s.history {
		return nil, nil
	}
	err = log.history.Read(ctx, position, position, func(_ uint64, m verify.Message, _ bool) error {
		commit := &eventv1.Commit{}
		if err := proto.Unmarshal(m.Payload, commit); err != nil {
			return err
		}
		if len(commit.Events) > 0 && !slices.ContainsFunc(commit.Events, func(e *eventv1.Event) bool { return !ofLineKeys(e) }) {
			entry = m.Entry()
		}
		return nil
	})
	return entry, err
}

func ofLineKeys(e *eventv1.Event) bool {
	return e.GetLineKeyPublished() != nil || e.GetLineKeyRetired() != nil || e.GetLineKeyRevoked() != nil
}

// ProveConsistency proves that a log extends an older state of itself.
func (s *Service) ProveConsistency(ctx context.Context, r *auditv1.ProveConsistencyRequest) (*auditv1.ProveConsistencyResponse, error) {
	log, c, signed, err := s.publishedWith(ctx, r.Log, r.OlderSize)
	if err != nil {
		return nil, err
	}
	path, err := log.history.Tree().ProveConsistency(int64(r.OlderSize), c.Size)
	if err != nil {
		return nil, err
	}
	return &auditv1.ProveConsistencyResponse{Path: toBytes(path), Checkpoint: string(signed)}, nil
}

func toBytes(hashes []tlog.Hash) (path [][]byte) {
	for _, hash := range hashes {
		path = append(path, hash[:])
	}
	return path
}

// publishedWith returns a log with its published checkpoint, if that covers a position.
func (s *Service) publishedWith(ctx context.Context, which auditv1.Log, position uint64) (*proved, verify.Checkpoint, []byte, error) {
	log, err := s.logOf(ctx, which)
	if err != nil {
		return nil, verify.Checkpoint{}, nil, err
	}
	c, signed, err := log.published()
	if err == nil && position <= uint64(c.Size) {
		return log, c, signed, nil
	}
	if position == 0 {
		return nil, c, nil, err
	}
	if err := log.model.Await(ctx, position); err != nil {
		return nil, c, nil, err
	}
	return nil, c, nil, notReady(fmt.Sprintf("position %d is in the log, and no published checkpoint covers it yet; ask again in a second", position))
}

// published returns the newest published checkpoint, parsed and as signed.
func (p *proved) published() (verify.Checkpoint, []byte, error) {
	signed := p.history.Published()
	if len(signed) == 0 {
		return verify.Checkpoint{}, nil, notReady("no checkpoint has been published yet; ask again once something was committed and enough witnesses have cosigned")
	}
	c, err := verify.UnverifiedCheckpoint(signed)
	return c, signed, err
}

func notReady(message string) error {
	return refusal.NotReady(message)
}
