package handover_test

import (
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/stafett/stafett/pkg/handover"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// pass is one handover: its number, who hands over to whom, and who of them.
type pass struct {
	n                          uint32
	from, sender, to, receiver string
}

var (
	first  = pass{1, bullying, "kim", emergency, "ola"}
	second = pass{2, emergency, "ola", mind, "siv"}
	// back hands the child to the line whose door it came through.
	back = pass{2, emergency, "ola", bullying, "per"}
)

func (p pass) propose() handover.Command { return handover.ProposeHandover{Line: p.from} }
func (p pass) seal() handover.Command {
	return handover.SealPacket{Line: p.from, Handover: p.n, Part: oneLine, Commitment: make([]byte, 32), SizeBucket: 256}
}
func (p pass) ask() handover.Command {
	return handover.AskConsent{Line: p.from, Handover: p.n, Scopes: []handoverv1.Scope{intro, oneLine, feedback}}
}
func (p pass) give(scopes ...handoverv1.Scope) handover.Command {
	return handover.GiveConsent{Line: bullying, Handover: p.n, Scopes: scopes}
}
func (p pass) refuse() handover.Command {
	return handover.RefuseConsent{Line: bullying, Handover: p.n}
}
func (p pass) withdraw() handover.Command {
	return handover.WithdrawConsent{Line: bullying, Handover: p.n}
}
func (p pass) cancel() handover.Command {
	return handover.CancelHandover{Line: p.from, Handover: p.n, Reason: handoverv1.CancelReason_CANCEL_REASON_OTHER_WAY}
}
func (p pass) seen() handover.Command { return p.seenBy(p.to, 1) }
func (p pass) seenBy(line string, offer uint32) handover.Command {
	return handover.AcknowledgeOffer{Line: line, Handover: p.n, Offer: offer, State: handoverv1.OfferState_OFFER_STATE_ALERTING}
}
func (p pass) accept() handover.Command { return p.acceptBy(p.to, 1) }
func (p pass) acceptBy(line string, offer uint32) handover.Command {
	return handover.AcceptOffer{Line: line, Handover: p.n, Offer: offer}
}
func (p pass) decline() handover.Command { return p.declineBy(p.to, 1) }
func (p pass) declineBy(line string, offer uint32) handover.Command {
	return handover.DeclineOffer{Line: line, Handover: p.n, Offer: offer, Code: handoverv1.DeclineCode_DECLINE_CODE_NO_CAPACITY}
}
func (p pass) join() handover.Command {
	return handover.JoinHandover{Line: p.to, Handover: p.n, Participant: p.receiver}
}
func (p pass) open() handover.Command  { return handover.OpenPacket{Line: p.to, Handover: p.n} }
func (p pass) brief() handover.Command { return handover.StartBriefing{Line: p.from, Handover: p.n} }
func (p pass) bridge() handover.Command {
	return handover.OpenBridge{Line: p.from, Handover: p.n, Participant: p.sender}
}
func (p pass) confirm() handover.Command {
	return handover.ConfirmHandover{Line: p.to, Handover: p.n, Participant: p.receiver}
}
func (p pass) agree() handover.Command {
	return handover.AgreeToHandover{Line: bullying, Handover: p.n}
}
func (p pass) attest() handover.Command {
	return handover.AttestAgreement{Line: p.from, Handover: p.n, Reason: handoverv1.AttestReason_ATTEST_REASON_CHILD_ENGAGED}
}
func (p pass) leave() handover.Command { return handover.LeaveHandover{Line: p.from, Handover: p.n} }
func (p pass) report() handover.Command {
	return handover.ReportOutcome{Line: p.to, Handover: p.n, Outcome: handoverv1.Outcome_OUTCOME_SUPPORTED}
}

func (p pass) override() handover.Command {
	return handover.OverrideConsent{
		Line: p.from, Handover: p.n, Code: handoverv1.OverrideCode_OVERRIDE_CODE_DANGER_TO_LIFE,
		Participant: p.sender, SecondPerson: "chief", Scopes: []handoverv1.Scope{intro, oneLine, feedback},
	}
}
func (p pass) approve() handover.Command {
	return handover.DecideHop{Line: p.from, Handover: p.n, Supervisor: "chief", Approve: true}
}
func (p pass) decide(what handoverv1.SenderDecision) handover.Command {
	return handover.DecideHandover{Line: p.from, Handover: p.n, Decision: what}
}
func (p pass) signpost() handover.Command {
	return handover.SignpostHandover{Line: p.from, Handover: p.n, ToLine: p.to, Reason: handoverv1.SignpostReason_SIGNPOST_REASON_CHILD_PREFERS}
}
func (p pass) callEmergency() handover.Command {
	return handover.CallEmergency{Line: p.from, Handover: p.n, Service: handoverv1.EmergencyService_EMERGENCY_SERVICE_POLICE, Participant: p.sender}
}
func (p pass) confirmEmergency() handover.Command {
	return handover.ConfirmEmergency{Line: p.from, Handover: p.n, Participant: p.sender}
}
func (p pass) confirmCancel() handover.Command {
	return handover.ConfirmCancel{Line: p.to, Handover: p.n, Offer: 1}
}

// putOff is a deferral until the hour after some time from now.
func (s *story) putOff(p pass, in time.Duration) handover.Command {
	return p.deferUntil(s.now.Add(in))
}
func (p pass) deferUntil(start time.Time) handover.Command {
	return handover.DeferHandover{
		Line: p.from, Handover: p.n, Reason: handoverv1.DeferReason_DEFER_REASON_CHILD_PREFERS,
		Slot: &handoverv1.Slot{Line: p.to, StartTime: timestamppb.New(start), EndTime: timestamppb.New(start.Add(time.Hour))},
		Open: func(string, handoverv1.Channel, time.Time) bool { return true },
	}
}

const (
	unreachable = handoverv1.BridgeException_BRIDGE_EXCEPTION_CHILD_UNREACHABLE

	stay   = handoverv1.SenderDecision_SENDER_DECISION_STAY
	goesOn = handoverv1.SenderDecision_SENDER_DECISION_CONTINUE
)

// commands are those whose coming depends on the handover's state, one of each.
func (p pass) commands() []handover.Command {
	return []handover.Command{
		p.seal(), p.ask(), p.give(intro), p.refuse(), p.withdraw(), p.cancel(), p.seen(), p.accept(), p.decline(),
		p.join(), p.open(), p.brief(), p.bridge(), p.confirm(), p.agree(), p.attest(), p.leave(), p.report(),
		p.override(), p.approve(), p.decide(stay), p.deferUntil(evening.Add(24 * time.Hour)), p.signpost(),
		p.callEmergency(), p.confirmEmergency(), p.confirmCancel(),
	}
}
