package rpc

import (
	"context"
	"errors"
	"path"

	"github.com/stafett/stafett/pkg/refusal"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	"github.com/stafett/stafett/services/internal/eventlog"
)

// withHelp tells whoever calls an emergency service that the call comes before its record,
// where the record cannot be made.
func withHelp(method string, err error) error {
	if path.Base(method) != "CallEmergency" {
		return err
	}
	if refused := unrecordable(err); refused != nil {
		refused.Message = "call now, record later: " + refused.Message
		refused.Metadata = map[string]string{"advice": "CALL_NOW_RECORD_LATER"}
		return refused
	}
	return err
}

// unrecordable returns the refusal of a command that fails because nothing can be recorded at
// the moment, as a copy; otherwise nil.
func unrecordable(err error) *refusal.Error {
	var refused *refusal.Error
	if errors.As(err, &refused) {
		switch refused.Reason {
		case handoverv1.RefusalReason_REFUSAL_REASON_STORAGE_UNAVAILABLE, handoverv1.RefusalReason_REFUSAL_REASON_NOT_READY:
			told := *refused
			return &told
		}
		return nil
	}
	if errors.Is(err, eventlog.ErrUnknown) || errors.Is(err, context.DeadlineExceeded) {
		return logUnavailable()
	}
	return nil
}
