package directory

import (
	"time"

	"github.com/stafett/stafett/pkg/directory/schedule"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// hours is when a line answers by its facts, worked out once for quick answers. It does
// not change, also when the line does.
type hours [handoverv1.Channel_CHANNEL_EMAIL + 1]*schedule.Plan

// hoursOf works them out. A line that is not active never answers.
func hoursOf(line *handoverv1.Line) *hours {
	var all hours
	for channel := range all {
		all[channel] = planOf(line, handoverv1.Channel(channel))
	}
	return &all
}

// plan is nil, and so never open, for a channel that nobody knows.
func (h *hours) plan(channel handoverv1.Channel) *schedule.Plan {
	if !known(channel) {
		return nil
	}
	return h[channel]
}

// times is when a line answers: its hours, less what it closed at short notice, while
// its rota has it staffed.
type times struct {
	hours    *hours
	closures []closure
	staffing Staffing
}

func timesOf(hours *hours, live Live) times {
	return times{hours, closuresOf(live.Closures), live.Staffing}
}

// openAt says whether the line answers the channel at an instant.
func (t *times) openAt(channel handoverv1.Channel, at time.Time) bool {
	return t.hours.plan(channel).OpenAt(at) && t.available(channel, at)
}

// stays is openAt for who will ask again soon.
func (t *times) stays(channel handoverv1.Channel, at time.Time) bool {
	return t.hours.plan(channel).Stays(at) && t.available(channel, at)
}

// available leaves the hours out.
func (t *times) available(channel handoverv1.Channel, at time.Time) bool {
	return t.closure(channel, at) == nil && t.staffed(at)
}

const (
	// twoWeeks and the rest of a day are how far nextOpen looks.
	twoWeeks = 15 * 24 * time.Hour
	// fourDays is how far openUntil looks.
	fourDays = 4 * 24 * time.Hour
	// manySteps is more than hours, closures and shifts of two weeks can ask for.
	manySteps = 1000
)

// nextOpen is the first instant from one on at which the line answers the channel. It
// is false where none lies within two weeks.
func (t *times) nextOpen(channel handoverv1.Channel, at time.Time) (time.Time, bool) {
	next := at
	for range manySteps {
		opens, ok := t.hours.plan(channel).Next(next)
		if !ok || opens.Sub(at) > twoWeeks {
			return time.Time{}, false
		}
		if next, ok = t.availableFrom(channel, opens); !ok {
			return time.Time{}, false
		}
		if next.Equal(opens) {
			return opens, true
		}
	}
	return time.Time{}, false
}

// availableFrom is an instant itself where the line is available then, and otherwise the
// next one to look at.
func (t *times) availableFrom(channel handoverv1.Channel, at time.Time) (time.Time, bool) {
	if c := t.closure(channel, at); c != nil {
		return c.until, !c.endless()
	}
	return t.nextStaffed(at)
}

// openUntil is the first instant after one at which a line that answers the channel
// then does not. It is false for one that is closed, and where it lies more than four
// days ahead.
func (t *times) openUntil(channel handoverv1.Channel, at time.Time) (time.Time, bool) {
	if !t.openAt(channel, at) {
		return time.Time{}, false
	}
	until, closes := t.hours.plan(channel).Until(at)
	earlier := func(end time.Time) {
		if end.After(at) && end.Before(at.Add(fourDays)) && (!closes || end.Before(until)) {
			until, closes = end, true
		}
	}
	for i := range t.closures {
		if t.closures[i].of(channel) {
			earlier(t.closures[i].from)
		}
	}
	if end, ends := t.staffedUntil(at); ends {
		earlier(end)
	}
	return until, closes
}

// closed says whether the line does not answer the channel at an instant, and why.
func (t *times) closed(channel handoverv1.Channel, at time.Time) (handoverv1.ClosureReason, bool) {
	if plan := t.hours.plan(channel); !plan.OpenAt(at) {
		return plan.Why(at), true
	}
	if c := t.closure(channel, at); c != nil {
		return c.reason, true
	}
	if !t.staffed(at) {
		return handoverv1.ClosureReason_CLOSURE_REASON_SHORT_STAFFED, true
	}
	return handoverv1.ClosureReason_CLOSURE_REASON_UNSPECIFIED, false
}
