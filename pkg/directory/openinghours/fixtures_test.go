package openinghours

import (
	"testing"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/stafett/stafett/pkg/directory/linefile"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

const (
	chat         = handoverv1.Channel_CHANNEL_CHAT
	phone        = handoverv1.Channel_CHANNEL_PHONE
	sms          = handoverv1.Channel_CHANNEL_SMS
	shortStaffed = handoverv1.ClosureReason_CLOSURE_REASON_SHORT_STAFFED
	incident     = handoverv1.ClosureReason_CLOSURE_REASON_INCIDENT
)

func instant(t testing.TB, text string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func exampleLine(t testing.TB, id string) *handoverv1.Line {
	t.Helper()
	for _, line := range linefile.Example() {
		if line.GetName() == "lines/"+id {
			return line
		}
	}
	t.Fatalf("no line %s", id)
	return nil
}

func closedFor(t testing.TB, from, until string, reason handoverv1.ClosureReason, channels ...handoverv1.Channel) *handoverv1.Closure {
	return &handoverv1.Closure{
		Channels: channels, Reason: reason,
		StartTime: timestamppb.New(instant(t, from)), EndTime: timestamppb.New(instant(t, until)),
	}
}

// duty is a rota of consecutive shifts; in gaps between them nobody staffs the line.
type duty []struct {
	unit        string
	from, until time.Time
}

func (d duty) Staffs(at time.Time) (string, time.Time, bool) {
	for _, shift := range d {
		if !at.Before(shift.from) && at.Before(shift.until) {
			return shift.unit, shift.until, true
		}
	}
	return "", time.Time{}, false
}

func (d duty) NextStaffed(at time.Time) (time.Time, bool) {
	for _, shift := range d {
		if at.Before(shift.until) {
			if shift.from.After(at) {
				return shift.from, true
			}
			return at, true
		}
	}
	return time.Time{}, false
}

func shift(t testing.TB, unit, from, until string) duty {
	return duty{{unit, instant(t, from), instant(t, until)}}
}
