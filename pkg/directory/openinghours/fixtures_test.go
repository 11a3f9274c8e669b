package openinghours

import (
	"testing"
	"time"

	"github.com/stafett/stafett/pkg/directory/internal/directorytest"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

const (
	chat         = handoverv1.Channel_CHANNEL_CHAT
	phone        = handoverv1.Channel_CHANNEL_PHONE
	sms          = handoverv1.Channel_CHANNEL_SMS
	shortStaffed = handoverv1.ClosureReason_CLOSURE_REASON_SHORT_STAFFED
	incident     = handoverv1.ClosureReason_CLOSURE_REASON_INCIDENT
)

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
	return duty{{unit, directorytest.Instant(t, from), directorytest.Instant(t, until)}}
}
