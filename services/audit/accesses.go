package audit

import (
	"context"
	"fmt"
	"strconv"

	auditv1 "github.com/stafett/stafett/proto/stafett/audit/v1"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
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
	if err := s.recorded(ctx, r.Purpose, &eventv1.Reading{}); err != nil {
		return nil, err
	}
	entries, more, err := s.record.List(ctx, after, host.PageSize(r.PageSize))
	if err != nil {
		return nil, err
	}
	response := &auditv1.ListAccessesResponse{}
	for _, entry := range entries {
		response.Accesses = append(response.Accesses, &auditv1.StoredAppend{
			Position: entry.Position, Append: entry.Append, PayloadHash: entry.Hash[:], Payload: entry.Payload,
		})
	}
	if more {
		response.NextPageToken = host.PageToken(accessesList, fmt.Sprint(entries[len(entries)-1].Position))
	}
	return response, nil
}
