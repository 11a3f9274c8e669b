package openinghours

import (
	"time"

	"github.com/stafett/stafett/pkg/directory/schedule"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// Published holds a line's published opening times, precomputed for fast queries. It does not
// change, even if the line does. Copies share what is precomputed.
type Published [handoverv1.Channel_CHANNEL_EMAIL + 1]*schedule.Plan

// Of compiles a line's hours. A line that is not active never answers.
func Of(line *handoverv1.Line) (all Published) {
	for channel := range all {
		all[channel] = planOf(line, handoverv1.Channel(channel))
	}
	return all
}

// plan returns nil, which is never open, for an unknown channel.
func (p *Published) plan(channel handoverv1.Channel) *schedule.Plan {
	if channel < 0 || int(channel) >= len(p) {
		return nil
	}
	return p[channel]
}

// Stays reports whether the channel is open, for callers that will ask again soon.
func (p *Published) Stays(channel handoverv1.Channel, at time.Time) bool {
	return p.plan(channel).Stays(at)
}

// Times holds when a line answers: its hours, minus short-notice closures, while its rota has
// it staffed.
type Times struct {
	hours    Published
	closures []closure
	staffing Staffing
}

// Now returns the times of a line with these closures and this rota, which is nil for a line
// without one.
func (p Published) Now(closures []*handoverv1.Closure, staffing Staffing) Times {
	return Times{p, closuresOf(closures), staffing}
}

// OpenAt reports whether the line answers the channel at an instant.
func (t *Times) OpenAt(channel handoverv1.Channel, at time.Time) bool {
	return t.hours.plan(channel).OpenAt(at) && t.available(channel, at)
}

// Stays is OpenAt for callers that will ask again soon.
func (t *Times) Stays(channel handoverv1.Channel, at time.Time) bool {
	return t.hours.Stays(channel, at) && t.available(channel, at)
}

// available ignores the hours.
func (t *Times) available(channel handoverv1.Channel, at time.Time) bool {
	return t.closure(channel, at) == nil && t.staffed(at)
}

const (
	// twoWeeks is how far NextOpen looks: two weeks and the rest of a day.
	twoWeeks = 15 * 24 * time.Hour
	// fourDays is how far OpenUntil looks.
	fourDays = 4 * 24 * time.Hour
	// manySteps exceeds what the hours, closures and shifts of two weeks can need.
	manySteps = 1000
)

// NextOpen returns the first instant, from the given one on, at which the line answers the
// channel. It returns false if none lies within two weeks.
func (t *Times) NextOpen(channel handoverv1.Channel, at time.Time) (time.Time, bool) {
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
func (t *Times) availableFrom(channel handoverv1.Channel, at time.Time) (time.Time, bool) {
	if c := t.closure(channel, at); c != nil {
		return c.until, !c.endless()
	}
	return t.nextStaffed(at)
}

// OpenUntil returns the first instant at which a line that answers the channel at the given
// one no longer does. It returns false for a closed line, and if that lies more than four
// days ahead.
func (t *Times) OpenUntil(channel handoverv1.Channel, at time.Time) (time.Time, bool) {
	if !t.OpenAt(channel, at) {
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

// Closed reports whether the line does not answer the channel at an instant, and why.
func (t *Times) Closed(channel handoverv1.Channel, at time.Time) (handoverv1.ClosureReason, bool) {
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
