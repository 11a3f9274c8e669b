package directory

import (
	"time"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// closure is one at short notice, as it is looked at.
type closure struct {
	channels    uint32 // a bit for each
	reason      handoverv1.ClosureReason
	from, until time.Time
}

func closuresOf(all []*handoverv1.Closure) []closure {
	list := make([]closure, 0, len(all))
	for _, written := range all {
		c := closure{reason: written.GetReason(), from: written.GetStartTime().AsTime()}
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

// endless is a closure that lasts until somebody says otherwise.
func (c *closure) endless() bool { return c.until.IsZero() }

// of says whether it is about a channel; without any it is about all.
func (c *closure) of(channel handoverv1.Channel) bool {
	return c.channels == 0 || c.channels>>uint(channel)&1 == 1
}

func (c *closure) holds(at time.Time) bool {
	return !at.Before(c.from) && (c.endless() || at.Before(c.until))
}

// closure is the first that holds for a channel at an instant, or nil.
func (t *times) closure(channel handoverv1.Channel, at time.Time) *closure {
	for i := range t.closures {
		if c := &t.closures[i]; c.of(channel) && c.holds(at) {
			return c
		}
	}
	return nil
}
