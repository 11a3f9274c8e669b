package schedule

import (
	"slices"
	"time"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

const (
	// ahead is how many days Next looks ahead: as far as a child can be promised a time.
	ahead = 15
	// soon is how far Until looks ahead. By then no live handover is still asking lines.
	soon = 4 * 24 * time.Hour
)

// OpenAt reports whether the channel is open at an instant. Outside the calendar's years it
// never is.
func (p *Plan) OpenAt(at time.Time) bool {
	if p == nil || !Reckoned(at) {
		return false
	}
	if s := p.known(at.Unix()); s != nil {
		return s.open
	}
	for i := range p.tracks {
		if p.tracks[i].open(at) {
			return true
		}
	}
	return false
}

// open checks the windows that opened today, and yesterday's that continue past midnight.
func (t *track) open(at time.Time) bool {
	now := wallOf(at, t.zone)
	today := now.date()
	shows := int32((now - today.at(0)) / minute)
	return t.holds(today, shows) || t.overnight && t.holds(today-1, shows+dayMins)
}

func (t *track) holds(d date, shows int32) bool {
	if !t.ever(shows) {
		return false
	}
	windows, all := t.on(d)
	for i := range windows {
		if w := &windows[i]; w.opens <= shows && shows < w.closes && (all || w.days.has(d)) {
			return true
		}
	}
	return false
}

// ever reports whether any window covers this minute on any day. It spares most lines the
// search through their exceptions.
func (t *track) ever(shows int32) bool {
	holds := func(w window) bool { return w.opens <= shows && shows < w.closes }
	return slices.ContainsFunc(t.windows, holds) ||
		slices.ContainsFunc(t.exceptions, func(e exception) bool { return slices.ContainsFunc(e.windows, holds) })
}

// Next returns the first instant, from the given one on, at which the channel is open. It
// returns false if none lies within two weeks. Unless it is the given instant, the result is
// in the line's time zone.
func (p *Plan) Next(at time.Time) (time.Time, bool) {
	if p.OpenAt(at) {
		return at, true
	}
	if p == nil || !Reckoned(at) {
		return time.Time{}, false
	}
	if s := p.known(at.Unix()); s != nil && s.ends {
		return p.local(s.until), true
	}
	var next int64
	found := false
	for i := range p.tracks {
		if opens, ok := p.tracks[i].next(at.Unix()); ok && (!found || opens < next) {
			next, found = opens, true
		}
	}
	if !found {
		p.remember(stretch{span{at.Unix(), at.Unix() + (ahead-2)*day}, false, false})
		return time.Time{}, false
	}
	p.remember(stretch{span{at.Unix(), next}, false, true})
	return p.local(next), true
}

// next starts one day early, because clocks that go back over midnight may show the later day
// first.
func (t *track) next(at int64) (next int64, found bool) {
	today := wallOf(time.Unix(at, 0), t.zone).date()
	for d := today - 1; d < today+ahead; d++ {
		before := found
		t.each(d, func(s span) {
			if s.from > at && s.from < endInstant && (!found || s.from < next) {
				next, found = s.from, true
			}
		})
		if before {
			break
		}
	}
	return next, found
}

// Until returns the first instant at which a channel that is open at the given one is closed.
// It returns false if the channel is already closed, and if that lies more than four days
// ahead. The result is in the line's time zone.
func (p *Plan) Until(at time.Time) (time.Time, bool) {
	if !p.OpenAt(at) {
		return at, false
	}
	s := p.known(at.Unix())
	if s == nil {
		s = &stretch{span{at.Unix(), at.Unix()}, true, false}
	}
	if end := at.Unix() + int64(soon/time.Second); !s.ends && s.until < end {
		s = p.lengthened(*s, end)
		p.remember(*s)
	}
	if !s.ends {
		return time.Time{}, false
	}
	return p.local(s.until), true
}

// lengthened extends an open stretch to its end or past an instant. It ends with the
// calendar's years.
func (p *Plan) lengthened(s stretch, past int64) *stretch {
	for !s.ends && s.until < past {
		last := s.until
		for i := range p.tracks {
			s.until = max(s.until, p.tracks[i].until(last))
		}
		s.ends = s.until == last
	}
	if s.until >= endInstant {
		s.until, s.ends = endInstant, true
	}
	return &s
}

// until returns the latest end of the windows that hold at an instant, or the instant itself.
func (t *track) until(at int64) int64 {
	until := at
	today := wallOf(time.Unix(at, 0), t.zone).date()
	for d := today - 1; d <= today; d++ {
		t.each(d, func(s span) {
			if s.has(at) {
				until = max(until, s.until)
			}
		})
	}
	return until
}

// Why returns why a channel that is closed at an instant is closed: the reason of that day's
// exception if there is one, and otherwise its regular hours.
func (p *Plan) Why(at time.Time) handoverv1.ClosureReason {
	if p != nil && Reckoned(at) {
		own := &p.tracks[0]
		if e := own.exception(wallOf(at, own.zone).date()); e != nil && e.reason != handoverv1.ClosureReason_CLOSURE_REASON_UNSPECIFIED {
			return e.reason
		}
	}
	return handoverv1.ClosureReason_CLOSURE_REASON_SCHEDULED
}
