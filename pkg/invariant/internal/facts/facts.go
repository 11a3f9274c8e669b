package facts

import (
	"time"

	"github.com/stafett/stafett/pkg/event"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// Facts is what happened in one conversation before the event that the rules look
// at. It judges nothing.
type Facts struct {
	// Protocol is the version under which the conversation opened.
	Protocol uint32
	// Patience is how long the child waits for its first counsellor on a live channel before its line is alerted.
	Patience time.Duration
	// channel of the child's leg, and the line whose system holds it.
	channel handoverv1.Channel
	Leg     string
	// Holder is the line with custody, empty before the opening and after the close.
	Holder  string
	Epoch   uint32
	Present *presence
	Offers  offerBook
	// handovers by their numbers.
	handovers map[uint32]*Handover
	// risk is the newest assessment of the child.
	risk   handoverv1.RiskLevel
	newest *Handover
	// Door is the closed door at which the child waits, or nil.
	Door *eventv1.DoorClosed
}

// New returns the facts of a conversation in which nothing has happened.
func New() *Facts {
	return &Facts{Present: newPresence(), Offers: offerBook{}, handovers: map[uint32]*Handover{}}
}

// Apply applies one event.
func (f *Facts) Apply(s Step) {
	f.Present.apply(s)
	f.Offers.apply(s)
	f.atDoor(s)
	switch k := s.Kind.(type) {
	case *eventv1.ConversationOpened:
		f.channel, f.Leg, f.Protocol = k.GetChannel(), k.GetLine(), k.GetProtocol()
		f.Patience = time.Minute
		if own := k.GetWaiting(); own != nil {
			f.Patience = own.AsDuration()
		}
	case *eventv1.LegMoved:
		f.channel, f.Leg = k.GetChannel(), k.GetLine()
	case *eventv1.CustodyOpened:
		f.Holder, f.Epoch = k.GetLine(), k.GetEpoch()
	case *eventv1.CustodyClosed:
		f.Holder = ""
	case *eventv1.RiskAssessed:
		f.assessed(k.GetLevel())
	case event.OfHandover:
		f.ofHandover(k)
	}
}

func (f *Facts) ofHandover(kind event.OfHandover) {
	h := f.Handover(kind.GetHandover())
	switch k := kind.(type) {
	case *eventv1.HandoverProposed:
		f.newest = h
	case *eventv1.CustodyTransferred:
		f.Holder, f.Epoch = k.GetToLine(), k.GetToEpoch()
		f.reversed(k)
	case *eventv1.OfferGivenBack:
		h.Risk = f.risk
	}
	h.apply(kind)
}

// reversed: what the receiver had promised to the child meanwhile is now the promise of the line that
// has custody again.
func (f *Facts) reversed(k *eventv1.CustodyTransferred) {
	for n, h := range f.handovers {
		if k.GetReason() != 0 && n > k.GetHandover() && h.From == k.GetFromLine() && h.Promised {
			h.From = k.GetToLine()
		}
	}
}

// Handover returns what is known of the n-th handover, also if it never was.
func (f *Facts) Handover(n uint32) *Handover {
	h, known := f.handovers[n]
	if !known {
		h = &Handover{}
		f.handovers[n] = h
	}
	return h
}

// assessed: the open header tells the risk as it is known, until a line accepts or
// the handover is over.
func (f *Facts) assessed(risk handoverv1.RiskLevel) {
	f.risk = risk
	if f.newest != nil && f.newest.To == "" && !f.newest.over {
		f.newest.Risk = risk
		f.newest.Hastened = f.newest.Hastened && risk == handoverv1.RiskLevel_RISK_LEVEL_R4
	}
}

// Risk is the newest assessment of the child.
func (f *Facts) Risk() handoverv1.RiskLevel { return f.risk }

// Slow tells whether answers take hours on the child's channel. Nobody is
// connected there: to be present is to have written.
func (f *Facts) Slow() bool {
	return f.channel == handoverv1.Channel_CHANNEL_SMS || f.channel == handoverv1.Channel_CHANNEL_EMAIL
}

// OnPhone tells whether the child's leg is a phone call.
func (f *Facts) OnPhone() bool { return f.channel == handoverv1.Channel_CHANNEL_PHONE }

// ChildThere tells whether the child is connected or, on a slow channel, has not left.
func (f *Facts) ChildThere() bool {
	return f.Present.ChildHere() || f.Slow() && !f.Present.childLeft
}

// WithChild tells whether a line has custody, shares a bridge or an overlap, or is alone with
// the child.
func (f *Facts) WithChild(line string) bool {
	for _, h := range f.handovers {
		if h.shares(line) {
			return true
		}
	}
	return line == f.Holder || f.Present.AnybodyOf(line) && !f.Present.AnybodyOf(f.Holder)
}

// Sharing tells whether a line shares the child with another: from the bridge until the sender
// leaves or, before custody has moved, the child says no.
func (f *Facts) Sharing(line string) bool {
	for _, h := range f.handovers {
		if h.shares(line) && (h.Moved || !h.refused()) {
			return true
		}
	}
	return false
}

// HandingOver tells whether a handover is under way, until its sender has left.
func (f *Facts) HandingOver() bool {
	for _, h := range f.handovers {
		if h.From != "" && !h.over && (!h.Moved || h.together) {
			return true
		}
	}
	return false
}

// Briefing tells whether a line's counsellors talk privately with those of another.
func (f *Facts) Briefing(line string) bool {
	h := f.newest
	return h != nil && h.briefing && !h.over && !h.refused() && (line == h.From || line == h.To)
}

// Unled returns the handover in which the receiver alone is with the child before custody has
// moved, or nil.
func (f *Facts) Unled() *Handover {
	h := f.newest
	if h == nil || h.To == "" || h.Moved || h.over || !h.joined || h.refused() || f.Slow() {
		return nil
	}
	if !f.Present.ChildHere() || f.Present.AnybodyOf(h.From) || !f.Present.AnybodyOf(h.To) {
		return nil
	}
	return h
}

// Waiting tells whether the child waits for its first counsellor.
func (f *Facts) Waiting() bool {
	return f.Holder != "" && f.ChildThere() && f.Present.Child.ID != "" && !f.Present.lines[f.Holder] && !f.accompanied()
}

// accompanied tells whether any counsellor is there or, on a slow channel, has not left.
func (f *Facts) accompanied() bool {
	return len(f.Present.counsellors) > 0 || f.Slow() && len(f.Present.around) > 0
}

// Disappeared tells whether a child in danger is not there.
func (f *Facts) Disappeared() bool {
	return f.Holder != "" && f.Present.Child.ID != "" && !f.ChildThere() && f.InDanger()
}

// InDanger tells whether the child's risk is R3 or R4.
func (f *Facts) InDanger() bool {
	return f.risk == handoverv1.RiskLevel_RISK_LEVEL_R3 || f.risk == handoverv1.RiskLevel_RISK_LEVEL_R4
}

// Assessed tells whether this is the newest assessment of the child's risk.
func (f *Facts) Assessed(risk handoverv1.RiskLevel) bool {
	none := risk == handoverv1.RiskLevel_RISK_LEVEL_RX && f.risk == handoverv1.RiskLevel_RISK_LEVEL_UNSPECIFIED
	return risk == f.risk || none
}

// Unattended tells whether the child is connected and every counsellor whom the
// Line with custody ever had there is gone. A child who waits for its first one
// waits in that line's own queue.
func (f *Facts) Unattended() bool {
	return f.Holder != "" && !f.Slow() && f.Present.ChildHere() &&
		f.Present.lines[f.Holder] && !f.Present.AnybodyOf(f.Holder)
}
