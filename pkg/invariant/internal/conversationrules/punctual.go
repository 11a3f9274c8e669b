package conversationrules

import (
	"slices"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/stafett/stafett/pkg/event"
	"github.com/stafett/stafett/pkg/invariant/internal/facts"
	"github.com/stafett/stafett/pkg/invariant/internal/rule"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
)

// punctual checks the second half of I18: every deadline that passed while somebody was waited
// for has its event within 5 s. It follows what is waited for by itself, from the events alone. The
// alerts about a child without a counsellor are checked with I3.
type punctual struct {
	rule.Base
	*facts.Facts
	waits []wait
	// paused are the handovers that wait for the child to come back.
	paused map[uint32]bool
	// unconfirmed counts the lines that have not confirmed that a handover was cancelled.
	unconfirmed map[uint32]int
}

// punctuality is how long an event may take after its deadline.
const punctuality = 5 * time.Second

// wait is somebody being waited for.
type wait struct {
	awaited
	until time.Time
	since facts.Mark
}

// awaited is what is waited for: of a handover, or of none; of an offer, or of none.
type awaited struct {
	facts.OfferKey
	what
}

type what string

const (
	step     what = "the next step"
	reminder what = "the child's reminder"
	budget   what = "the end of the budget"
	decision what = "the sender's decision"
	away     what = "the child's return"
	answer   what = "the line's answer"
	delivery what = "the delivery of the offer"
	alert    what = "the next alert of the desk"
	review   what = "the review of an emergency"
	newLeg   what = "an answer on the child's new leg"
)

func NewPunctual(f rule.Base, known *facts.Facts) rule.Walker {
	return &punctual{Base: f, Facts: known, paused: map[uint32]bool{}, unconfirmed: map[uint32]int{}}
}

func (p *punctual) Event(s facts.Step) {
	p.waits = slices.DeleteFunc(p.waits, func(w wait) bool { return p.missed(w, s.Time) })
	switch k := s.Kind.(type) {
	case *eventv1.ConversationClosed:
		p.close()
	case *eventv1.EmergencyCalled, *eventv1.EmergencyOverdue, *eventv1.EmergencyConfirmed, *eventv1.EmergencyEnded:
		p.emergency(s)
	case *eventv1.TicketClaimed, *eventv1.LegMoved, *eventv1.LegUnanswered:
		p.ofLeg(s)
	case *eventv1.TicketIssued: // it expires without an event
	case event.OfOffer:
		p.offer(s, k)
		p.handover(s, k.GetHandover())
	case event.OfHandover:
		p.handover(s, k.GetHandover())
	}
}

// missed reports a wait that should have ended, and whether it did.
func (p *punctual) missed(w wait, now time.Time) bool {
	late := now.After(w.until.Add(punctuality)) && !p.suspended(w)
	if late {
		p.Late(w.since, "%s was due at %s and nothing came of it in time", w.what, w.until.Format(time.RFC3339))
	}
	return late
}

// suspended tells whether a wait does not count while the child is away.
func (p *punctual) suspended(w wait) bool {
	h := p.Handover(w.Handover)
	switch w.what {
	case step:
		return p.paused[w.Handover] && (!h.Asked && !h.Answered || h.WaitsForChild())
	case budget, reminder:
		return p.paused[w.Handover]
	case away:
		return h.Agreed()
	}
	return false
}

func (p *punctual) End() {
	for _, w := range p.waits {
		p.missed(w, p.Until())
	}
}

// await begins to wait until a time, instead of what was awaited before. Without a time it ends
// waiting.
func (p *punctual) await(s facts.Step, for_ awaited, until *timestamppb.Timestamp) {
	p.done(for_)
	if until != nil {
		p.Applies()
		p.waits = append(p.waits, wait{for_, until.AsTime(), s.Mark})
	}
}

func (p *punctual) awaits(one awaited) bool {
	return slices.ContainsFunc(p.waits, func(w wait) bool { return w.awaited == one })
}

func (p *punctual) done(for_ ...awaited) {
	p.waits = slices.DeleteFunc(p.waits, func(w wait) bool { return slices.Contains(for_, w.awaited) })
}

// doneWith ends all waiting in a handover.
func (p *punctual) doneWith(handover uint32) {
	p.waits = slices.DeleteFunc(p.waits, func(w wait) bool { return w.Handover == handover && handover != 0 })
	delete(p.paused, handover)
}

// close: an owed outcome and a cancelling outlive the conversation.
func (p *punctual) close() {
	p.waits = slices.DeleteFunc(p.waits, func(w wait) bool {
		return w.what != step || !p.Handover(w.Handover).Moved && p.unconfirmed[w.Handover] == 0
	})
}
