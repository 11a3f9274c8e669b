package deadline

import (
	"time"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/decide"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// route ranks the lines and asks the first, unless the budget is already spent.
func route(t *decide.Turn, h handover.Handover) {
	if t.GiveBackSpent(h) {
		return
	}
	t.Emit(&eventv1.HandoverRouted{Handover: h.Number(), Decision: t.Ranked()})
	t.AskNext(h)
}

// offerDues lists deadlines while lines are being asked, until the budget is spent. If too few
// offers are open, the next line is asked as soon as it may be; if none can be, the handover is
// given back.
func offerDues(h handover.Handover) []due {
	var all []due
	if h.AwayDeadline == nil {
		all = when(h.BudgetDeadline, func(t *decide.Turn) { t.GiveBack(h, handoverv1.ReturnReason_RETURN_REASON_BUDGET_SPENT) })
	}
	at, planned := h.NextAsk()
	if open := h.OpenOffers(); open == 0 && !planned || planned && open < h.OffersWanted() {
		all = append(all, due{later(at, AtOnce), func(t *decide.Turn) { t.AskNext(h) }})
	}
	for o := range h.Offers() {
		if o.Open() {
			all = append(all, openOfferDues(h, o)...)
		}
	}
	return all
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// withdrawShut withdraws the open offers of lines that can no longer take the child, and asks
// the next lines in the same commit. A line that has accepted may finish.
func withdrawShut(t *decide.Turn, shut handover.Shut) {
	h := t.Conversation.Current()
	if h.GetState() != handover.Offered || h.Stopped() {
		return
	}
	before := h.OpenOffers()
	for o := range h.Offers() {
		if !o.Open() {
			continue
		}
		if reason := shut.Reason(o.Line, h.Header.GetChannel()); reason != 0 {
			withdraw(t, h, o, reason)
		}
	}
	if h.OpenOffers() < before {
		t.AskNext(h)
	}
}

func withdraw(t *decide.Turn, h handover.Handover, o handover.Offer, reason handoverv1.PassReason) {
	t.Emit(&eventv1.OfferWithdrawn{Handover: h.Number(), Offer: o.Number(), Reason: reason})
}

// openOfferDues lists the deadlines of an open offer: for the machine to respond, for a
// person to answer, for the alerts in between, and the time at which the line closes.
func openOfferDues(h handover.Handover, o handover.Offer) []due {
	all := when(o.Deadline, func(t *decide.Turn) { timeOut(t, h, o) })
	all = append(all, when(o.AlertDeadline, func(t *decide.Turn) { alertDesk(t, h, o) })...)
	all = append(all, when(h.Candidate(o.Line).GetOpenUntil(), func(t *decide.Turn) {
		withdraw(t, h, o, handoverv1.PassReason_PASS_REASON_CLOSED)
		t.AskNext(h)
	})...)
	if o.State == handover.OfferSent {
		all = append(all, when(o.DeliveryDeadline, func(t *decide.Turn) {
			t.Emit(&eventv1.OfferUnreachable{Handover: h.Number(), Offer: o.Number()})
			t.AskNext(h)
		})...)
	}
	return all
}

// timeOut ends an unanswered offer and asks the next line.
func timeOut(t *decide.Turn, h handover.Handover, o handover.Offer) {
	t.Emit(&eventv1.OfferTimedOut{Handover: h.Number(), Offer: o.Number()})
	t.AskNext(h)
}

// alertDesk alerts a desk again. Alerts missed while the platform was down are not
// repeated.
func alertDesk(t *decide.Turn, h handover.Handover, o handover.Offer) {
	if t.Past(o.Deadline) {
		timeOut(t, h, o)
		return
	}
	t.Emit(&eventv1.OfferAlerted{
		Handover: h.Number(), Offer: o.Number(), Alert: o.Alerts + 1, AlertDeadline: t.NextAlert(h, o.Alerts+1, o.Deadline),
	})
}
