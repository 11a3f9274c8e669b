package conversationrules

import (
	"time"

	"github.com/stafett/stafett/pkg/invariant/internal/facts"
	"github.com/stafett/stafett/pkg/invariant/internal/rule"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// tickets checks TICKET: a claim ticket is used once, at its line, before it
// expires and while the custody lasts in which it was given out. The child's leg
// moves only with a ticket that was used for it and is still waiting, to the line
// that has custody.
type tickets struct {
	rule.Base
	*facts.Facts
	issued []*ticket
}

// ticket is what became of one.
type ticket struct {
	*eventv1.TicketIssued
	claimed bool
	// answer is until when a counsellor may answer the new leg, which waits while
	// nobody has and it is not given up.
	answer  time.Time
	waiting bool
}

func NewTickets(f rule.Base, known *facts.Facts) rule.Walker { return &tickets{Base: f, Facts: known} }

func (t *tickets) Event(s facts.Step) {
	fault := ""
	switch k := s.Kind.(type) {
	case *eventv1.TicketIssued:
		fault = t.issue(k)
	case *eventv1.TicketClaimed:
		fault = t.claim(s, k)
	case *eventv1.LegMoved:
		fault = t.move(s, k)
	case *eventv1.LegUnanswered:
		fault = t.giveUp(s, k)
	default:
		return
	}
	t.Applies()
	if fault != "" {
		t.Violated(s.Mark, "%s: %s", s.Kind.ProtoReflect().Descriptor().Name(), fault)
	}
}

func (t *tickets) find(n uint32) *ticket {
	if n == 0 || int(n) > len(t.issued) {
		return nil
	}
	return t.issued[n-1]
}

func (t *tickets) issue(k *eventv1.TicketIssued) string {
	t.issued = append(t.issued, &ticket{TicketIssued: k})
	to := t.Holder
	if k.GetKind() == handoverv1.TicketKind_TICKET_KIND_SIGNPOST {
		to = t.Handover(k.GetHandover()).Signpost
	}
	switch {
	case int(k.GetTicket()) != len(t.issued):
		return "its number is not the next"
	case t.Holder == "" || k.GetEpoch() != t.Epoch:
		return "it is not bound to the custody that is"
	case to == "" || k.GetToLine() != to:
		return "it is for a line to which the child does not go"
	}
	return ""
}

func (t *tickets) claim(s facts.Step, k *eventv1.TicketClaimed) string {
	used := t.find(k.GetTicket())
	if used == nil {
		return "it was never given out"
	}
	again := used.claimed
	used.claimed, used.answer = true, k.GetDeadline().AsTime()
	used.waiting = used.GetKind() == handoverv1.TicketKind_TICKET_KIND_LEG
	switch {
	case again:
		return "it had been used"
	case k.GetLine() != used.GetToLine() || k.GetHandover() != used.GetHandover():
		return "it was used elsewhere than it was for"
	case s.Time.After(used.GetDeadline().AsTime()):
		return "it had expired"
	case t.Holder == "" && used.waiting, used.GetEpoch() != t.Epoch:
		return "custody had moved or closed since it was given out"
	}
	return ""
}

func (t *tickets) move(s facts.Step, k *eventv1.LegMoved) string {
	used := t.find(k.GetTicket())
	switch {
	case used == nil || !used.waiting:
		return "no such leg was waiting"
	case k.GetLine() != t.Holder || k.GetLine() != used.GetToLine():
		return "the line has no custody, or the ticket was for another"
	case k.GetChannel() != used.GetChannel():
		return "the ticket was for another channel"
	case s.Time.After(used.answer):
		return "it was answered too late"
	}
	used.waiting = false
	return ""
}

func (t *tickets) giveUp(s facts.Step, k *eventv1.LegUnanswered) string {
	used := t.find(k.GetTicket())
	switch {
	case used == nil || !used.waiting:
		return "no such leg was waiting"
	case s.Time.Before(used.answer):
		return "there was still time to answer"
	}
	used.waiting = false
	return ""
}
