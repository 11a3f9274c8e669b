package audit

import (
	"context"
	"fmt"

	auditv1 "github.com/stafett/stafett/proto/stafett/audit/v1"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	"github.com/stafett/stafett/tools/internal/replay"
)

// page is how many accesses are asked for at once. Each page is an access itself.
const page = 500

// listAccesses reads the record, oldest first, up to and with its own reading: all of it,
// or what may have told of one conversation. It is an error if an access was changed,
// or if one of all does not follow the one before it.
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

// checkAccesses looks whether accesses are as they were recorded, and, where they are all,
// whether they are the record from its first on, without a hole.
func checkAccesses(some []*auditv1.StoredCommit, all bool) error {
	chain := replay.Chain{Gapless: all, Whole: all}
	for _, stored := range some {
		if err := chain.Add(stored); err != nil {
			return fmt.Errorf("the record of reading was changed: %w", err)
		}
	}
	return nil
}
