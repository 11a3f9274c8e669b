package openinghours

import (
	"time"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// closure is a short-notice closure in the form that lookups need.
type closure struct {
	written     *handoverv1.Closure
	channels    uint32 // a bit for each
	reason      handoverv1.ClosureReason
	from, until time.Time
}

func closuresOf(all []*handoverv1.Closure) []closure {
	list := make([]closure, 0, len(all))
	for _, written := range all {
		c := closure{written: written, reason: written.GetReason(), from: written.GetStartTime().AsTime()}
		if written.GetEndTime() != nil {
			c.until = written.GetEndTime().AsTime()
		}
		for _, channel := range written.GetChannels() {
			c.channels |= 1 << uint(channel)
		}
		list = append(list, c)
	}
	return list
}

// endless reports whether the closure lasts until further notice.
func (c *closure) endless() bool { return c.until.IsZero() }

// of reports whether the closure affects a channel. One without channels affects all.
func (c *closure) of(channel handoverv1.Channel) bool {
	return c.channels == 0 || c.channels>>uint(channel)&1 == 1
}

func (c *closure) holds(at time.Time) bool {
	return !at.Before(c.from) && (c.endless() || at.Before(c.until))
}

// Closures returns the closures that hold at an instant or begin later.
func (t *Times) Closures(at time.Time) (ahead []*handoverv1.Closure) {
	for i := range t.closures {
		if c := &t.closures[i]; c.endless() || c.until.After(at) {
			ahead = append(ahead, c.written)
		}
	}
	return ahead
}

// closure returns the first closure that affects a channel at an instant, or nil.
func (t *Times) closure(channel handoverv1.Channel, at time.Time) *closure {
	for i := range t.closures {
		if c := &t.closures[i]; c.of(channel) && c.holds(at) {
			return c
		}
	}
	return nil
}
