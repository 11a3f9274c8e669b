package routing

import (
	"context"
	"slices"

	"github.com/stafett/stafett/pkg/directory"
	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/command"
	"github.com/stafett/stafett/pkg/handover/view"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	"github.com/stafett/stafett/services/internal/identity"
	"github.com/stafett/stafett/services/internal/rpc"
)

// GetLine returns a line.
func (s *Service) GetLine(ctx context.Context, r *routingv1.GetLineRequest) (*routingv1.Line, error) {
	if err := s.model.Await(ctx, r.MinPosition); err != nil {
		return nil, err
	}
	line, err := s.known(handover.LineID(r.Name))
	if err != nil {
		return nil, err
	}
	return view.Line(line), nil
}

// ListLines lists the directory.
func (s *Service) ListLines(ctx context.Context, r *routingv1.ListLinesRequest) (*routingv1.ListLinesResponse, error) {
	if err := s.model.Await(ctx, r.MinPosition); err != nil {
		return nil, err
	}
	after, err := rpc.ReadPageToken("lines", r.PageToken)
	if err != nil {
		return nil, err
	}
	all, err := s.directory()
	if err != nil {
		return nil, err
	}
	page, token := rpc.Page("lines", all.Lines(), (*handoverv1.Line).GetName, after, rpc.PageSize(r.PageSize))
	response := &routingv1.ListLinesResponse{NextPageToken: token}
	for _, line := range page {
		response.Lines = append(response.Lines, view.Line(line))
	}
	return response, nil
}

// FindLines ranks the lines for a need, as a handover would.
func (s *Service) FindLines(ctx context.Context, r *routingv1.FindLinesRequest) (*routingv1.FindLinesResponse, error) {
	all, need, err := s.asked(ctx, r)
	if err != nil {
		return nil, err
	}
	need.Later = r.Time != nil
	return &routingv1.FindLinesResponse{Decision: view.Decision(all.Rank(need, s.instant(r.Time)))}, nil
}

// asking is a request that describes what a child needs.
type asking interface {
	GetNeed() *handoverv1.PacketHeader
	GetTopics() []string
	GetMinPosition() uint64
}

// asked returns the need that a request describes, and the directory for it.
func (s *Service) asked(ctx context.Context, r asking) (*directory.Directory, directory.Need, error) {
	if err := s.model.Await(ctx, r.GetMinPosition()); err != nil {
		return nil, directory.Need{}, err
	}
	if err := s.sound(r); err != nil {
		return nil, directory.Need{}, err
	}
	all, err := s.directory()
	return all, needOf(ctx, r), err
}

// needOf is the need that a request describes. A line asks on its own behalf.
func needOf(ctx context.Context, r asking) directory.Need {
	need := directory.Need{Header: r.GetNeed(), Topics: r.GetTopics()}
	if caller := rpc.Caller(ctx); caller.Kind == identity.Line {
		need.FromLine = caller.ID
	}
	return need
}

// sound refuses a need that no conversation can have.
func (s *Service) sound(r asking) error {
	if err := command.CheckAges("need.age_band", r.GetNeed().GetAgeBand()); err != nil {
		return err
	}
	return rpc.KnownTopics(s.deps.Topics, slices.Concat(r.GetTopics(), r.GetNeed().GetTopicGroups()))
}
