package audit

import (
	"context"
	"fmt"
	"strconv"

	auditv1 "github.com/stafett/stafett/proto/stafett/audit/v1"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	"github.com/stafett/stafett/services/audit/internal/access"
	"github.com/stafett/stafett/services/internal/host"
	"github.com/stafett/stafett/services/internal/rpc"
)

// accessesList names the list in its page tokens.
const accessesList = "accesses"

// ListAccesses lists who read the history. Reading this list is recorded too.
func (s *Service) ListAccesses(ctx context.Context, r *auditv1.ListAccessesRequest) (*auditv1.ListAccessesResponse, error) {
	token, err := host.ReadPageToken(accessesList, r.PageToken)
	if err != nil {
		return nil, err
	}
	after, err := strconv.ParseUint("0"+token, 10, 64)
	if err != nil {
		return nil, rpc.Invalid("page_token", "page_token: it is not one that this list gave; begin again without it")
	}
	log, err := s.logOf(auditv1.Log_LOG_ACCESSES)
	if err != nil {
		return nil, err
	}
	if err := s.recorded(ctx, log, r.Purpose, &eventv1.Reading{Accesses: true, Conversation: r.Conversation, AfterPosition: after}); err != nil {
		return nil, err
	}
	if err := log.model.CatchUp(ctx, after); err != nil {
		return nil, err
	}
	entries, next, err := access.List(log.model, after, host.PageSize(r.PageSize), access.About(r.Conversation))
	if err != nil {
		return nil, err
	}
	response := &auditv1.ListAccessesResponse{}
	for _, entry := range entries {
		response.Accesses = append(response.Accesses, &auditv1.StoredAppend{
			Position: entry.Position, Append: entry.Append, PayloadHash: entry.Hash[:], Payload: entry.Payload,
		})
	}
	if next > 0 {
		response.NextPageToken = host.PageToken(accessesList, fmt.Sprint(next))
	}
	return response, nil
}
