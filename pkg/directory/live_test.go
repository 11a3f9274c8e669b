package directory

import (
	"testing"
	"time"

	"github.com/stafett/stafett/pkg/directory/internal/directorytest"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

const (
	chat     = handoverv1.Channel_CHANNEL_CHAT
	phone    = handoverv1.Channel_CHANNEL_PHONE
	sms      = handoverv1.Channel_CHANNEL_SMS
	incident = handoverv1.ClosureReason_CLOSURE_REASON_INCIDENT
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
	return New(nil).With(id, directorytest.Line(t, id), live)
}

// shift is a rota of one shift.
type shift struct {
	unit        string
	from, until time.Time
}

func (s shift) Staffs(at time.Time) (string, time.Time, bool) {
	on := !at.Before(s.from) && at.Before(s.until)
	return s.unit, s.until, on
}

func (s shift) NextStaffed(at time.Time) (time.Time, bool) {
	if at.Before(s.from) {
		at = s.from
	}
	return at, at.Before(s.until)
}

func oneShift(t testing.TB, unit, from, until string) shift {
	return shift{unit, directorytest.Instant(t, from), directorytest.Instant(t, until)}
}
