package audit

import (
	"context"
	"fmt"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/verify"
	auditv1 "github.com/stafett/stafett/proto/stafett/audit/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// GetCheckpoint tells the newest published checkpoint.
func (s *Service) GetCheckpoint(ctx context.Context, r *auditv1.GetCheckpointRequest) (*auditv1.GetCheckpointResponse, error) {
	c, signed, err := s.publishedWith(ctx, r.MinPosition)
	if err != nil {
		return nil, err
	}
	return &auditv1.GetCheckpointResponse{
		Checkpoint: string(signed), Size: uint64(c.Size), LogKey: s.history.Log().VKey(), TilesUrl: s.tiles.url(),
	}, nil
}

// ProveInclusion proves that an append is in the history.
func (s *Service) ProveInclusion(ctx context.Context, r *auditv1.ProveInclusionRequest) (*auditv1.ProveInclusionResponse, error) {
	c, signed, err := s.publishedWith(ctx, r.Position)
	if err != nil {
		return nil, err
	}
	index := int64(r.Position) - 1
	leaf, err := s.history.Tree().Leaf(index)
	if err != nil {
		return nil, err
	}
	path, err := s.history.Tree().ProveInclusion(index, c.Size)
	if err != nil {
		return nil, err
	}
	answer := &auditv1.ProveInclusionResponse{Leaf: leaf[:], Checkpoint: string(signed)}
	for _, hash := range path {
		answer.Path = append(answer.Path, hash[:])
	}
	return answer, nil
}

// ProveConsistency proves that the history continues an older one.
func (s *Service) ProveConsistency(ctx context.Context, r *auditv1.ProveConsistencyRequest) (*auditv1.ProveConsistencyResponse, error) {
	c, signed, err := s.publishedWith(ctx, r.OlderSize)
	if err != nil {
		return nil, err
	}
	path, err := s.history.Tree().ProveConsistency(int64(r.OlderSize), c.Size)
	if err != nil {
		return nil, err
	}
	answer := &auditv1.ProveConsistencyResponse{Checkpoint: string(signed)}
	for _, hash := range path {
		answer.Path = append(answer.Path, hash[:])
	}
	return answer, nil
}

// publishedWith is the published checkpoint, if it covers a position.
func (s *Service) publishedWith(ctx context.Context, position uint64) (verify.Checkpoint, []byte, error) {
	c, signed, err := s.published()
	if err == nil && position <= uint64(c.Size) {
		return c, signed, nil
	}
	if err := s.host.Await(ctx, s.model, position); err != nil {
		return c, nil, err
	}
	return c, nil, notReady(fmt.Sprintf("position %d is in the log, and no published checkpoint covers it yet; ask again in a second", position))
}

func (s *Service) published() (verify.Checkpoint, []byte, error) {
	signed := s.history.Published()
	if len(signed) == 0 {
		return verify.Checkpoint{}, nil, notReady("no checkpoint has been published yet; ask again once something was appended and enough witnesses have cosigned")
	}
	c, err := verify.UnverifiedCheckpoint(signed)
	return c, signed, err
}

func notReady(message string) error {
	return &handover.Refusal{Reason: handoverv1.RefusalReason_REFUSAL_REASON_NOT_READY, Message: message}
}
