package facts

import (
	"google.golang.org/protobuf/proto"

	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// Handover is what happened in one.
type Handover struct {
	// From hands over, to accepted.
	From, To string
	Risk     handoverv1.RiskLevel
	// Supervised is whether a supervisor must approve, or had to.
	Supervised bool
	// plan is the lines that may be asked, as ranked last: offer i is the i-th. One that lost its seat to a child in
	// imminent danger is at the end once more.
	plan []*handoverv1.Candidate
	// Asked is whether the child was asked, for scopes; given is what may cross.
	Asked         bool
	Scopes, Given []handoverv1.Scope
	// Answered is whether the child said yes or the line went on without.
	Answered   bool
	Overridden bool
	// joined is whether the receiver's counsellor came.
	joined bool
	// briefing is whether the two counsellors talked privately.
	briefing bool
	// over is whether it ended with the sender still responsible.
	over bool
	// together is whether both lines share the child: from the bridge until the sender leaves
	// or the handover ends.
	together bool
	// Door is whether the line's system proposed it for a child at a closed door.
	Door bool
	// Alone is whether the bridge opened without the child, Unled without the sender.
	Alone, Unled bool
	agreed       bool
	Moved        bool
	// StayAsked is whether the child asked to stay with the sender.
	StayAsked bool
	// Hastened is whether the risk became imminent on the way, also after the accept.
	Hastened bool
	// Promised is whether it was put off to a time that the child chose.
	Promised bool
	// Signpost is the line to which the child goes by itself.
	Signpost string
}

// Apply follows one event of the handover.
func (h *Handover) apply(kind proto.Message) {
	if Stays(kind) {
		h.together, h.over = false, true
	}
	switch k := kind.(type) {
	case *eventv1.HandoverProposed:
		h.From, h.Risk, h.Supervised = k.GetFromLine(), k.GetHeader().GetRisk(), k.GetSupervisorNeeded()
		h.Door = k.GetDoorClosed()
	case *eventv1.HandoverRouted:
		h.plan = planned(k.GetDecision().GetCandidates())
	case *eventv1.OfferWithdrawn:
		if lost := h.Candidate(k.GetOffer()); IsPreempted(k) && lost != nil {
			h.plan = append(h.plan, lost)
		}
	case *eventv1.OfferAccepted:
		h.To = k.GetLine()
	case *eventv1.OfferGivenBack:
		h.To, h.joined, h.Alone, h.Unled, h.together = "", false, false, false, false
		h.briefing, h.Hastened = false, false
	case *eventv1.ReceiverJoined:
		h.joined = true
	case *eventv1.BriefingStarted:
		h.briefing = true
	case *eventv1.BridgeOpened:
		h.Alone = k.GetException() == handoverv1.BridgeException_BRIDGE_EXCEPTION_CHILD_UNREACHABLE
		h.Unled, h.together = k.GetException() != 0 && !h.Alone, true
	case *eventv1.SenderLeft:
		h.together = false
	case *eventv1.ChildAgreed, *eventv1.AgreementAttested:
		h.agreed = true
	case *eventv1.CustodyTransferred:
		h.moves(k)
	case *eventv1.StayAsked:
		h.StayAsked = true
	case *eventv1.HandoverHastened:
		h.Hastened = true
	case *eventv1.HandoverDeferred:
		h.Promised = true
	case *eventv1.HandoverSignposted:
		h.Signpost = k.GetLine()
	default:
		h.consent(kind)
	}
}

func (h *Handover) moves(k *eventv1.CustodyTransferred) {
	h.Moved = k.GetReason() == 0
	if !h.Moved {
		h.together, h.over = false, true
	}
}

func (h *Handover) consent(kind proto.Message) {
	switch k := kind.(type) {
	case *eventv1.ConsentAsked:
		h.Asked, h.Scopes = true, k.GetScopes()
	case *eventv1.ConsentGiven:
		h.Answered, h.Given = true, k.GetScopes()
	case *eventv1.ConsentOverridden:
		h.Answered, h.Overridden, h.Given = true, true, k.GetScopes()
	case *eventv1.ConsentRefused, *eventv1.ConsentWithdrawn:
		if !h.Overridden {
			h.Given = nil
		}
	}
}

// Agreed tells whether the child has agreed that the sender leaves, or was not asked.
func (h *Handover) Agreed() bool { return h.agreed }

// shares tells whether a line shares the child in this handover.
func (h *Handover) shares(line string) bool { return h.together && (line == h.From || line == h.To) }

// Overlaps tells whether custody has moved and the sender has not left.
func (h *Handover) Overlaps() bool { return h.Moved && h.together }

// refused tells whether the child said no or took its yes back.
func (h *Handover) refused() bool { return h.Answered && h.Given == nil }

// WaitsForChild tells whether the next step can only be taken with the child.
func (h *Handover) WaitsForChild() bool {
	return h.Asked && !h.Answered || h.joined && !h.agreed
}

// planned are the candidates that failed no rule.
func planned(ranked []*handoverv1.Candidate) []*handoverv1.Candidate {
	var plan []*handoverv1.Candidate
	for _, c := range ranked {
		if len(c.GetFailed()) == 0 {
			plan = append(plan, c)
		}
	}
	return plan
}

// Candidate returns the line that an offer is planned for, or nil.
func (h *Handover) Candidate(offer uint32) *handoverv1.Candidate {
	if offer == 0 || int(offer) > len(h.plan) {
		return nil
	}
	return h.plan[offer-1]
}
