package directory

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/testing/protocmp"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/stafett/stafett/pkg/directory/internal/directorytest"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
)

func TestAvailability(t *testing.T) {
	live := someSeats()
	live.Seats[chat] = Seats{Free: 2, Leased: 1, Queue: 4}
	over := directorytest.Closed(t, "2026-03-03T10:00:00+01:00", "2026-03-03T11:00:00+01:00", incident)
	now := directorytest.Closed(t, "2026-03-03T14:00:00+01:00", "2026-03-04T15:00:00+01:00", incident, sms)
	live.Closures = []*handoverv1.Closure{over, now}
	at, stamp := directorytest.Instant(t, "2026-03-03T15:00:00+01:00"), func(text string) *timestamppb.Timestamp { return timestamppb.New(directorytest.Instant(t, text)) }
	want := &routingv1.Availability{
		Name: "lines/cyberhus/availability", Closures: []*handoverv1.Closure{now},
		Channels: []*routingv1.ChannelAvailability{
			{Channel: chat, Open: true, CloseTime: stamp("2026-03-03T22:00:00+01:00"), FreeSeats: proto.Int32(1), LeasedSeats: 1, Queue: proto.Int32(4)},
			{Channel: sms, ClosedReason: incident, NextOpenTime: stamp("2026-03-04T15:00:00+01:00")},
			{Channel: handoverv1.Channel_CHANNEL_EMAIL, Open: true},
		},
	}
	if diff := cmp.Diff(want, with(t, "cyberhus", live).Availability("cyberhus", at), protocmp.Transform()); diff != "" {
		t.Error(diff)
	}
}

func TestAvailabilityOfUnknownSeats(t *testing.T) {
	live := Live{Seats: map[handoverv1.Channel]Seats{chat: {Leased: 1}}}
	holiday := with(t, "cyberhus", live).Availability("cyberhus", directorytest.Instant(t, "2026-12-25T17:00:00+01:00")).Channels[0]
	if holiday.Open || holiday.ClosedReason != handoverv1.ClosureReason_CLOSURE_REASON_HOLIDAY || holiday.FreeSeats != nil || holiday.Queue != nil || holiday.LeasedSeats != 1 {
		t.Errorf("%v", holiday)
	}
}
