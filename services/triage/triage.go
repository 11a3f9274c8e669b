// Package triage records what a conversation is about and how great the risk is, and
// recommends a line that suits the child better.
//
// It owns the events of assessments, recommendations and duty records. It reads the whole log.
// It can tag but never moves custody. While it is down, conversations cannot be tagged;
// handovers that have begun go on.
package triage

import (
	"context"

	"go.etcd.io/bbolt"
	"google.golang.org/grpc"

	"github.com/stafett/stafett/pkg/directory"
	"github.com/stafett/stafett/pkg/handover"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	triagev1 "github.com/stafett/stafett/proto/stafett/triage/v1"
	"github.com/stafett/stafett/services/internal/conversations"
	"github.com/stafett/stafett/services/internal/dependencies"
	"github.com/stafett/stafett/services/internal/livedirectory"
	"github.com/stafett/stafett/services/internal/projection"
	"github.com/stafett/stafett/services/internal/rpc"
)

type Service struct {
	triagev1.UnsafeTriageServiceServer
	deps          dependencies.Set
	model         *projection.Model
	conversations *conversations.Repository
	cache         *livedirectory.Cache
}

// Open opens the service's files and brings its projection up to date.
func Open(ctx context.Context, h dependencies.Set) (dependencies.Service, error) {
	pending := conversations.NewPending()
	model, err := h.OpenModel(ctx, definition(pending))
	if err != nil {
		return nil, err
	}
	return &Service{
		deps: h, model: model, cache: &livedirectory.Cache{Topics: h.Topics, Rules: h.Ranking, Lease: h.Rules.Lease},
		conversations: conversations.NewRepository(conversations.Parts{
			Log: h.Log, Clock: h.Clock, Limits: h.Rules, Model: model, Pending: pending,
		}),
	}, nil
}

// Register registers the service's RPCs on a server.
func (s *Service) Register(r grpc.ServiceRegistrar) { triagev1.RegisterTriageServiceServer(r, s) }

// Run follows the log.
func (s *Service) Run(ctx context.Context) error { return s.model.Run(ctx) }

// Model is the service's projection.
func (s *Service) Model() *projection.Model { return s.model }

// Close releases the service's files.
func (s *Service) Close() error { return s.model.Close() }

// TagConversation adds and removes topics, and recommends lines. The removed topics may be
// from an older taxonomy.
func (s *Service) TagConversation(ctx context.Context, r *triagev1.TagConversationRequest) (*triagev1.TagConversationResponse, error) {
	if err := rpc.KnownTopics(s.deps.Topics, r.Add); err != nil {
		return nil, err
	}
	all, err := s.directory()
	if err != nil {
		return nil, err
	}
	return rpc.Answer[triagev1.TagConversationResponse](rpc.Do(ctx, s.conversations, r.Conversation, r, func(line string, _ handover.ResourceName) handover.Command {
		return handover.TagConversation{
			Line: line, Add: r.Add, Remove: r.Remove, TaxonomyVersion: s.deps.Topics.Version(),
			Recommend: s.recommender(all),
		}
	}))
}

func (s *Service) directory() (all *directory.Directory, err error) {
	err = s.model.View(func(tx *bbolt.Tx) error {
		all, err = s.cache.Directory(tx, s.deps.Clock.Now())
		return err
	})
	return all, err
}

// recommender looks for a line that suits a conversation better than the one with custody.
func (s *Service) recommender(all *directory.Directory) handover.Recommend {
	now := s.deps.Clock.Now()
	return func(c *handoverv1.Conversation) *handoverv1.Recommendation {
		need := directory.Need{
			Header: handover.Header(c), Topics: c.Assessment.Tags,
			FromLine: c.Custody.Line, Asked: handover.AskedBefore(c),
		}
		line := all.Line(c.Custody.Line)
		if line == nil {
			return nil
		}
		return all.Recommend(line, c.Assessment.Tags, need, now)
	}
}

// AssessRisk sets the risk level.
func (s *Service) AssessRisk(ctx context.Context, r *triagev1.AssessRiskRequest) (*triagev1.AssessRiskResponse, error) {
	return rpc.Answer[triagev1.AssessRiskResponse](rpc.Do(ctx, s.conversations, r.Conversation, r, func(line string, _ handover.ResourceName) handover.Command {
		return handover.AssessRisk{Line: line, Level: r.Level}
	}))
}

// RecordDuty records the calling line's decision about its duty to report.
func (s *Service) RecordDuty(ctx context.Context, r *triagev1.RecordDutyRequest) (*triagev1.RecordDutyResponse, error) {
	return rpc.Answer[triagev1.RecordDutyResponse](rpc.Do(ctx, s.conversations, r.Conversation, r, func(line string, _ handover.ResourceName) handover.Command {
		return handover.RecordDuty{Line: line, Decision: r.Decision}
	}))
}
