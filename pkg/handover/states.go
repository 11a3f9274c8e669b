package handover

import (
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// Who acts next in a handover.
const (
	ActorNobody     = handoverv1.NextActor_NEXT_ACTOR_UNSPECIFIED
	ActorSender     = handoverv1.NextActor_NEXT_ACTOR_SENDER
	ActorChild      = handoverv1.NextActor_NEXT_ACTOR_CHILD
	ActorPlatform   = handoverv1.NextActor_NEXT_ACTOR_PLATFORM
	ActorReceiver   = handoverv1.NextActor_NEXT_ACTOR_RECEIVER
	ActorSupervisor = handoverv1.NextActor_NEXT_ACTOR_SUPERVISOR
)

// The states of an offer.
const (
	OfferPlanned     = handoverv1.OfferState_OFFER_STATE_PLANNED
	OfferSent        = handoverv1.OfferState_OFFER_STATE_SENT
	OfferDelivered   = handoverv1.OfferState_OFFER_STATE_DELIVERED
	OfferAlerting    = handoverv1.OfferState_OFFER_STATE_ALERTING
	OfferAccepted    = handoverv1.OfferState_OFFER_STATE_ACCEPTED
	OfferDeclined    = handoverv1.OfferState_OFFER_STATE_DECLINED
	OfferTimedOut    = handoverv1.OfferState_OFFER_STATE_TIMED_OUT
	OfferUnreachable = handoverv1.OfferState_OFFER_STATE_UNREACHABLE
	OfferWithdrawn   = handoverv1.OfferState_OFFER_STATE_WITHDRAWN
)

// The states of a handover.
const (
	Proposed        = handoverv1.HandoverState_HANDOVER_STATE_PROPOSED
	ConsentAsked    = handoverv1.HandoverState_HANDOVER_STATE_CONSENT_ASKED
	Routing         = handoverv1.HandoverState_HANDOVER_STATE_ROUTING
	Offered         = handoverv1.HandoverState_HANDOVER_STATE_OFFERED
	Accepted        = handoverv1.HandoverState_HANDOVER_STATE_ACCEPTED
	Briefing        = handoverv1.HandoverState_HANDOVER_STATE_BRIEFING
	Bridged         = handoverv1.HandoverState_HANDOVER_STATE_BRIDGED
	Confirming      = handoverv1.HandoverState_HANDOVER_STATE_CONFIRMING
	Transferred     = handoverv1.HandoverState_HANDOVER_STATE_TRANSFERRED
	AwaitingOutcome = handoverv1.HandoverState_HANDOVER_STATE_AWAITING_OUTCOME
	Closed          = handoverv1.HandoverState_HANDOVER_STATE_CLOSED
	Returned        = handoverv1.HandoverState_HANDOVER_STATE_RETURNED
	Cancelled       = handoverv1.HandoverState_HANDOVER_STATE_CANCELLED
	CancelConfirmed = handoverv1.HandoverState_HANDOVER_STATE_CANCEL_CONFIRMED
	Abandoned       = handoverv1.HandoverState_HANDOVER_STATE_ABANDONED
	Deferred        = handoverv1.HandoverState_HANDOVER_STATE_DEFERRED
	Signposted      = handoverv1.HandoverState_HANDOVER_STATE_SIGNPOSTED
	Emergency       = handoverv1.HandoverState_HANDOVER_STATE_EMERGENCY
	Reversed        = handoverv1.HandoverState_HANDOVER_STATE_REVERSED
)
