package triage

import (
	"context"

	"github.com/stafett/stafett/pkg/taxonomy"
	triagev1 "github.com/stafett/stafett/proto/stafett/triage/v1"
	"github.com/stafett/stafett/services/internal/rpc"
)

// GetTopic returns a topic.
func (s *Service) GetTopic(_ context.Context, r *triagev1.GetTopicRequest) (*triagev1.Topic, error) {
	code := taxonomy.Code(r.Name)
	if err := rpc.KnownTopics(s.deps.Topics, []string{code}); err != nil {
		return nil, err
	}
	return s.deps.Topics.Topic(code), nil
}

// ListTopics lists the taxonomy. All of its pages are of one version.
func (s *Service) ListTopics(_ context.Context, r *triagev1.ListTopicsRequest) (*triagev1.ListTopicsResponse, error) {
	topics := s.deps.Topics
	list := "topics " + topics.Version()
	after, err := rpc.ReadPageToken(list, r.PageToken)
	if err != nil {
		return nil, err
	}
	page, token := rpc.Page(list, topics.Topics(), (*triagev1.Topic).GetCode, after, rpc.PageSize(r.PageSize))
	return &triagev1.ListTopicsResponse{Topics: page, Version: topics.Version(), NextPageToken: token}, nil
}
