package schedule

import "time"

// stretch is a time all through which a plan is open, or closed. Plans change seldom
// and are asked often, so each keeps the one that was last worked out. What it answers
// is what would be worked out anew: the property test compares.
type stretch struct {
	span
	open bool
	// ends says that the plan changes at the end. Otherwise it may go on.
	ends bool
}

// known is the stretch that an instant lies in, where it was worked out last, or nil.
func (p *Plan) known(at int64) *stretch {
	if s := p.last.Load(); s != nil && s.has(at) {
		return s
	}
	return nil
}

func (p *Plan) remember(s stretch) { p.last.Store(&s) }

// Stays says whether the channel is open at an instant, and works out for how long it
// stays so, for who will ask again soon. Otherwise it is slower than OpenAt.
func (p *Plan) Stays(at time.Time) bool {
	if p == nil || !Reckoned(at) {
		return false
	}
	if s := p.known(at.Unix()); s != nil {
		return s.open
	}
	next, _ := p.Next(at)
	if !next.Equal(at) {
		return false
	}
	p.Until(at)
	return true
}

// local is an instant as the line's own zone shows it.
func (p *Plan) local(at int64) time.Time { return time.Unix(at, 0).In(p.tracks[0].zone) }
