package refusal_test

import (
	"slices"
	"strings"
	"testing"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/stafett/stafett/pkg/refusal"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

func TestGRPCKnowsEveryReason(t *testing.T) {
	for number, name := range handoverv1.RefusalReason_name {
		if number == 0 {
			continue
		}
		s, ok := status.FromError(&refusal.Error{Reason: handoverv1.RefusalReason(number), Message: "no"})
		if !ok || s.Code() == codes.OK || s.Code() == codes.Unknown || s.Message() != "no" {
			t.Errorf("%s is %v", name, s)
		}
		info, _ := s.Details()[0].(*errdetails.ErrorInfo)
		if info.GetDomain() != refusal.Domain || info.GetReason() != strings.TrimPrefix(name, "REFUSAL_REASON_") {
			t.Errorf("%s tells %v", name, info)
		}
	}
}

func TestEveryWrongFieldIsAViolation(t *testing.T) {
	err := refusal.Fields(refusal.Violation{Field: "line", Problem: "unknown"}, refusal.Violation{Field: "slot", Problem: "missing"})
	if want := "line: unknown; slot: missing"; err.Error() != want {
		t.Errorf("the message is %q, want %q", err.Error(), want)
	}
	bad, _ := err.GRPCStatus().Details()[1].(*errdetails.BadRequest)
	var fields []string
	for _, v := range bad.GetFieldViolations() {
		fields = append(fields, v.GetField()+" "+v.GetDescription())
	}
	if want := []string{"line unknown", "slot missing"}; !slices.Equal(fields, want) {
		t.Errorf("the violations are %q, want %q", fields, want)
	}
}

// A damaged record is never the caller's fault.
func TestRecordUnusableIsTheServersFault(t *testing.T) {
	if code := refusal.RecordUnusable("no").GRPCStatus().Code(); code != codes.DataLoss {
		t.Errorf("the code is %v", code)
	}
}
