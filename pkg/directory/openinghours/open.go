package openinghours

import (
	"time"

	"github.com/stafett/stafett/pkg/directory/schedule"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// OpenAt reports whether the line answers the channel at t, by wall-clock time in the line's
// zone: when the clocks go back, a window holds for both of the repeated hours. A line that is
// not active, or whose hours or zone are unknown, is closed.
//
// OpenAt considers the line's facts only. [Times] knows short-notice closures and rotas too.
func OpenAt(line *handoverv1.Line, channel handoverv1.Channel, t time.Time) bool {
	return planOf(line, channel).OpenAt(t)
}

// NextOpen returns the next instant at which a line begins to answer the channel, or t itself
// if it already does. It returns false if none lies within two weeks.
func NextOpen(line *handoverv1.Line, channel handoverv1.Channel, t time.Time) (time.Time, bool) {
	return planOf(line, channel).Next(t)
}

// OpenUntil returns when a line that answers the channel at t next stops. It returns false
// for a closed line, and if that lies more than four days ahead.
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
