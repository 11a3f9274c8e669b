package directory

import (
	"slices"
	"time"

	"github.com/stafett/stafett/pkg/directory/schedule"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// Times is when a line answers: its hours, worked out once for quick answers, less what
// it closed at short notice. It does not change, also when the line does. The zero Times
// is never open.
type Times struct {
	plans    [handoverv1.Channel_CHANNEL_EMAIL + 1]*schedule.Plan
	closures []Closure
}

// Closure is a time at which a line does not answer although its hours say so.
type Closure struct {
	Reason handoverv1.ClosureReason
	From   time.Time
	// Until is the first instant after it. Zero: until somebody says otherwise.
	Until time.Time
}

// TimesOf works out when a line answers. A line that is not active never does.
func TimesOf(line *handoverv1.Line) Times {
	var times Times
	for channel := range times.plans {
		times.plans[channel] = planOf(line, handoverv1.Channel(channel))
	}
	return times
}

// Less is the same hours less closures, in the place of those that were taken off before.
func (t Times) Less(closures ...Closure) Times {
	t.closures = slices.Clone(closures)
	return t
}

// OpenAt says whether the line answers the channel at an instant.
func (t *Times) OpenAt(channel handoverv1.Channel, at time.Time) bool {
	return t.plan(channel).OpenAt(at) && t.closure(at) == nil
}

// stays is OpenAt for who will ask again soon.
func (t *Times) stays(channel handoverv1.Channel, at time.Time) bool {
	return t.plan(channel).Stays(at) && t.closure(at) == nil
}

// NextOpen is the first instant from one on at which the line answers the channel. It
// is false where none lies within two weeks.
func (t *Times) NextOpen(channel handoverv1.Channel, at time.Time) (time.Time, bool) {
	next := at
	for range len(t.closures) + 1 {
		opens, ok := t.plan(channel).Next(next)
		if !ok || opens.Sub(at) > twoWeeks {
			return time.Time{}, false
		}
		closed := t.closure(opens)
		if closed == nil {
			return opens, true
		}
		if closed.Until.IsZero() {
			return time.Time{}, false
		}
		next = closed.Until
	}
	return time.Time{}, false
}

// twoWeeks and the rest of a day are how far NextOpen looks.
const twoWeeks = 15 * 24 * time.Hour

// OpenUntil is the first instant after one at which a line that answers the channel
// then does not. It is false for one that is closed, and where it lies more than four
// days ahead.
func (t *Times) OpenUntil(channel handoverv1.Channel, at time.Time) (time.Time, bool) {
	if !t.OpenAt(channel, at) {
		return time.Time{}, false
	}
	until, closes := t.plan(channel).Until(at)
	for _, c := range t.closures {
		if c.From.After(at) && c.From.Before(at.Add(fourDays)) && (!closes || c.From.Before(until)) {
			until, closes = c.From, true
		}
	}
	return until, closes
}

const fourDays = 4 * 24 * time.Hour

// Closed says whether the line does not answer the channel at an instant, and why.
func (t *Times) Closed(channel handoverv1.Channel, at time.Time) (handoverv1.ClosureReason, bool) {
	if !t.plan(channel).OpenAt(at) {
		return t.plan(channel).Why(at), true
	}
	if c := t.closure(at); c != nil {
		return c.Reason, true
	}
	return handoverv1.ClosureReason_CLOSURE_REASON_UNSPECIFIED, false
}

// plan is nil, and so never open, for a channel that nobody knows.
func (t *Times) plan(channel handoverv1.Channel) *schedule.Plan {
	if channel < 0 || int(channel) >= len(t.plans) {
		return nil
	}
	return t.plans[channel]
}

// closure is the one that holds at an instant, or nil.
func (t *Times) closure(at time.Time) *Closure {
	for i := range t.closures {
		if c := &t.closures[i]; !at.Before(c.From) && (c.Until.IsZero() || at.Before(c.Until)) {
			return c
		}
	}
	return nil
}
