package directory

import (
	"time"

	"github.com/stafett/stafett/pkg/directory/schedule"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// hours holds a line's published opening times, precomputed for fast queries. It does not
// change, even if the line does.
type hours [handoverv1.Channel_CHANNEL_EMAIL + 1]*schedule.Plan

// hoursOf compiles the hours. A line that is not active never answers.
func hoursOf(line *handoverv1.Line) *hours {
	var all hours
	for channel := range all {
		all[channel] = planOf(line, handoverv1.Channel(channel))
	}
	return &all
}

// plan returns nil, which is never open, for an unknown channel.
func (h *hours) plan(channel handoverv1.Channel) *schedule.Plan {
	if !known(channel) {
		return nil
	}
	return h[channel]
}

// times holds when a line answers: its hours, minus short-notice closures, while its rota has
// it staffed.
type times struct {
	hours    *hours
	closures []closure
	staffing Staffing
}

func timesOf(hours *hours, live Live) times {
	return times{hours, closuresOf(live.Closures), live.Staffing}
}

// openAt reports whether the line answers the channel at an instant.
func (t *times) openAt(channel handoverv1.Channel, at time.Time) bool {
	return t.hours.plan(channel).OpenAt(at) && t.available(channel, at)
}

// stays is openAt for callers that will ask again soon.
func (t *times) stays(channel handoverv1.Channel, at time.Time) bool {
	return t.hours.plan(channel).Stays(at) && t.available(channel, at)
}

// available ignores the hours.
func (t *times) available(channel handoverv1.Channel, at time.Time) bool {
	return t.closure(channel, at) == nil && t.staffed(at)
}

const (
	// twoWeeks is how far nextOpen looks: two weeks and the rest of a day.
	twoWeeks = 15 * 24 * time.Hour
	// fourDays is how far openUntil looks.
	fourDays = 4 * 24 * time.Hour
	// manySteps exceeds what the hours, closures and shifts of two weeks can need.
	manySteps = 1000
)

// nextOpen returns the first instant, from the given one on, at which the line answers the
// channel. It returns false if none lies within two weeks.
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

// availableFrom returns the instant itself if the line is available then, and otherwise the
// next instant to try.
func (t *times) availableFrom(channel handoverv1.Channel, at time.Time) (time.Time, bool) {
	if c := t.closure(channel, at); c != nil {
		return c.until, !c.endless()
	}
	return t.nextStaffed(at)
}

// openUntil returns the first instant at which a line that answers the channel at the given
// one no longer does. It returns false for a closed line, and if that lies more than four
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

// closed reports whether the line does not answer the channel at an instant, and why.
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
