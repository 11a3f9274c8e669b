// Package replay reads the log as an auditor does.
package replay

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/client"
	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/evolve"
	auditv1 "github.com/stafett/stafett/proto/stafett/audit/v1"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
)

// Exercise is the purpose for reading the history of a story or a test.
func Exercise() *eventv1.Purpose {
	return &eventv1.Purpose{Code: eventv1.PurposeCode_PURPOSE_CODE_EXERCISE}
}

// All returns all commits that match a request.
func All(ctx context.Context, audit auditv1.AuditServiceClient, request *auditv1.ReplayCommitsRequest) (appends []*auditv1.StoredCommit, err error) {
	_, err = Each(ctx, audit, request, func(stored *auditv1.StoredCommit) error {
		appends = append(appends, stored)
		return nil
	})
	return appends, err
}

// silence is how long audit may stay silent before the replay gives up. Audit reports its
// progress even where there is nothing to return.
const silence = 30 * time.Second

// errSilent means that audit stayed silent for too long.
var errSilent = fmt.Errorf("audit has not answered for %s; see whether it runs", silence)

// Each passes on the commits that match a request, in order, and returns the position that
// the replay has reached. While audit is unavailable it retries from where it was. A
// request that follows ends with the context or an error.
func Each(ctx context.Context, audit auditv1.AuditServiceClient, request *auditv1.ReplayCommitsRequest, each func(*auditv1.StoredCommit) error) (uint64, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	patience := time.AfterFunc(silence, func() { cancel(errSilent) })
	defer patience.Stop()
	next := proto.CloneOf(request)
	heard := func() {
		if patience.Stop() && !request.Follow {
			patience.Reset(silence)
		}
	}
	err := client.Retry(ctx, func(ctx context.Context) error { return replay(ctx, audit, next, each, heard) })
	if errors.Is(context.Cause(ctx), errSilent) {
		err = errors.Join(errSilent, err)
	}
	return next.AfterPosition, err
}

// replay advances the request as it reads, and calls heard at each answer.
func replay(ctx context.Context, audit auditv1.AuditServiceClient, request *auditv1.ReplayCommitsRequest, each func(*auditv1.StoredCommit) error, heard func()) error {
	stream, err := audit.ReplayCommits(ctx, request)
	if err != nil {
		return err
	}
	for {
		response, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		heard()
		for _, stored := range response.Commits {
			if err := each(stored); err != nil {
				return err
			}
			request.AfterPosition = stored.Position
		}
		request.AfterPosition = response.Position
	}
}

// Fold applies commits to the state of a conversation, and returns their events. A commit
// that does not follow the one before it is an error.
func Fold(s *handover.State, appends []*auditv1.StoredCommit) ([]*eventv1.Event, error) {
	var events []*eventv1.Event
	for _, stored := range appends {
		if len(stored.PayloadHash) != sha256.Size {
			return nil, fmt.Errorf("position %d has no hash of %d bytes", stored.Position, sha256.Size)
		}
		if err := evolve.Commit(s, stored.Commit, stored.Position, [sha256.Size]byte(stored.PayloadHash)); err != nil {
			return nil, err
		}
		events = append(events, stored.Commit.Events...)
	}
	return events, nil
}
