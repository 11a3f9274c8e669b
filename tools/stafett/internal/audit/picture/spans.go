package picture

import (
	"time"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	statev1 "github.com/stafett/stafett/proto/stafett/state/v1"
)

type span struct {
	lane     string
	from, to time.Time
	// open means that it continues beyond the picture.
	open bool
	// epoch of a custody span.
	epoch uint32
	// ended is how the offer of an offer span ended.
	ended handoverv1.OfferState
}

// anybody reports whether somebody of a lane is there now.
func anybody(c *statev1.Conversation, lane string) bool {
	for _, p := range c.Participants {
		child := p.Role == handoverv1.Role_ROLE_CHILD
		if p.Present && c.CloseTime == nil && (lane == "" && child || lane == p.Line && !child) {
			return true
		}
	}
	return false
}

// newest returns the last span of a lane, or of any.
func newest(spans []*span, lane string) *span {
	for i := len(spans) - 1; i >= 0; i-- {
		if lane == "*" || spans[i].lane == lane {
			return spans[i]
		}
	}
	return nil
}

// toggle begins or ends a lane's span when the condition has changed.
func toggle(spans []*span, lane string, now bool, at time.Time) []*span {
	last := newest(spans, lane)
	was := last != nil && last.open
	switch {
	case now && !was:
		return append(spans, &span{lane: lane, from: at, open: true})
	case !now && was:
		last.to, last.open = at, false
	}
	return spans
}
