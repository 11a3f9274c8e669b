package refusal

import (
	"errors"
	"strings"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/protoadapt"
	"google.golang.org/protobuf/types/known/durationpb"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// Domain is the domain of every google.rpc.ErrorInfo.
const Domain = "stafett.org"

// Error is a refusal. The request has changed nothing.
type Error struct {
	// Reason is stable: callers switch on it.
	Reason handoverv1.RefusalReason
	// Message says what is wrong, where, and what to do.
	Message string
	// Metadata holds every variable of the message, by name.
	Metadata map[string]string
	// Violations lists the invalid fields of the request. Empty if the fields are
	// valid.
	Violations []Violation
	// RetryAfter is when to ask again at the earliest. 0: that depends on the caller.
	RetryAfter time.Duration
}

// Violation describes one invalid field.
type Violation struct {
	// Field is the path in the request, such as slot.start_time.
	Field string
	// Problem says what is wrong and what to write instead.
	Problem string
}

func (e *Error) Error() string { return e.Message }

// Name returns the reason without its prefix, such as TOO_LATE.
func (e *Error) Name() string {
	return strings.TrimPrefix(e.Reason.String(), "REFUSAL_REASON_")
}

// GRPCStatus returns the gRPC code, with the reason as google.rpc.ErrorInfo, the
// invalid fields as google.rpc.BadRequest, and when to ask again as google.rpc.RetryInfo.
func (e *Error) GRPCStatus() *status.Status {
	details := []protoadapt.MessageV1{&errdetails.ErrorInfo{Reason: e.Name(), Domain: Domain, Metadata: e.Metadata}}
	if len(e.Violations) > 0 {
		details = append(details, e.badRequest())
	}
	if e.RetryAfter > 0 {
		details = append(details, &errdetails.RetryInfo{RetryDelay: durationpb.New(e.RetryAfter)})
	}
	code, known := statusCode[e.Reason]
	if !known {
		code = codes.Internal
	}
	s, err := status.New(code, e.Message).WithDetails(details...)
	if err != nil {
		return status.New(codes.Internal, err.Error())
	}
	return s
}

func (e *Error) badRequest() *errdetails.BadRequest {
	bad := &errdetails.BadRequest{}
	for _, v := range e.Violations {
		bad.FieldViolations = append(bad.FieldViolations, &errdetails.BadRequest_FieldViolation{Field: v.Field, Description: v.Problem})
	}
	return bad
}

// ReasonOf returns the reason of a refusal, or unspecified for any other error.
func ReasonOf(err error) handoverv1.RefusalReason {
	var e *Error
	if !errors.As(err, &e) {
		return handoverv1.RefusalReason_REFUSAL_REASON_UNSPECIFIED
	}
	return e.Reason
}
