package directory

import (
	"time"

	"github.com/stafett/stafett/pkg/directory/schedule"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// OpenAt says whether the line answers the channel at t. Wall-clock time in the line's
// zone decides: when the clocks go back, a window holds for both of the repeated hours.
// A line whose hours or zone are unknown is closed, and one that is not active.
//
// It is what its facts say. Whether it has closed at short notice is known by a [Directory].
func OpenAt(line *handoverv1.Line, channel handoverv1.Channel, t time.Time) bool {
	return planOf(line, channel).OpenAt(t)
}

// NextOpen is the next instant at which a line begins to answer the channel, or t
// itself if it does already. It is false where none lies within two weeks.
func NextOpen(line *handoverv1.Line, channel handoverv1.Channel, t time.Time) (time.Time, bool) {
	return planOf(line, channel).Next(t)
}

// OpenUntil is when a line that answers the channel at t next stops to. It is
// false for a line that is closed, and where that lies more than four days ahead.
func OpenUntil(line *handoverv1.Line, channel handoverv1.Channel, t time.Time) (time.Time, bool) {
	return planOf(line, channel).Until(t)
}

func planOf(line *handoverv1.Line, channel handoverv1.Channel) *schedule.Plan {
	if !active(line) {
		return nil
	}
	return schedule.Compile(line, channel)
}

func active(line *handoverv1.Line) bool {
	return line.GetStatus() <= handoverv1.LineStatus_LINE_STATUS_ACTIVE
}
