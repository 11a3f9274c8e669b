// Package accesses reads the record of who read the history, and looks whether it
// is whole.
package accesses

import (
	"bytes"
	"context"
	"fmt"

	auditv1 "github.com/stafett/stafett/proto/stafett/audit/v1"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	"github.com/stafett/stafett/tools/internal/story/history"
)

// page is how many accesses are asked for at once. Each page is an access itself.
const page = 500

// List reads the whole record, oldest first, up to and with its own reading. It is
// an error if an access does not follow the one before it.
func List(ctx context.Context, audit auditv1.AuditServiceClient, purpose *eventv1.Purpose) ([]*auditv1.StoredAppend, error) {
	var all []*auditv1.StoredAppend
	request := &auditv1.ListAccessesRequest{PageSize: page, Purpose: purpose}
	for {
		response, err := audit.ListAccesses(ctx, request)
		if err != nil {
			return nil, err
		}
		all = append(all, response.Accesses...)
		if request.PageToken = response.NextPageToken; request.PageToken == "" {
			return all, Check(all)
		}
	}
}

// Check looks whether accesses are the record from its first on, without a hole.
func Check(all []*auditv1.StoredAppend) error {
	var before []byte
	for i, stored := range all {
		if err := history.Genuine(stored); err != nil {
			return fmt.Errorf("the record of reading was changed: %w", err)
		}
		if int(stored.Append.Number) != i+1 || !bytes.Equal(stored.Append.PreviousHash, before) {
			return fmt.Errorf("the record of reading has a hole before position %d", stored.Position)
		}
		before = stored.PayloadHash
	}
	return nil
}

// Of are the accesses that asked for a conversation, or for more than one: then it
// may have been among them.
func Of(all []*auditv1.StoredAppend, conversation string) (found []*auditv1.StoredAppend) {
	for _, stored := range all {
		reading := stored.Append.Events[0].GetAccessRecorded().GetReading()
		several := reading.GetConversation() == "" && (reading.GetLine() == "" || reading.GetWithConversations())
		if reading.GetConversation() == conversation || several && stored.Append.Command == "ReplayAppends" {
			found = append(found, stored)
		}
	}
	return found
}
