package conversationrules

import (
	"slices"
	"time"

	"github.com/stafett/stafett/pkg/event"
	"github.com/stafett/stafett/pkg/invariant/internal/facts"
	"github.com/stafett/stafett/pkg/invariant/internal/rule"

	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// hopLimit is how often custody moves in one conversation without a supervisor.
const hopLimit = 2

// hops checks I11: the hop limit is kept, unless a supervisor agreed to that very
// handover, and a line that said no, handed the child back, or accepted and did not come is
// not asked again in this conversation, unless the risk rose or it is the line that was
// promised to the child for later. A line whose offer was taken back has not answered. At R4 an
// emergency line needs no supervisor, and is asked again a minute after it was asked last.
type hops struct {
	rule.Base
	*facts.Facts
	// unwilling are the lines that are not asked again, with the levels of risk at which they were unwilling,
	// and promised is the line of each deferred handover's slot: it may be asked when that is taken up.
	unwilling map[string][]int32
	promised  map[uint32]string
	approved  map[uint32]bool
	transfers int
	// moves are the lines from which custody moved to another.
	moves map[[2]string]bool
	// routed is the risk for which each handover's lines were ranked. It may fall before they are asked.
	routed map[uint32]int32
	// asked is when each line was asked last, told whether a supervisor was told of each handover.
	asked map[string]time.Time
	told  map[uint32]bool
	// named are the lines that the sender of each handover asks for.
	named map[uint32][]string
}

func NewHops(f rule.Base, known *facts.Facts) rule.Walker {
	return &hops{
		Base: f, Facts: known, unwilling: map[string][]int32{}, promised: map[uint32]string{}, approved: map[uint32]bool{}, moves: map[[2]string]bool{},
		routed: map[uint32]int32{}, asked: map[string]time.Time{}, told: map[uint32]bool{}, named: map[uint32][]string{},
	}
}

func (h *hops) Event(s facts.Step) {
	switch k := s.Kind.(type) {
	case *eventv1.HandoverProposed:
		if hop := int(k.GetHop()); hop != 0 && hop != h.transfers+1 {
			h.Violated(s.Mark, "handover %d claims to be transfer %d; there were %d", k.GetHandover(), hop, h.transfers)
		}
		h.named[k.GetHandover()] = k.GetCandidates()
		if promised, deferred := h.promised[k.GetParent()]; deferred {
			delete(h.unwilling, promised)
		}
	case *eventv1.HopApproved:
		h.approved[k.GetHandover()] = k.GetSupervisor() != ""
	case *eventv1.HandoverDeferred:
		h.promised[k.GetHandover()] = k.GetSlot().GetLine()
	case *eventv1.HandoverRouted:
		h.routed[k.GetHandover()] = level(h.Risk())
	case *eventv1.OfferSent:
		h.sent(s, k)
	case *eventv1.SupervisorTold:
		if k.GetReason() == handoverv1.SupervisorReason_SUPERVISOR_REASON_HOP {
			h.told[k.GetHandover()] = true
		}
	case *eventv1.OfferDeclined, *eventv1.OfferGivenBack:
		if o := h.Offers[facts.KeyOf(k.(event.OfOffer))]; o != nil {
			h.refuses(o.Line, h.Risk())
		}
	case *eventv1.HandoverReturned:
		if to := h.Handover(k.GetHandover()).To; to != "" && k.GetReason() == handoverv1.ReturnReason_RETURN_REASON_NO_JOIN {
			h.refuses(to, h.Handover(k.GetHandover()).Risk)
		}
	case *eventv1.CustodyTransferred:
		h.transferred(s, k)
	}
}

// again is how long an emergency line is not asked again at R4.
const again = time.Minute

func (h *hops) sent(s facts.Step, k *eventv1.OfferSent) {
	h.Applies()
	defer func() { h.asked[k.GetLine()] = s.Time }()
	if slices.Contains(h.named[k.GetHandover()], k.GetLine()) {
		return // its sender was warned
	}
	soon := s.Time.Before(h.asked[k.GetLine()].Add(again))
	if h.refused(k.GetLine(), max(level(h.Risk()), h.routed[k.GetHandover()])) && (soon || !h.unbarred(k.GetHandover(), k.GetOffer())) {
		h.Violated(s.Mark, "%q was asked again and had said no, handed the child back, or not come", k.GetLine())
	}
}

// unbarred tells whether an offer is to an emergency line for a child at R4.
func (h *hops) unbarred(handover, offer uint32) bool {
	return h.routed[handover] == int32(handoverv1.RiskLevel_RISK_LEVEL_R4) && h.Handover(handover).Candidate(offer).GetEmergency()
}

// reversed: neither move counts, and a receiver that was lost is not asked again.
func (h *hops) reversed(k *eventv1.CustodyTransferred) {
	h.transfers--
	delete(h.moves, [2]string{k.GetToLine(), k.GetFromLine()})
	if k.GetReason() == handoverv1.ReverseReason_REVERSE_REASON_RECEIVER_LOST {
		h.refuses(k.GetFromLine(), h.Handover(k.GetHandover()).Risk)
	}
}

// refuses notes that a line is not asked again, unless the risk rises above what it was then.
func (h *hops) refuses(line string, risk handoverv1.RiskLevel) {
	h.unwilling[line] = append(h.unwilling[line], level(risk))
}

// refused reports whether a line was unwilling at this risk or a higher one.
func (h *hops) refused(line string, risk int32) bool {
	return slices.ContainsFunc(h.unwilling[line], func(then int32) bool { return risk <= then })
}

// level orders risks; what nobody has assessed is below all.
func level(risk handoverv1.RiskLevel) int32 {
	if risk == handoverv1.RiskLevel_RISK_LEVEL_RX {
		return 0
	}
	return int32(risk)
}

func (h *hops) transferred(s facts.Step, k *eventv1.CustodyTransferred) {
	h.Applies()
	if k.GetReason() != 0 {
		h.reversed(k)
		return
	}
	h.transfers++
	if h.moves[[2]string{k.GetToLine(), k.GetFromLine()}] {
		h.refuses(k.GetFromLine(), h.Handover(k.GetHandover()).Risk)
	}
	h.moves[[2]string{k.GetFromLine(), k.GetToLine()}] = true
	if h.transfers > hopLimit && !h.approved[k.GetHandover()] && !h.toEmergency(k.GetHandover()) {
		h.Violated(s.Mark, "custody moved %d times; the limit is %d and no supervisor agreed to handover %d",
			h.transfers, hopLimit, k.GetHandover())
	}
}

// toEmergency tells whether a handover at R4 went to an emergency line and supervisors were told.
func (h *hops) toEmergency(handover uint32) bool {
	for key, o := range h.Offers {
		if key.Handover == handover && o.Accepted && h.unbarred(handover, key.Offer) {
			return h.told[handover]
		}
	}
	return false
}
