package handover

import (
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// catalogue declares every command once: whose it is, in which states of a handover it
// may come, and how it is made from its request. The command's name is its RPC's.
//
// To add a command, write its RPC, its struct with its decider and constructor, and a
// row here.
var catalogue = []*Definition{
	// The conversation.
	command(AnyLine, nil, openConversation),
	command(Party, nil, joinConversation),
	command(Party, nil, leaveConversation),
	command(Party, nil, disconnectParticipant),
	command(Party, nil, sendMessage),
	command(Custodian, nil, closeConversation),

	// Triage.
	command(Custodian, nil, tagConversation),
	command(Custodian, nil, assessRisk),
	command(FormerParty, nil, recordDuty),

	// From the proposal to the child's answer.
	command(Custodian, nil, proposeHandover),
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
	command(AskedLine, in(offered), declineOffer),

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
	command(Sender, in(proposed, consentAsked, routing, offered), deferHandover),
	command(Sender, in(proposed, consentAsked, routing, offered), signpostHandover),
	command(Sender, in(proposed, consentAsked, routing, offered, accepted, briefing, bridged, confirming), callEmergency).despiteRefusal(),
	command(Sender, in(emergency), confirmEmergency),

	// Claim tickets.
	command(Custodian, nil, issueTicket),
	command(AnyLine, nil, claimTicket),
	command(Custodian, nil, answerLeg),

	// The platform's own.
	inner[Advance](),
}

// Side is who may give a command, in relation to the conversation that it is about.
type Side int

// The sides. Which kinds of peers may call an RPC at all stands beside it in the proto.
const (
	// Platform is the platform itself.
	Platform Side = iota + 1
	// AnyLine is every line, whatever it has to do with the conversation.
	AnyLine
	// Party is a line that is or was a party to a conversation that is open.
	Party
	// FormerParty is the same, also once the conversation has closed.
	FormerParty
	// Custodian is the line with custody.
	Custodian
	// LegHolder is the line that holds the child's leg and speaks for the child.
	LegHolder
	// FormerLegHolder is the same, also once the conversation has closed.
	FormerLegHolder
	// Sender is the line that hands over.
	Sender
	// AskedLine is the line that an offer was made to.
	AskedLine
	// Receiver is the line that accepted the handover.
	Receiver
)

// in lists the states of a handover in which a command may come.
func in(states ...handoverv1.HandoverState) []handoverv1.HandoverState { return states }
