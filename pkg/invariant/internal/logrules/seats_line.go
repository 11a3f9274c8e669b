package logrules

import (
	"slices"
	"strings"
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
	// accepted: a person has.
	accepted bool
	// preempts is the offer whose seat it is, until that is withdrawn.
	preempts string
	// claimed: its seat is reserved for a child in imminent danger. owed: it is the next seat, for a handover that lost one.
	claimed, owed bool
}

// asideFor is how long a seat is set aside for an offer that is not sent.
const asideFor = 10 * time.Second

// child is whose offer needs a seat.
type child struct {
	conversation string
	imminent     bool
	// named: its sender asks for this very line.
	named bool
}

// fault says why no seat may be set aside, or nothing.
func (l *lineSeats) fault(at time.Time, channel handoverv1.Channel, who child) string {
	known := l.report != nil && at.Before(l.report.GetExpireTime().AsTime())
	switch {
	case l.closed(at, channel):
		return "while the line was closed"
	case known && l.counted(at, channel, who) < l.free(channel), l.emergency && (!known || who.imminent), who.named && who.imminent:
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

// counted is how many seats are taken for a child: its own turn is its own, and those that wait for theirs do not
// come before one in imminent danger.
func (l *lineSeats) counted(at time.Time, channel handoverv1.Channel, who child) (n int32) {
	for name, t := range l.taken {
		waits := t.owed && strings.HasPrefix(name, who.conversation+"/") || (t.owed || t.claimed) && who.imminent
		if t.channel == channel && !waits && (t.sent || t.owed || at.Before(t.since.Add(asideFor))) {
			n++
		}
	}
	return n
}

// unclaim forgets claims of reservations that have lapsed or ended.
func (l *lineSeats) unclaim(at time.Time) {
	claimed := map[string]bool{}
	for _, t := range l.taken {
		if !t.sent && at.Before(t.since.Add(asideFor)) {
			claimed[t.preempts] = true
		}
	}
	for offer, t := range l.taken {
		t.claimed = t.claimed && claimed[offer]
	}
}

func (l *lineSeats) drop(which func(offer string, t *takenSeat) bool) {
	for offer, t := range l.taken {
		if which(offer, t) {
			delete(l.taken, offer)
		}
	}
}
