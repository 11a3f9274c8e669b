// Package history reads what the log has of a conversation, as an auditor does.
package history

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"

	"github.com/stafett/stafett/pkg/client"
	"github.com/stafett/stafett/pkg/handover"
	auditv1 "github.com/stafett/stafett/proto/stafett/audit/v1"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
)

// Replay returns everything that the log now has of a conversation after a
// position. It asks again while audit is not there.
func Replay(ctx context.Context, audit auditv1.AuditServiceClient, conversation string, after uint64) (appends []*auditv1.StoredAppend, err error) {
	err = client.Retry(ctx, func(ctx context.Context) error {
		appends, err = replay(ctx, audit, conversation, after)
		return err
	})
	return appends, err
}

func replay(ctx context.Context, audit auditv1.AuditServiceClient, conversation string, after uint64) ([]*auditv1.StoredAppend, error) {
	stream, err := audit.ReplayAppends(ctx, &auditv1.ReplayAppendsRequest{Conversation: conversation, AfterPosition: after})
	if err != nil {
		return nil, err
	}
	var appends []*auditv1.StoredAppend
	for {
		response, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			return appends, nil
		}
		if err != nil {
			return nil, err
		}
		appends = append(appends, response.Appends...)
	}
}

// Fold applies appends to what is known of a conversation, and returns their
// events. An append that does not follow the one before it is an error.
func Fold(s *handover.State, appends []*auditv1.StoredAppend) ([]*eventv1.Event, error) {
	var events []*eventv1.Event
	for _, stored := range appends {
		if len(stored.PayloadHash) != sha256.Size {
			return nil, fmt.Errorf("position %d has no hash of %d bytes", stored.Position, sha256.Size)
		}
		if err := handover.Fold(s, stored.Append, stored.Position, [sha256.Size]byte(stored.PayloadHash)); err != nil {
			return nil, err
		}
		events = append(events, stored.Append.Events...)
	}
	return events, nil
}
