package rpc

import (
	"context"
	"errors"

	"google.golang.org/grpc/status"

	"github.com/stafett/stafett/pkg/refusal"
	"github.com/stafett/stafett/services/internal/eventlog"
)

// toStatus turns any error into what the caller may see: a refusal without the errors that
// wrap it, or a bare internal error.
func toStatus(err error) error {
	var refused *refusal.Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &refused):
		return refused.GRPCStatus().Err()
	case errors.Is(err, eventlog.ErrUnknown): // before the contexts': the log may be silent until one ends
		return toStatus(logUnavailable())
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return status.FromContextError(err).Err()
	}
	if s, ok := status.FromError(err); ok {
		return s.Err()
	}
	return toStatus(refusal.Internal("the platform failed; its operator finds the cause in the service's log"))
}

func logUnavailable() *refusal.Error {
	return refusal.LogUnavailable("the log did not answer, so the outcome is unknown; ask again with the same request id")
}
