package handover

import (
	"slices"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// route ranks the lines and asks the first, unless the budget is already spent.
func (t *turn) route(h Handover) {
	if t.giveBackSpent(h) {
		return
	}
	t.emit(&eventv1.HandoverRouted{Handover: h.Number(), Decision: t.ranked()})
	t.askNext(h)
}

// ranked returns the ranking without lines that were asked before. No line is asked
// twice, whatever the ranking says.
func (t *turn) ranked() *handoverv1.RoutingDecision {
	decision, asked := proto.CloneOf(t.rank(t.conversation.Conversation)), t.conversation.AskedBefore()
	for _, candidate := range decision.GetCandidates() {
		if len(candidate.Failed) == 0 && asked[candidate.Line] {
			candidate.Failed = append(candidate.Failed, handoverv1.Verdict_VERDICT_ASKED_BEFORE)
		}
		asked[candidate.Line] = true
	}
	return decision
}

// offerDues lists deadlines while lines are being asked, until the budget is spent. A
// risk that becomes imminent shortens the deadlines and asks one more line at once. If
// no offer is open, the next line is asked or the handover is given back.
func offerDues(h Handover) []due {
	if h.Imminent() && !h.Hastened && !h.Slow() {
		return []due{{AtOnce, func(t *turn) { t.hasten(h) }}}
	}
	var all []due
	if h.AwayDeadline == nil {
		all = when(h.BudgetDeadline, func(t *turn) { t.giveBack(h, handoverv1.ReturnReason_RETURN_REASON_BUDGET_SPENT) })
	}
	if open := h.OpenOffers(); open == 0 || open < h.OffersWanted() && h.HasPlanned() {
		all = append(all, due{AtOnce, func(t *turn) { t.askNext(h) }})
	}
	for o := range h.Offers() {
		if o.Open() {
			all = append(all, openOfferDues(h, o)...)
		}
	}
	return all
}

// hasten applies the shorter times of imminent risk.
func (t *turn) hasten(h Handover) {
	shortest := t.rules.Times(h).Offer
	for o := range h.Offers() {
		if o.Open() {
			shortest = min(shortest, t.rules.ReceiverTimes(h, o.Line).Offer)
		}
	}
	t.emit(&eventv1.HandoverHastened{
		Handover: h.Number(), OfferDeadline: t.in(shortest), BudgetDeadline: t.in(t.rules.Times(h).Budget),
	})
}

// openOfferDues lists the deadlines of an open offer: for the machine to respond, for a
// person to answer, and for the alerts in between.
func openOfferDues(h Handover, o Offer) []due {
	all := when(o.Deadline, func(t *turn) { t.timeOut(h, o) })
	all = append(all, when(o.AlertDeadline, func(t *turn) { t.alertDesk(h, o) })...)
	if o.State == offerSent {
		all = append(all, when(o.DeliveryDeadline, func(t *turn) {
			t.emit(&eventv1.OfferUnreachable{Handover: h.Number(), Offer: o.Number()})
			t.askNext(h)
		})...)
	}
	return all
}

// timeOut ends an unanswered offer and asks the next line.
func (t *turn) timeOut(h Handover, o Offer) {
	t.emit(&eventv1.OfferTimedOut{Handover: h.Number(), Offer: o.Number()})
	t.askNext(h)
}

// alertDesk alerts a desk again. Alerts missed while the platform was down are not
// repeated.
func (t *turn) alertDesk(h Handover, o Offer) {
	if t.past(o.Deadline) {
		t.timeOut(h, o)
		return
	}
	t.emit(&eventv1.OfferAlerted{
		Handover: h.Number(), Offer: o.Number(), Alert: o.Alerts + 1, AlertDeadline: t.nextAlert(h, o.Alerts+1, o.Deadline),
	})
}

// nextAlert returns when a desk is alerted again, or nil. Desks are alerted again only
// in chats without imminent risk, and only Rules.Alerts times in all.
func (t *turn) nextAlert(h Handover, alerts uint32, deadline *timestamppb.Timestamp) *timestamppb.Timestamp {
	next := t.now.Add(t.rules.Alert)
	chat := h.Header.GetChannel() == handoverv1.Channel_CHANNEL_CHAT && !h.Imminent()
	if !chat || alerts >= t.rules.Alerts || !next.Before(deadline.AsTime()) {
		return nil
	}
	return timestamppb.New(next)
}

// askNext asks lines in plan order until enough offers are open for the risk, and gives
// the handover back if no line is left.
func (t *turn) askNext(h Handover) {
	if t.giveBackSpent(h) {
		return
	}
	for o := range h.Offers() {
		if h.OpenOffers() >= h.OffersWanted() {
			return
		}
		if o.State == offerPlanned {
			t.askOrSkip(h, o)
		}
	}
	if h.OpenOffers() == 0 {
		t.giveBack(h, exhausted(h))
	}
}

// giveBackSpent gives a handover back if its budget is spent, and reports whether it did.
func (t *turn) giveBackSpent(h Handover) bool {
	over := t.past(h.BudgetDeadline) && h.AwayDeadline == nil
	if over {
		t.giveBack(h, handoverv1.ReturnReason_RETURN_REASON_BUDGET_SPENT)
	}
	return over
}

// askOrSkip asks the line whose turn it is, or skips it if it can no longer take
// the child.
func (t *turn) askOrSkip(h Handover, o Offer) {
	reason := handoverv1.PassReason_PASS_REASON_UNSPECIFIED
	switch {
	case t.past(h.Candidate(o.Line).GetOpenUntil()):
		reason = handoverv1.PassReason_PASS_REASON_CLOSED
	case t.skip != nil:
		reason = t.skip(o.Line, h.Header)
	}
	if reason == handoverv1.PassReason_PASS_REASON_UNSPECIFIED {
		t.ask(h, o)
		return
	}
	t.emit(&eventv1.OfferWithdrawn{Handover: h.Number(), Offer: o.Number(), Reason: reason})
}

// ask sends an offer. Its deadline is never later than the handover's budget.
func (t *turn) ask(h Handover, o Offer) {
	deadline := t.in(t.rules.ReceiverTimes(h, o.Line).Offer)
	if !t.past(h.BudgetDeadline) {
		deadline = earlier(deadline, h.BudgetDeadline)
	}
	t.emit(&eventv1.OfferSent{
		Handover: h.Number(), Offer: o.Number(), Line: o.Line, Unit: h.Candidate(o.Line).GetUnit(), Deadline: deadline,
		DeliveryDeadline: earlier(t.in(t.rules.Delivery), deadline), AlertDeadline: t.nextAlert(h, 1, deadline),
	})
}

// exhausted returns the reason for giving back a handover with no line left to ask:
// every line was asked, or none was open.
func exhausted(h Handover) handoverv1.ReturnReason {
	for o := range h.Offers() {
		if o.Sent() {
			return handoverv1.ReturnReason_RETURN_REASON_PLAN_EXHAUSTED
		}
	}
	for _, candidate := range h.Routing.GetCandidates() {
		if slices.Equal(candidate.Failed, []handoverv1.Verdict{handoverv1.Verdict_VERDICT_ASKED_BEFORE}) {
			return handoverv1.ReturnReason_RETURN_REASON_PLAN_EXHAUSTED
		}
	}
	return handoverv1.ReturnReason_RETURN_REASON_NO_LINE_OPEN
}
