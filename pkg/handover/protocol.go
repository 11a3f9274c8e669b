package handover

import (
	"fmt"
	"strings"

	"github.com/stafett/stafett/pkg/refusal"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// Short names of the states, for this package.
const (
	proposed        = handoverv1.HandoverState_HANDOVER_STATE_PROPOSED
	consentAsked    = handoverv1.HandoverState_HANDOVER_STATE_CONSENT_ASKED
	routing         = handoverv1.HandoverState_HANDOVER_STATE_ROUTING
	offered         = handoverv1.HandoverState_HANDOVER_STATE_OFFERED
	accepted        = handoverv1.HandoverState_HANDOVER_STATE_ACCEPTED
	briefing        = handoverv1.HandoverState_HANDOVER_STATE_BRIEFING
	bridged         = handoverv1.HandoverState_HANDOVER_STATE_BRIDGED
	confirming      = handoverv1.HandoverState_HANDOVER_STATE_CONFIRMING
	transferred     = handoverv1.HandoverState_HANDOVER_STATE_TRANSFERRED
	awaitingOutcome = handoverv1.HandoverState_HANDOVER_STATE_AWAITING_OUTCOME
	closed          = handoverv1.HandoverState_HANDOVER_STATE_CLOSED
	returned        = handoverv1.HandoverState_HANDOVER_STATE_RETURNED
	cancelled       = handoverv1.HandoverState_HANDOVER_STATE_CANCELLED
	cancelConfirmed = handoverv1.HandoverState_HANDOVER_STATE_CANCEL_CONFIRMED
	abandoned       = handoverv1.HandoverState_HANDOVER_STATE_ABANDONED
	deferred        = handoverv1.HandoverState_HANDOVER_STATE_DEFERRED
	signposted      = handoverv1.HandoverState_HANDOVER_STATE_SIGNPOSTED
	emergency       = handoverv1.HandoverState_HANDOVER_STATE_EMERGENCY
)

// requireAllowed refuses a command that the state of the handover does not allow. The refusal
// says what is allowed and who acts next.
func (t *turn) requireAllowed(h Handover) error {
	if t.command.Allows(h.State) {
		return nil
	}
	state := stateName(h.State)
	next := actorName(h.NextActor)
	instead := strings.Join(AllowedIn(h.State), ", ")
	if instead == "" {
		instead = "nothing, it has ended"
	}
	return refusal.HandoverState(fmt.Sprintf("%s is %s, which does not allow %s; allowed now: %s; next to act: %s", h.Name, state, t.command.Name, instead, next),
		"handover", h.Name, "state", state, "command", t.command.Name, "allowed", instead, "next_actor", next)
}

func actorName(actor handoverv1.NextActor) string {
	if actor == nobody {
		return "NOBODY"
	}
	return strings.TrimPrefix(actor.String(), "NEXT_ACTOR_")
}

func stateName(state handoverv1.HandoverState) string {
	return strings.TrimPrefix(state.String(), "HANDOVER_STATE_")
}
