package audit

import (
	"context"
	"fmt"

	auditv1 "github.com/stafett/stafett/proto/stafett/audit/v1"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	"github.com/stafett/stafett/tools/internal/replay"
)

// page is the number of accesses per request. Each page is an access itself.
const page = 500

// listAccesses reads the access log, oldest first, up to and including its own reading:
// either all of it, or the accesses that may have revealed one conversation. It fails if
// an access was changed or, when reading all, if one does not follow the one before it.
func listAccesses(ctx context.Context, audit auditv1.AuditServiceClient, purpose *eventv1.Purpose, conversation string) ([]*auditv1.StoredCommit, error) {
	var all []*auditv1.StoredCommit
	request := &auditv1.ListAccessesRequest{PageSize: page, Purpose: purpose, Conversation: conversation}
	for {
		response, err := audit.ListAccesses(ctx, request)
		if err != nil {
			return nil, err
		}
		all = append(all, response.Accesses...)
		if request.PageToken = response.NextPageToken; request.PageToken == "" {
			return all, checkAccesses(all, conversation == "")
		}
	}
}

// checkAccesses verifies that accesses are as they were recorded and, if they are all,
// that they form a complete log from the first one on.
func checkAccesses(some []*auditv1.StoredCommit, all bool) error {
	chain := replay.Chain{Gapless: all, Whole: all}
	for _, stored := range some {
		if err := chain.Add(stored); err != nil {
			return fmt.Errorf("the access log was changed: %w", err)
		}
	}
	return nil
}
