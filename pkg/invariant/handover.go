package invariant

import (
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	"google.golang.org/protobuf/proto"
)

// handover is what happened in one.
type handover struct {
	// from hands over, to accepted.
	from, to string
	risk     handoverv1.RiskLevel
	// plan is the lines that may be asked, as ranked last: offer i is the i-th.
	plan []*handoverv1.Candidate
	// asked is whether the child was asked, for scopes; given is what may cross.
	asked         bool
	scopes, given []handoverv1.Scope
	// answered is whether the child said yes or the line went on without.
	answered   bool
	overridden bool
	// joined is whether the receiver's counsellor came.
	joined bool
	// alone is whether the bridge opened without the child.
	alone  bool
	agreed bool
	moved  bool
	// signpost is the line to which the child goes by itself.
	signpost string
}

// apply follows one event of the handover.
func (h *handover) apply(kind proto.Message) {
	switch k := kind.(type) {
	case *eventv1.HandoverProposed:
		h.from, h.risk = k.GetFromLine(), k.GetHeader().GetRisk()
	case *eventv1.HandoverRouted:
		h.plan = planned(k.GetDecision().GetCandidates())
	case *eventv1.OfferAccepted:
		h.to = k.GetLine()
	case *eventv1.ReceiverJoined:
		h.joined = true
	case *eventv1.BridgeOpened:
		h.alone = k.GetException() != 0
	case *eventv1.ChildAgreed, *eventv1.AgreementAttested:
		h.agreed = true
	case *eventv1.CustodyTransferred:
		h.moved = true
	case *eventv1.HandoverSignposted:
		h.signpost = k.GetLine()
	default:
		h.consent(kind)
	}
}

func (h *handover) consent(kind proto.Message) {
	switch k := kind.(type) {
	case *eventv1.ConsentAsked:
		h.asked, h.scopes = true, k.GetScopes()
	case *eventv1.ConsentGiven:
		h.answered, h.given = true, k.GetScopes()
	case *eventv1.ConsentOverridden:
		h.answered, h.overridden, h.given = true, true, k.GetScopes()
	case *eventv1.ConsentRefused, *eventv1.ConsentWithdrawn:
		if !h.overridden {
			h.given = nil
		}
	}
}

// waitsForChild tells whether the next step can only be taken with the child.
func (h *handover) waitsForChild() bool {
	return h.asked && !h.answered || h.joined && !h.agreed
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

// candidate returns the line that an offer is planned for, or nil.
func (h *handover) candidate(offer uint32) *handoverv1.Candidate {
	if offer == 0 || int(offer) > len(h.plan) {
		return nil
	}
	return h.plan[offer-1]
}
