package schedule

import "time"

// stretch is a period during which a plan stays open, or stays closed. Plans rarely change
// and are often asked, so each caches its latest result. The property test checks that cached
// and computed answers are equal.
type stretch struct {
	span
	open bool
	// ends means that the plan changes at the end. Otherwise it may continue.
	ends bool
}

// known returns the cached stretch if it contains an instant, or nil.
func (p *Plan) known(at int64) *stretch {
	if s := p.last.Load(); s != nil && s.has(at) {
		return s
	}
	return nil
}

func (p *Plan) remember(s stretch) { p.last.Store(&s) }

// Stays reports whether the channel is open at an instant and caches for how long that holds.
// It pays off for callers that ask again soon; otherwise it is slower than OpenAt.
func (p *Plan) Stays(at time.Time) bool {
	if p == nil {
		return false
	}
	if s := p.known(at.Unix()); s != nil {
		return s.open
	}
	if !Reckoned(at) {
		return false
	}
	next, _ := p.Next(at)
	if !next.Equal(at) {
		return false
	}
	p.Until(at)
	return true
}

// local returns an instant in the line's own zone.
func (p *Plan) local(at int64) time.Time { return time.Unix(at, 0).In(p.tracks[0].zone) }
