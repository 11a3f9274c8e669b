package audit

import (
	"context"
	"fmt"
	"strings"
	"time"

	"go.etcd.io/bbolt"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/stafett/stafett/pkg/refusal"
	auditv1 "github.com/stafett/stafett/proto/stafett/audit/v1"
)

// happened refuses times in the future and times before the first commit.
func (s *Service) happened(ctx context.Context, r *auditv1.ReplayCommitsRequest) error {
	if r.StartTime != nil && !r.Follow {
		if err := s.come(r.StartTime); err != nil {
			return err
		}
	}
	if r.EndTime == nil {
		return nil
	}
	if err := s.come(r.EndTime); err != nil {
		return err
	}
	begins, err := s.begins(ctx)
	if err != nil || begins == nil || begins.AsTime().Before(r.EndTime.AsTime()) {
		return err
	}
	return beforeStart("the history", r.EndTime.AsTime(), begins.AsTime())
}

// come refuses a time in the future.
func (s *Service) come(at *timestamppb.Timestamp) error {
	now := s.deps.Clock.Now()
	if !at.AsTime().After(now) {
		return nil
	}
	return refusal.TimeInFuture(fmt.Sprintf("%s is in the future, it is %s; ask for the past, or follow new commits",
		at.AsTime().Format(time.RFC3339Nano), now.UTC().Format(time.RFC3339Nano)),
		"time", at.AsTime().Format(time.RFC3339Nano))
}

func beforeStart(what string, at, begins time.Time) error {
	return refusal.BeforeStart(fmt.Sprintf("%s begins at %s, and %s is not after that; ask for a later instant",
		what, begins.Format(time.RFC3339Nano), at.Format(time.RFC3339Nano)),
		"start_time", begins.Format(time.RFC3339Nano))
}

// begins is when the first commit of the log was recorded, or nil.
func (s *Service) begins(ctx context.Context) (*timestamppb.Timestamp, error) {
	if s.model.Position() == 0 {
		return nil, nil
	}
	first, err := s.deps.Log.At(ctx, 1)
	return first.Commit.GetRecordTime(), err
}

// known refuses the name of something that is not in the history.
func (s *Service) known(name string) error {
	if name == "" {
		return nil
	}
	return s.model.View(func(tx *bbolt.Tx) error {
		if subjectOf(name).from(tx, 0) > 0 {
			return nil
		}
		return notFound(name)
	})
}

func notFound(name string) error {
	kind, _, _ := strings.Cut(name, "/")
	missing := refusal.ConversationNotFound
	if kind == "lines" {
		missing = refusal.LineNotFound
	}
	return missing(name+" is not in the history; check its name", strings.TrimSuffix(kind, "s"), name)
}
