package logrules

import (
	"slices"
	"time"

	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// lineSeats is what is known of one line.
type lineSeats struct {
	emergency bool
	report    *eventv1.CapacityReported
	closures  []*handoverv1.Closure
	taken     map[string]*takenSeat // by offer
}

// takenSeat is one that is set aside, or that an offer has.
type takenSeat struct {
	channel handoverv1.Channel
	since   time.Time
	sent    bool
	joined  bool
}

// asideFor is how long a seat is set aside for an offer that is not sent.
const asideFor = 10 * time.Second

// fault says why no seat may be set aside, or nothing.
func (l *lineSeats) fault(at time.Time, channel handoverv1.Channel, imminent bool) string {
	known := l.report != nil && at.Before(l.report.GetExpireTime().AsTime())
	switch {
	case l.closed(at, channel):
		return "while the line was closed"
	case known && l.counted(at, channel) < l.free(channel), l.emergency && (!known || imminent):
		return ""
	case !known:
		return "of which nobody knew"
	}
	return "although none was left"
}

func (l *lineSeats) closed(at time.Time, channel handoverv1.Channel) bool {
	for _, c := range l.closures {
		if of(c, channel) && !at.Before(c.GetStartTime().AsTime()) && at.Before(c.GetEndTime().AsTime()) {
			return true
		}
	}
	return false
}

// of reports whether a closure affects a channel. One without channels affects all.
func of(c *handoverv1.Closure, channel handoverv1.Channel) bool {
	return len(c.GetChannels()) == 0 || slices.Contains(c.GetChannels(), channel)
}

func (l *lineSeats) free(channel handoverv1.Channel) (free int32) {
	for _, report := range l.report.GetSeats() {
		if report.GetChannel() == channel {
			free = report.GetFree()
		}
	}
	return free
}

func (l *lineSeats) counted(at time.Time, channel handoverv1.Channel) (n int32) {
	for _, t := range l.taken {
		if t.channel == channel && (t.sent || at.Before(t.since.Add(asideFor))) {
			n++
		}
	}
	return n
}

func (l *lineSeats) drop(which func(offer string, t *takenSeat) bool) {
	for offer, t := range l.taken {
		if which(offer, t) {
			delete(l.taken, offer)
		}
	}
}
