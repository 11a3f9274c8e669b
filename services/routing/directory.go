package routing

import (
	"context"
	"strings"

	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/handover"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	"github.com/stafett/stafett/services/internal/identity"
	"github.com/stafett/stafett/services/internal/lines"
	"github.com/stafett/stafett/services/internal/rpc"
)

// onLine is a command about one line.
type onLine interface {
	rpc.Command
	GetLine() string
}

// change carries out a command about a line, for the line itself or an operator.
func (s *Service) change(ctx context.Context, r onLine, decide func(*lines.State) ([]proto.Message, error)) (*recorded, error) {
	id := strings.TrimPrefix(r.GetLine(), "lines/")
	if err := mayChange(ctx, r.GetLine()); err != nil {
		return nil, err
	}
	call, err := rpc.Call(ctx, "", r)
	if err != nil {
		return nil, err
	}
	if _, err := s.known(id); err != nil {
		return nil, err
	}
	return s.append(ctx, lines.Change{
		Line: id, Caller: call.Caller, Command: call.Command, RequestID: call.RequestID, RequestHash: call.RequestHash, Decide: decide,
	})
}

// append carries out a change at this instant.
func (s *Service) append(ctx context.Context, c lines.Change) (*recorded, error) {
	state, err := s.lineState(c.Line)
	if err != nil {
		return nil, err
	}
	c.At = s.host.Clock.Now()
	return lines.Append(ctx, s.host.Log, state, c)
}

// isAnother says whether the caller is a line other than the one of a name.
func isAnother(ctx context.Context, line string) bool {
	caller := rpc.Caller(ctx)
	return caller.Kind == identity.Line && handover.LineName(caller.ID) != line
}

// mayChange refuses a line that would change another.
func mayChange(ctx context.Context, line string) error {
	if !isAnother(ctx, line) {
		return nil
	}
	return &handover.Refusal{
		Reason:   handoverv1.RefusalReason_REFUSAL_REASON_LINE_NOT_YOURS,
		Message:  rpc.Caller(ctx).ID + " cannot change " + line + "; a line changes only itself",
		Metadata: map[string]string{"line": strings.TrimPrefix(line, "lines/")},
	}
}
