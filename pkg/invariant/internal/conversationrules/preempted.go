package conversationrules

import (
	"time"

	"github.com/stafett/stafett/pkg/invariant/internal/facts"
	"github.com/stafett/stafett/pkg/invariant/internal/rule"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// preempted checks the rest of SEAT: a handover loses a seat to a child in imminent danger once, not in such
// danger itself, and gets back the time that the offer took.
type preempted struct {
	rule.Base
	*facts.Facts
	budget map[uint32]time.Time
	lost   map[uint32]bool
}

func NewPreempted(f rule.Base, known *facts.Facts) rule.Walker {
	return &preempted{f, known, map[uint32]time.Time{}, map[uint32]bool{}}
}

func (p *preempted) Event(s facts.Step) {
	if k, ok := s.Kind.(*eventv1.OfferWithdrawn); ok {
		p.withdrawn(s, k)
	}
	k, ok := s.Kind.(ofBudget)
	if !ok || k.GetBudgetDeadline() == nil {
		return
	}
	until, before := k.GetBudgetDeadline().AsTime(), p.budget[k.GetHandover()]
	if _, hastens := s.Kind.(*eventv1.HandoverHastened); !hastens || until.Before(before) {
		p.budget[k.GetHandover()] = until
	}
}

// ofBudget is an event of a handover with the time at which its budget ends.
type ofBudget interface {
	budgeted
	GetHandover() uint32
}

func (p *preempted) withdrawn(s facts.Step, k *eventv1.OfferWithdrawn) {
	o := p.Offers[facts.KeyOf(k)]
	switch lost := facts.IsPreempted(k); {
	case !lost && k.BudgetDeadline != nil:
		p.Violated(s.Mark, "offer %d of handover %d gave time back and had not lost its seat", k.GetOffer(), k.GetHandover())
	case !lost || o == nil:
	case p.lost[k.GetHandover()]:
		p.Violated(s.Mark, "handover %d lost a seat for the second time", k.GetHandover())
	case p.Risk() == handoverv1.RiskLevel_RISK_LEVEL_R4:
		p.Violated(s.Mark, "handover %d lost a seat in imminent danger", k.GetHandover())
	default:
		p.lost[k.GetHandover()] = true
		p.Applies()
		budget, known := p.budget[k.GetHandover()]
		if back := budget.Add(s.Time.Sub(o.Sent.Time)); known && !k.GetBudgetDeadline().AsTime().Equal(back) {
			p.Violated(s.Mark, "handover %d has until %s after it lost a seat; with the time it lost that is %s",
				k.GetHandover(), k.GetBudgetDeadline().AsTime().Format(time.RFC3339), back.Format(time.RFC3339))
		}
	}
}
