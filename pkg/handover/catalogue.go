package handover

import (
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// catalogue declares every command once: who may give it, in which states of a
// handover, and how it is made from its request. A command takes the name of its RPC.
//
// To add a command, write its RPC, its struct with a decider and a constructor, and a
// row here.
var catalogue = []*Definition{
	// Conversations.
	command(AnyLine, nil, openConversation),
	command(Party, nil, joinConversation),
	command(Party, nil, leaveConversation),
	command(Party, nil, disconnectParticipant),
	command(Party, nil, sendMessage),
	command(Custodian, nil, closeConversation),

	// Triage.
	directoryCommand(Custodian, nil, tagConversation),
	command(Custodian, nil, assessRisk),
	command(FormerParty, nil, recordDuty),

	// From the proposal to the child's answer.
	directoryCommand(Custodian, nil, proposeHandover),
	command(Sender, in(proposed), decideHop),
	command(Sender, in(proposed, consentAsked), sealPacket),
	command(Sender, in(proposed), askConsent),
	command(LegHolder, in(consentAsked), giveConsent),
	command(LegHolder, in(proposed, consentAsked), refuseConsent),
	command(FormerLegHolder, in(routing, offered, accepted, briefing, bridged, confirming, transferred, awaitingOutcome), withdrawConsent),
	command(Sender, in(proposed, consentAsked), overrideConsent),

	// Offers.
	command(AskedLine, in(offered), acknowledgeOffer),
	command(AskedLine, in(offered), acceptOffer),
	directoryCommand(AskedLine, in(offered), declineOffer),

	// From the accept to the outcome.
	command(Receiver, in(accepted, briefing, bridged, confirming, transferred, awaitingOutcome), openPacket),
	command(Receiver, in(accepted), joinHandover),
	command(Sender, in(accepted), startBriefing),
	command(Sender, in(accepted, briefing), openBridge),
	command(Receiver, in(bridged), confirmHandover),
	command(LegHolder, in(confirming), agreeToHandover),
	command(Sender, in(confirming), attestAgreement),
	command(Sender, in(transferred), leaveHandover),
	command(Receiver, in(awaitingOutcome), reportOutcome),

	// Other ends.
	command(Sender, in(accepted, briefing, bridged, returned, deferred), decideHandover),
	command(Sender, in(proposed, consentAsked, routing, offered, accepted, briefing, bridged, confirming, deferred), cancelHandover),
	command(AskedLine, in(cancelled), confirmCancel),
	directoryCommand(Sender, in(proposed, consentAsked, routing, offered), deferHandover),
	directoryCommand(Sender, in(proposed, consentAsked, routing, offered), signpostHandover),
	command(Sender, in(proposed, consentAsked, routing, offered, accepted, briefing, bridged, confirming), callEmergency).despiteRefusal(),
	command(Sender, in(emergency), confirmEmergency),

	// Claim tickets.
	command(Custodian, nil, issueTicket),
	command(AnyLine, nil, claimTicket),
	command(Custodian, nil, answerLeg),

	// Commands that only the platform gives.
	inner[Advance](),
}

// Side says who may give a command, relative to the conversation it concerns.
type Side int

// The kinds of peers that may call an RPC at all are an option beside it in the proto.
const (
	// Platform is the platform itself.
	Platform Side = iota + 1
	// AnyLine is every line, involved in the conversation or not.
	AnyLine
	// Party is a line that is or was a party, while the conversation is open.
	Party
	// FormerParty is a line that is or was a party, even after the conversation has
	// closed.
	FormerParty
	// Custodian is the line with custody.
	Custodian
	// LegHolder is the line that holds the child's leg and speaks for the child.
	LegHolder
	// FormerLegHolder is the line that holds the child's leg, or held it when the
	// conversation closed.
	FormerLegHolder
	// Sender is the line that hands over.
	Sender
	// AskedLine is the line that received the offer.
	AskedLine
	// Receiver is the line that accepted the handover.
	Receiver
)

// in lists the states of a handover that allow a command.
func in(states ...handoverv1.HandoverState) []handoverv1.HandoverState { return states }
