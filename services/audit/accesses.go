package audit

import (
	"cmp"
	"context"
	"fmt"

	auditv1 "github.com/stafett/stafett/proto/stafett/audit/v1"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	"github.com/stafett/stafett/services/audit/internal/access"
	"github.com/stafett/stafett/services/internal/eventlog"
	"github.com/stafett/stafett/services/internal/rpc"
)

// accessesList names the list in its page tokens.
const accessesList = "accesses"

// ListAccesses lists who read the history. Reading this list is recorded too.
func (s *Service) ListAccesses(ctx context.Context, r *auditv1.ListAccessesRequest) (*auditv1.ListAccessesResponse, error) {
	p, err := readAccessesPage(r.PageToken)
	if err != nil {
		return nil, err
	}
	log, err := s.logOf(ctx, auditv1.Log_LOG_ACCESSES)
	if err != nil {
		return nil, err
	}
	if err := s.recorded(ctx, log, r.Purpose, &eventv1.Reading{Accesses: true, Conversation: r.Conversation, AfterPosition: p.after}); err != nil {
		return nil, err
	}
	if err := log.model.CatchUp(ctx, p.end); err != nil {
		return nil, err
	}
	p.end = cmp.Or(p.end, log.model.Position())
	entries, next, err := access.List(log.model, p.after, p.end, rpc.PageSize(r.PageSize), access.About(r.Conversation))
	if err != nil {
		return nil, err
	}
	response := &auditv1.ListAccessesResponse{Accesses: toStored(entries)}
	if next > 0 {
		response.NextPageToken = accessesPage{next, p.end}.token()
	}
	return response, nil
}

func toStored(entries []eventlog.Entry) (all []*auditv1.StoredCommit) {
	for _, entry := range entries {
		all = append(all, &auditv1.StoredCommit{
			Position: entry.Position, Commit: entry.Commit, PayloadHash: entry.Hash[:], Payload: entry.Payload,
		})
	}
	return all
}

// accessesPage is where a page begins and where the list ends. The end is fixed by the first
// page; otherwise reading the list would keep extending it.
type accessesPage struct{ after, end uint64 }

func (p accessesPage) token() string {
	return rpc.PageToken(accessesList, fmt.Sprintf("%d-%d", p.after, p.end))
}

func readAccessesPage(token string) (p accessesPage, err error) {
	text, err := rpc.ReadPageToken(accessesList, token)
	if err != nil || text == "" {
		return p, err
	}
	if _, err := fmt.Sscanf(text, "%d-%d", &p.after, &p.end); err != nil || p.token() != token || p.after >= p.end {
		return p, rpc.StrangePageToken()
	}
	return p, nil
}
