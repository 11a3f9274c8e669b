package handover

import (
	"slices"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// route ranks the lines and asks the first, unless the budget is already spent.
func (t *turn) route(h *handoverv1.Handover) {
	if t.spent(h) {
		return
	}
	t.emit(&eventv1.HandoverRouted{Handover: t.number(h), Decision: t.ranked()})
	t.askNext(h)
}

// ranked returns the ranking without lines that were asked before. No line is asked
// twice, whatever the ranking says.
func (t *turn) ranked() *handoverv1.RoutingDecision {
	decision, asked := proto.CloneOf(t.rank(t.conversation)), AskedBefore(t.conversation)
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
func offerDues(h *handoverv1.Handover) []due {
	if imminent(h) && !h.Hastened && !slow(h.Header.GetChannel()) {
		return []due{{AtOnce, func(t *turn) { t.hasten(h) }}}
	}
	var all []due
	if h.AwayDeadline == nil {
		all = when(h.BudgetDeadline, func(t *turn) { t.giveBack(h, handoverv1.ReturnReason_RETURN_REASON_BUDGET_SPENT) })
	}
	if open := openOffers(h); open == 0 || open < wanted(h) && planned(h) {
		all = append(all, due{AtOnce, func(t *turn) { t.askNext(h) }})
	}
	for i, o := range h.Offers {
		if OpenOffer(o) {
			all = append(all, openOfferDues(h, o, uint32(i+1))...)
		}
	}
	return all
}

// hasten applies the shorter times of imminent risk.
func (t *turn) hasten(h *handoverv1.Handover) {
	shortest := t.times(h).Offer
	for _, o := range h.Offers {
		if OpenOffer(o) {
			shortest = min(shortest, t.receiverTimes(h, o.Line).Offer)
		}
	}
	t.emit(&eventv1.HandoverHastened{
		Handover: t.number(h), OfferDeadline: t.in(shortest), BudgetDeadline: t.in(t.times(h).Budget),
	})
}

// openOfferDues lists the deadlines of an open offer: for the machine to respond, for a
// person to answer, and for the alerts in between.
func openOfferDues(h *handoverv1.Handover, o *handoverv1.Offer, n uint32) []due {
	all := when(o.Deadline, func(t *turn) { t.timeOut(h, n) })
	all = append(all, when(o.AlertDeadline, func(t *turn) { t.alertDesk(h, o, n) })...)
	if o.State == offerSent {
		all = append(all, when(o.DeliveryDeadline, func(t *turn) {
			t.emit(&eventv1.OfferUnreachable{Handover: t.number(h), Offer: n})
			t.askNext(h)
		})...)
	}
	return all
}

// timeOut ends an unanswered offer and asks the next line.
func (t *turn) timeOut(h *handoverv1.Handover, n uint32) {
	t.emit(&eventv1.OfferTimedOut{Handover: t.number(h), Offer: n})
	t.askNext(h)
}

// alertDesk alerts a desk again. Alerts missed while the platform was down are not
// repeated.
func (t *turn) alertDesk(h *handoverv1.Handover, o *handoverv1.Offer, n uint32) {
	if t.past(o.Deadline) {
		t.timeOut(h, n)
		return
	}
	t.emit(&eventv1.OfferAlerted{
		Handover: t.number(h), Offer: n, Alert: o.Alerts + 1, AlertDeadline: t.nextAlert(h, o.Alerts+1, o.Deadline),
	})
}

// nextAlert returns when a desk is alerted again, or nil. Desks are alerted again only
// in chats without imminent risk, and only Rules.Alerts times in all.
func (t *turn) nextAlert(h *handoverv1.Handover, alerts uint32, deadline *timestamppb.Timestamp) *timestamppb.Timestamp {
	next := t.now.Add(t.rules.Alert)
	chat := h.Header.GetChannel() == handoverv1.Channel_CHANNEL_CHAT && !imminent(h)
	if !chat || alerts >= t.rules.Alerts || !next.Before(deadline.AsTime()) {
		return nil
	}
	return timestamppb.New(next)
}

// parallelImminent is the number of lines asked at once at imminent risk.
const parallelImminent = 2

// wanted returns the number of lines to ask at the same time.
func wanted(h *handoverv1.Handover) int {
	if imminent(h) {
		return parallelImminent
	}
	return 1
}

func openOffers(h *handoverv1.Handover) int {
	n := 0
	for _, o := range h.Offers {
		if OpenOffer(o) {
			n++
		}
	}
	return n
}

// planned reports whether any planned line has not been asked.
func planned(h *handoverv1.Handover) bool {
	for _, o := range h.Offers {
		if o.State == offerPlanned {
			return true
		}
	}
	return false
}

// askNext asks lines in plan order until enough offers are open for the risk, and gives
// the handover back if no line is left.
func (t *turn) askNext(h *handoverv1.Handover) {
	if t.spent(h) {
		return
	}
	for i, o := range h.Offers {
		if openOffers(h) >= wanted(h) {
			return
		}
		if o.State == offerPlanned {
			t.askOrSkip(h, o.Line, uint32(i+1))
		}
	}
	if openOffers(h) == 0 {
		t.giveBack(h, exhausted(h))
	}
}

// spent gives a handover back if its budget is spent, and reports whether it did.
func (t *turn) spent(h *handoverv1.Handover) bool {
	over := t.past(h.BudgetDeadline) && h.AwayDeadline == nil
	if over {
		t.giveBack(h, handoverv1.ReturnReason_RETURN_REASON_BUDGET_SPENT)
	}
	return over
}

// askOrSkip asks the line whose turn it is, or skips it if it can no longer take
// the child.
func (t *turn) askOrSkip(h *handoverv1.Handover, line string, n uint32) {
	reason := handoverv1.PassReason_PASS_REASON_UNSPECIFIED
	switch {
	case t.past(candidateOf(h, line).GetOpenUntil()):
		reason = handoverv1.PassReason_PASS_REASON_CLOSED
	case t.skip != nil:
		reason = t.skip(line, h.Header)
	}
	if reason == handoverv1.PassReason_PASS_REASON_UNSPECIFIED {
		t.ask(h, line, n)
		return
	}
	t.emit(&eventv1.OfferWithdrawn{Handover: t.number(h), Offer: n, Reason: reason})
}

// candidateOf returns a line's entry in the ranking, or nil.
func candidateOf(h *handoverv1.Handover, line string) *handoverv1.Candidate {
	for _, candidate := range h.Routing.GetCandidates() {
		if candidate.Line == line {
			return candidate
		}
	}
	return nil
}

// ask sends an offer. Its deadline is never later than the handover's budget.
func (t *turn) ask(h *handoverv1.Handover, line string, n uint32) {
	deadline := t.in(t.receiverTimes(h, line).Offer)
	if !t.past(h.BudgetDeadline) {
		deadline = earlier(deadline, h.BudgetDeadline)
	}
	t.emit(&eventv1.OfferSent{
		Handover: t.number(h), Offer: n, Line: line, Unit: candidateOf(h, line).GetUnit(), Deadline: deadline,
		DeliveryDeadline: earlier(t.in(t.rules.Delivery), deadline), AlertDeadline: t.nextAlert(h, 1, deadline),
	})
}

// exhausted returns the reason for giving back a handover with no line left to ask:
// every line was asked, or none was open.
func exhausted(h *handoverv1.Handover) handoverv1.ReturnReason {
	for _, o := range h.Offers {
		if o.CreateTime != nil {
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
