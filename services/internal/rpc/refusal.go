package rpc

import (
	"context"
	"errors"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/protoadapt"

	"github.com/stafett/stafett/pkg/handover"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	"github.com/stafett/stafett/services/internal/eventlog"
)

// Domain of every google.rpc.ErrorInfo.
const Domain = "stafett.org"

// codeOf maps refusals to gRPC's own codes. What is not here is a failed
// precondition: the command is fine, but not now.
var codeOf = map[handoverv1.RefusalReason]codes.Code{
	handoverv1.RefusalReason_REFUSAL_REASON_FIELD_INVALID:          codes.InvalidArgument,
	handoverv1.RefusalReason_REFUSAL_REASON_FILE_INVALID:           codes.InvalidArgument,
	handoverv1.RefusalReason_REFUSAL_REASON_LINE_NOT_YOURS:         codes.PermissionDenied,
	handoverv1.RefusalReason_REFUSAL_REASON_ROTA_MISSING:           codes.NotFound,
	handoverv1.RefusalReason_REFUSAL_REASON_DOOR_NOT_FOUND:         codes.NotFound,
	handoverv1.RefusalReason_REFUSAL_REASON_TOPIC_UNKNOWN:          codes.InvalidArgument,
	handoverv1.RefusalReason_REFUSAL_REASON_PAGE_TOKEN_INVALID:     codes.InvalidArgument,
	handoverv1.RefusalReason_REFUSAL_REASON_REQUEST_TOO_LARGE:      codes.InvalidArgument,
	handoverv1.RefusalReason_REFUSAL_REASON_TOO_MANY_ATTEMPTS:      codes.ResourceExhausted,
	handoverv1.RefusalReason_REFUSAL_REASON_IDENTITY_UNKNOWN:       codes.Unauthenticated,
	handoverv1.RefusalReason_REFUSAL_REASON_PEER_NOT_ALLOWED:       codes.PermissionDenied,
	handoverv1.RefusalReason_REFUSAL_REASON_CONVERSATION_NOT_YOURS: codes.PermissionDenied,
	handoverv1.RefusalReason_REFUSAL_REASON_PACKET_CLOSED:          codes.PermissionDenied,
	handoverv1.RefusalReason_REFUSAL_REASON_REQUEST_ID_REUSED:      codes.AlreadyExists,
	handoverv1.RefusalReason_REFUSAL_REASON_CONVERSATION_NOT_FOUND: codes.NotFound,
	handoverv1.RefusalReason_REFUSAL_REASON_LINE_NOT_FOUND:         codes.NotFound,
	handoverv1.RefusalReason_REFUSAL_REASON_HANDOVER_NOT_FOUND:     codes.NotFound,
	handoverv1.RefusalReason_REFUSAL_REASON_OFFER_NOT_FOUND:        codes.NotFound,
	handoverv1.RefusalReason_REFUSAL_REASON_PACKET_MISSING:         codes.NotFound,
	handoverv1.RefusalReason_REFUSAL_REASON_CONTENDED:              codes.Aborted,
	handoverv1.RefusalReason_REFUSAL_REASON_LOG_UNAVAILABLE:        codes.Unavailable,
	handoverv1.RefusalReason_REFUSAL_REASON_NOT_READY:              codes.Unavailable,
	handoverv1.RefusalReason_REFUSAL_REASON_POSITION_IN_FUTURE:     codes.OutOfRange,
	handoverv1.RefusalReason_REFUSAL_REASON_TIME_IN_FUTURE:         codes.OutOfRange,
	handoverv1.RefusalReason_REFUSAL_REASON_BEFORE_START:           codes.OutOfRange,
	handoverv1.RefusalReason_REFUSAL_REASON_RPC_UNKNOWN:            codes.Unimplemented,
	handoverv1.RefusalReason_REFUSAL_REASON_INTERNAL:               codes.Internal,
}

// toStatus makes of any error what the caller may see: a refusal with its
// reason, or that something is wrong here and nothing more.
func toStatus(err error) error {
	if err == nil {
		return nil
	}
	var refusal *handover.Refusal
	switch {
	case errors.As(err, &refusal):
	case errors.Is(err, eventlog.ErrUnknown): // before the contexts': the log may be silent until one ends
		refusal = &handover.Refusal{Reason: handoverv1.RefusalReason_REFUSAL_REASON_LOG_UNAVAILABLE,
			Message: "the log did not answer, so the outcome is unknown; ask again with the same request id"}
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return status.FromContextError(err).Err()
	default:
		if s, ok := status.FromError(err); ok {
			return s.Err()
		}
		refusal = &handover.Refusal{Reason: handoverv1.RefusalReason_REFUSAL_REASON_INTERNAL,
			Message: "a fault of the platform's; its operator finds the cause in the service's log"}
	}
	return refusalStatus(refusal)
}

func refusalStatus(r *handover.Refusal) error {
	code, ok := codeOf[r.Reason]
	if !ok {
		code = codes.FailedPrecondition
	}
	details := []protoadapt.MessageV1{&errdetails.ErrorInfo{Reason: r.Code(), Domain: Domain, Metadata: r.Metadata}}
	if field := r.Metadata["field"]; field != "" {
		details = append(details, &errdetails.BadRequest{
			FieldViolations: []*errdetails.BadRequest_FieldViolation{{Field: field, Description: r.Message}},
		})
	}
	s, err := status.New(code, r.Message).WithDetails(details...)
	if err != nil {
		return status.Error(codes.Internal, err.Error())
	}
	return s.Err()
}
