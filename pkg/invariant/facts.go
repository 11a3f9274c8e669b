package invariant

import (
	"github.com/stafett/stafett/pkg/event"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// facts is what happened in one conversation before the event that the rules look
// at. It judges nothing.
type facts struct {
	// channel of the child's leg.
	channel handoverv1.Channel
	// holder is the line with custody, empty before the opening and after the close.
	holder  string
	epoch   uint32
	present *presence
	offers  offerBook
	// handovers by their numbers.
	handovers map[uint32]*handover
	newest    *handover
}

func newFacts() *facts {
	return &facts{present: newPresence(), offers: offerBook{}, handovers: map[uint32]*handover{}}
}

// apply applies one event.
func (f *facts) apply(s step) {
	f.present.apply(s)
	f.offers.apply(s)
	switch k := s.kind.(type) {
	case *eventv1.ConversationOpened:
		f.channel = k.GetChannel()
	case *eventv1.LegMoved:
		f.channel = k.GetChannel()
	case *eventv1.CustodyOpened:
		f.holder, f.epoch = k.GetLine(), k.GetEpoch()
	case *eventv1.CustodyClosed:
		f.holder = ""
	case *eventv1.RiskAssessed:
		f.assessed(k.GetLevel())
	case event.OfHandover:
		f.ofHandover(k)
	}
}

func (f *facts) ofHandover(kind event.OfHandover) {
	h := f.handover(kind.GetHandover())
	switch k := kind.(type) {
	case *eventv1.HandoverProposed:
		f.newest = h
	case *eventv1.CustodyTransferred:
		f.holder, f.epoch = k.GetToLine(), k.GetToEpoch()
	}
	h.apply(kind)
}

// handover returns what is known of the n-th handover, also if it never was.
func (f *facts) handover(n uint32) *handover {
	h, known := f.handovers[n]
	if !known {
		h = &handover{}
		f.handovers[n] = h
	}
	return h
}

// assessed: the open header tells the risk as it is known, until a line accepts.
func (f *facts) assessed(risk handoverv1.RiskLevel) {
	if f.newest != nil && f.newest.to == "" {
		f.newest.risk = risk
	}
}

// slow tells whether answers take hours on the child's channel. Nobody is
// connected there: to be present is to have written.
func (f *facts) slow() bool {
	return f.channel == handoverv1.Channel_CHANNEL_SMS || f.channel == handoverv1.Channel_CHANNEL_EMAIL
}

// childThere tells whether the child is connected or, on a slow channel, has not left.
func (f *facts) childThere() bool {
	return f.present.childHere() || f.slow() && !f.present.childLeft
}

// unattended tells whether the child is connected and every counsellor whom the
// line with custody ever had there is gone. A child who waits for its first one
// waits in that line's own queue.
func (f *facts) unattended() bool {
	return f.holder != "" && !f.slow() && f.present.childHere() &&
		f.present.lines[f.holder] && !f.present.anybodyOf(f.holder)
}
