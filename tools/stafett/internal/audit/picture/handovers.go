package picture

import (
	"strings"
	"time"

	"github.com/stafett/stafett/pkg/handover"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	statev1 "github.com/stafett/stafett/proto/stafett/state/v1"
)

// lookAtHandovers records which handovers changed state, and which offers were made and
// ended.
func (s *story) lookAtHandovers(c *statev1.Conversation, at time.Time) {
	for i, h := range c.Handovers {
		for _, o := range h.Offers {
			s.lookAtOffer(o, at)
		}
		if s.states[i] == h.State {
			continue
		}
		s.states[i] = h.State
		if text := s.came(h); text != "" {
			s.told(at, s.numbered(i)+text)
		}
	}
}

// numbered names the handover unless it is the first.
func (s *story) numbered(i int) string {
	if i == 0 {
		return ""
	}
	return say(s.language, "handover", i+1) + ": "
}

// came describes a handover's new state, with the code that explains it.
func (s *story) came(h *statev1.Handover) string {
	text := sayState(s.language, h.State)
	if h.State == handoverv1.HandoverState_HANDOVER_STATE_ROUTING && h.Consent.GetOverridden() != 0 {
		return say(s.language, "without", strings.TrimPrefix(h.Consent.Overridden.String(), "OVERRIDE_CODE_"))
	}
	if why := why(h); why != "" {
		text += ": " + why
	}
	return text
}

// why is the code that explains a state.
func why(h *statev1.Handover) string {
	switch h.State {
	case handoverv1.HandoverState_HANDOVER_STATE_RETURNED:
		return strings.TrimPrefix(h.ReturnReason.String(), "RETURN_REASON_")
	case handoverv1.HandoverState_HANDOVER_STATE_BRIDGED:
		if h.BridgeException != 0 {
			return strings.TrimPrefix(h.BridgeException.String(), "BRIDGE_EXCEPTION_")
		}
	case handoverv1.HandoverState_HANDOVER_STATE_CANCELLED:
		return strings.TrimPrefix(h.CancelReason.String(), "CANCEL_REASON_")
	case handoverv1.HandoverState_HANDOVER_STATE_CLOSED:
		return strings.TrimPrefix(h.Outcome.String(), "OUTCOME_")
	case handoverv1.HandoverState_HANDOVER_STATE_DEFERRED:
		return strings.TrimPrefix(h.DeferReason.String(), "DEFER_REASON_")
	case handoverv1.HandoverState_HANDOVER_STATE_SIGNPOSTED:
		return h.SignpostLine
	case handoverv1.HandoverState_HANDOVER_STATE_EMERGENCY:
		return strings.TrimPrefix(h.EmergencyService.String(), "EMERGENCY_SERVICE_")
	}
	return ""
}

func (s *story) lookAtOffer(o *statev1.Offer, at time.Time) {
	asked := s.offer[o.Name]
	if asked == nil && o.CreateTime != nil {
		asked = &span{lane: o.Line, from: o.CreateTime.AsTime(), open: true}
		s.lane(o.Line)
		s.offers, s.offer[o.Name] = append(s.offers, asked), asked
	}
	if asked == nil || !asked.open || handover.OfferOpen(o.State) {
		return
	}
	asked.to, asked.open, asked.ended = at, false, o.State
	text := sayEnd(s.language, o.State, o.Line)
	if o.DeclineCode != 0 {
		text += ": " + strings.TrimPrefix(o.DeclineCode.String(), "DECLINE_CODE_")
	}
	s.told(at, text)
}
