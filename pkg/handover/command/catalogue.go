package command

import (
	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/consultation"
	"github.com/stafett/stafett/pkg/handover/deadline"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// catalogue declares every command once: who may give it, in which states of a
// handover, and how it is made from its request. A command takes the name of its RPC.
//
// To add a command, write its RPC, its struct with a decider and a constructor, and a
// row here.
var catalogue = []*Definition{
	// Conversations.
	directoryCommand(handover.AnyLine, nil, openConversation),
	command(handover.Custodian, nil, correctConversation),
	command(handover.Party, nil, joinConversation),
	command(handover.Party, nil, leaveConversation),
	command(handover.Party, nil, disconnectParticipant),
	command(handover.Party, nil, sendMessage),
	signedCommand(handover.Custodian, nil, closeConversation),

	// Triage.
	directoryCommand(handover.Custodian, nil, tagConversation),
	command(handover.Custodian, nil, assessRisk),
	command(handover.FormerParty, nil, recordDuty),

	// From the proposal to the child's answer.
	directoryCommand(handover.Custodian, nil, proposeHandover),
	signedCommand(handover.Sender, in(handover.Proposed), decideHop),
	command(handover.Sender, in(handover.Proposed, handover.ConsentAsked), sealPacket),
	command(handover.Sender, in(handover.Proposed), askConsent),
	command(handover.LegHolder, in(handover.ConsentAsked), giveConsent),
	command(handover.LegHolder, in(handover.Proposed, handover.ConsentAsked), refuseConsent),
	command(handover.FormerLegHolder, in(handover.Routing, handover.Offered, handover.Accepted, handover.Briefing, handover.Bridged, handover.Confirming, handover.Transferred, handover.AwaitingOutcome), withdrawConsent),
	signedCommand(handover.Sender, in(handover.Proposed, handover.ConsentAsked), overrideConsent),

	// Offers.
	command(handover.AskedLine, in(handover.Offered), acknowledgeOffer),
	command(handover.AskedLine, in(handover.Offered), acceptOffer),
	directoryCommand(handover.AskedLine, in(handover.Offered, handover.Accepted, handover.Briefing, handover.Bridged), declineOffer),

	// From the accept to the outcome.
	directoryCommand(handover.Party, in(handover.Accepted, handover.Briefing, handover.Bridged, handover.Confirming, handover.Transferred, handover.AwaitingOutcome, handover.Closed), grantAccess),
	command(handover.Receiver, in(handover.Accepted, handover.Briefing, handover.Bridged, handover.Confirming, handover.Transferred, handover.AwaitingOutcome), openPacket),
	command(handover.Receiver, in(handover.Accepted), joinHandover),
	command(handover.Sender, in(handover.Accepted), startBriefing),
	command(handover.Sender, in(handover.Accepted, handover.Briefing), openBridge),
	command(handover.Receiver, in(handover.Bridged), confirmHandover),
	command(handover.LegHolder, in(handover.Confirming), agreeToHandover),
	command(handover.Sender, in(handover.Confirming), attestAgreement),
	command(handover.LegHolder, in(handover.Transferred), askToStay),
	command(handover.Sender, in(handover.Transferred), takeBack),
	command(handover.Sender, in(handover.Transferred), leaveHandover),
	command(handover.Receiver, in(handover.AwaitingOutcome, handover.Closed), reportOutcome),

	// Other ends.
	command(handover.Sender, in(handover.Accepted, handover.Briefing, handover.Bridged, handover.Returned, handover.Deferred), decideHandover),
	command(handover.Sender, in(handover.Proposed, handover.ConsentAsked, handover.Routing, handover.Offered, handover.Accepted, handover.Briefing, handover.Bridged, handover.Confirming, handover.Deferred), cancelHandover),
	command(handover.AskedLine, in(handover.Cancelled), confirmCancel),
	signedCommand(handover.Sender, in(handover.Proposed, handover.ConsentAsked, handover.Routing, handover.Offered), deferHandover).andDirectory(),
	signedCommand(handover.Sender, in(handover.Proposed, handover.ConsentAsked, handover.Routing, handover.Offered), signpostHandover).andDirectory(),

	// Help, beside every handover.
	command(handover.WithChild, nil, callEmergency),
	command(handover.WithChild, nil, confirmEmergency),
	signedCommand(handover.Custodian, nil, endEmergency),
	command(handover.Custodian, nil, decideDisappearance),

	// Advice from another line, beside every handover.
	directoryCommand(handover.Custodian, nil, consultation.Ask),
	command(handover.Consulted, nil, consultation.Acknowledge),
	command(handover.Consulted, nil, consultation.Accept),
	command(handover.Consulted, nil, consultation.Decline),
	command(handover.Consulting, nil, consultation.Brief),
	command(handover.Consulted, nil, consultation.Answer),
	command(handover.Asker, nil, consultation.Withdraw),

	// Claim tickets.
	command(handover.Custodian, nil, issueTicket),
	command(handover.AnyLine, nil, claimTicket),
	command(handover.Custodian, nil, answerLeg),

	// Commands that only the platform gives.
	inner[deadline.Advance](),
	inner[deadline.Preempt](),
}

// in lists the states of a handover that allow a command.
func in(states ...handoverv1.HandoverState) []handoverv1.HandoverState { return states }
