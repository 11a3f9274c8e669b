package rpc_test

import (
	"math"
	"slices"
	"testing"

	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	"github.com/stafett/stafett/services/internal/rpc"
)

// The ends of the years that are reckoned with, and what is outside of all of them.
const (
	firstSecond = 946684800  // 2000-01-01T00:00:00Z
	endSecond   = 7258118400 // 2200-01-01T00:00:00Z
)

func at(seconds int64, nanos int32) *timestamppb.Timestamp {
	return &timestamppb.Timestamp{Seconds: seconds, Nanos: nanos}
}

func TestInstantsThatAreNone(t *testing.T) {
	for _, instant := range []*timestamppb.Timestamp{
		at(math.MinInt64, 0), at(-9161314442816847872, 0), at(-67768040609740800, 0), at(-186000000000000, 0), at(math.MaxInt64, 0),
		at(-62135596800, 0), at(253402300799, 0), {}, at(firstSecond-1, 999999999), at(endSecond, 0),
		at(firstSecond, -1), at(firstSecond, 1000000000), at(firstSecond, math.MinInt32),
	} {
		for field, request := range map[string]proto.Message{
			"time":       &routingv1.FindLinesRequest{Time: instant},
			"start_time": &routingv1.GetRotaRequest{StartTime: instant},
			"end_time":   &routingv1.CloseLineRequest{EndTime: instant},
		} {
			invalid(t, request, field)
		}
	}
	nested := &routingv1.ListLinesResponse{Lines: []*routingv1.Line{{}, {Retention: &durationpb.Duration{Seconds: 1, Nanos: -1}}}}
	invalid(t, nested, "lines[1].retention")
	for _, instant := range []*timestamppb.Timestamp{nil, at(firstSecond, 0), at(endSecond-1, 999999999)} {
		if err := rpc.Validate(&routingv1.GetAvailabilityRequest{Name: "lines/brus/availability", Time: instant}); err != nil {
			t.Errorf("%v: %v", instant, err)
		}
	}
}

func invalid(t *testing.T, request proto.Message, field string) {
	t.Helper()
	err := rpc.ToStatus(rpc.Validate(request))
	refused(t, err, codes.InvalidArgument, "FIELD_INVALID")
	if got := violations(err); !slices.Equal(got, []string{field}) {
		t.Errorf("%v names %v, want %s", err, got, field)
	}
}
