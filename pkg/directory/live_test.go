package directory

import (
	"testing"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

const (
	sms          = handoverv1.Channel_CHANNEL_SMS
	shortStaffed = handoverv1.ClosureReason_CLOSURE_REASON_SHORT_STAFFED
	incident     = handoverv1.ClosureReason_CLOSURE_REASON_INCIDENT
)

// someSeats is a report that never expires: one free seat and one waiting child.
func someSeats() Live {
	one := Seats{Free: 1, Queue: 1}
	return Live{Seats: map[handoverv1.Channel]Seats{chat: one, phone: one}, SeatsUntil: time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC)}
}

// seatedAll returns a directory in which every line has a free seat.
func seatedAll(lines []*handoverv1.Line) *Directory {
	d := New(lines)
	for _, line := range lines {
		d = d.With(ID(line), line, someSeats())
	}
	return d
}

// with returns a directory with live state for one line.
func with(t testing.TB, id string, live Live) *Directory {
	t.Helper()
	return New(nil).With(id, exampleLine(t, id), live)
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
