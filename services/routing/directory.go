package routing

import (
	"context"
	"strings"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/refusal"
	"github.com/stafett/stafett/services/internal/identity"
	"github.com/stafett/stafett/services/internal/lines"
	"github.com/stafett/stafett/services/internal/rpc"
)

// onLine is a command about one line.
type onLine interface {
	rpc.Command
	GetLine() string
}

// change executes a command on a line, for the line itself or an operator.
func (s *Service) change(ctx context.Context, r onLine, decide lines.Decide) (*recorded, error) {
	id := strings.TrimPrefix(r.GetLine(), "lines/")
	if err := mayChange(ctx, r.GetLine()); err != nil {
		return nil, err
	}
	call, err := rpc.Call(ctx, id, r)
	if err != nil {
		return nil, err
	}
	if _, err := s.known(id); err != nil {
		return nil, err
	}
	return s.lines.Do(ctx, call, decide).Answer()
}

// isAnother reports whether the caller is a line other than the named one.
func isAnother(ctx context.Context, line string) bool {
	caller := rpc.Caller(ctx)
	return caller.Kind == identity.Line && handover.LineName(caller.ID) != line
}

// mayChange refuses a line that would change another.
func mayChange(ctx context.Context, line string) error {
	if !isAnother(ctx, line) {
		return nil
	}
	return refusal.LineNotYours(rpc.Caller(ctx).ID+" cannot change "+line+"; a line changes only itself",
		"line", strings.TrimPrefix(line, "lines/"))
}
