package story

import (
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/command"
	"github.com/stafett/stafett/pkg/handover/decide"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	sealv1 "github.com/stafett/stafett/proto/stafett/seal/v1"
)

// Pass is one handover: its number, who hands over to whom, and who of them.
type Pass struct {
	N                          uint32
	From, Sender, To, Receiver string
}

var (
	First  = Pass{1, Bullying, "kim", Emergency, "ola"}
	Second = Pass{2, Emergency, "ola", Mind, "siv"}
	// Back hands the child to the line whose door it came through.
	Back = Pass{2, Emergency, "ola", Bullying, "per"}
)

func (p Pass) Propose() decide.Command { return command.ProposeHandover{Line: p.From} }
func (p Pass) Seal() decide.Command {
	return command.SealPacket{Line: p.From, Handover: p.N, Part: OneLine, Commitment: make([]byte, 32), SizeBucket: 256}
}
func (p Pass) Ask() decide.Command {
	return command.AskConsent{Line: p.From, Handover: p.N, Scopes: []handoverv1.Scope{Intro, OneLine, Feedback}}
}
func (p Pass) Give(scopes ...handoverv1.Scope) decide.Command {
	return command.GiveConsent{Line: Bullying, Handover: p.N, Scopes: scopes}
}
func (p Pass) Refuse() decide.Command {
	return command.RefuseConsent{Line: Bullying, Handover: p.N}
}
func (p Pass) Withdraw() decide.Command {
	return command.WithdrawConsent{Line: Bullying, Handover: p.N}
}
func (p Pass) Cancel() decide.Command {
	return command.CancelHandover{Line: p.From, Handover: p.N, Reason: handoverv1.CancelReason_CANCEL_REASON_OTHER_WAY}
}
func (p Pass) Seen() decide.Command { return p.SeenBy(p.To, 1) }
func (p Pass) SeenBy(line string, offer uint32) decide.Command {
	return command.AcknowledgeOffer{Line: line, Handover: p.N, Offer: offer, State: handoverv1.OfferState_OFFER_STATE_ALERTING}
}
func (p Pass) Accept() decide.Command { return p.AcceptBy(p.To, 1) }
func (p Pass) AcceptBy(line string, offer uint32) decide.Command {
	return command.AcceptOffer{Line: line, Handover: p.N, Offer: offer}
}
func (p Pass) Decline() decide.Command { return p.DeclineBy(p.To, 1) }
func (p Pass) DeclineBy(line string, offer uint32) decide.Command {
	return command.DeclineOffer{Line: line, Handover: p.N, Offer: offer, Code: handoverv1.DeclineCode_DECLINE_CODE_NO_CAPACITY}
}
func (p Pass) Join() decide.Command {
	return command.JoinHandover{Line: p.To, Handover: p.N, Participant: p.Receiver}
}
func (p Pass) Grant(grants ...*sealv1.Grant) decide.Command {
	return command.GrantAccess{Line: p.From, Handover: p.N, Grants: grants}
}
func (p Pass) Open() decide.Command  { return command.OpenPacket{Line: p.To, Handover: p.N} }
func (p Pass) Brief() decide.Command { return command.StartBriefing{Line: p.From, Handover: p.N} }
func (p Pass) Bridge() decide.Command {
	return command.OpenBridge{Line: p.From, Handover: p.N, Participant: p.Sender}
}

// BridgeAlone is the receiver's, without the sender.
func (p Pass) BridgeAlone() decide.Command {
	return command.OpenBridge{Line: p.To, Handover: p.N, Participant: p.Receiver, Exception: handover.SenderLost}
}
func (p Pass) Confirm() decide.Command {
	return command.ConfirmHandover{Line: p.To, Handover: p.N, Participant: p.Receiver}
}
func (p Pass) Agree() decide.Command {
	return command.AgreeToHandover{Line: Bullying, Handover: p.N}
}
func (p Pass) Attest() decide.Command {
	return command.AttestAgreement{Line: p.From, Handover: p.N, Reason: handoverv1.AttestReason_ATTEST_REASON_CHILD_ENGAGED}
}
func (p Pass) AskToStay() decide.Command {
	return command.AskToStay{Line: Bullying, Handover: p.N}
}
func (p Pass) TakeBack(reason handoverv1.ReverseReason) decide.Command {
	return command.TakeBack{Line: p.From, Handover: p.N, Participant: p.Sender, Reason: reason}
}
func (p Pass) Leave() decide.Command { return command.LeaveHandover{Line: p.From, Handover: p.N} }
func (p Pass) Report() decide.Command {
	return command.ReportOutcome{Line: p.To, Handover: p.N, Outcome: handoverv1.Outcome_OUTCOME_SUPPORTED}
}

func (p Pass) Override() decide.Command {
	return command.OverrideConsent{
		Line: p.From, Handover: p.N, Code: handoverv1.OverrideCode_OVERRIDE_CODE_DANGER_TO_LIFE,
		Participant: p.Sender, SecondPerson: "chief", Scopes: []handoverv1.Scope{Intro, OneLine},
	}
}
func (p Pass) Approve() decide.Command {
	return command.DecideHop{Line: p.From, Handover: p.N, Supervisor: "chief", Approve: true}
}
func (p Pass) Decide(what handoverv1.SenderDecision) decide.Command {
	return command.DecideHandover{Line: p.From, Handover: p.N, Decision: what}
}
func (p Pass) Signpost() decide.Command {
	return command.SignpostHandover{Line: p.From, Handover: p.N, ToLine: p.To, Reason: handoverv1.SignpostReason_SIGNPOST_REASON_CHILD_PREFERS}
}
func (p Pass) ConfirmCancel() decide.Command {
	return command.ConfirmCancel{Line: p.To, Handover: p.N, Offer: 1}
}

// PutOff is a deferral until the hour after some time from now.
func (s *Story) PutOff(p Pass, in time.Duration) decide.Command {
	return p.DeferUntil(s.Now.Add(in))
}
func (p Pass) DeferUntil(start time.Time) decide.Command {
	return command.DeferHandover{
		Line: p.From, Handover: p.N, Reason: handoverv1.DeferReason_DEFER_REASON_CHILD_PREFERS,
		Slot: &handoverv1.Slot{Line: p.To, StartTime: timestamppb.New(start), EndTime: timestamppb.New(start.Add(time.Hour))},
		Open: func(string, handoverv1.Channel, time.Time) bool { return true },
	}
}

const (
	Unreachable = handoverv1.BridgeException_BRIDGE_EXCEPTION_CHILD_UNREACHABLE

	ReceiverLost = handoverv1.ReverseReason_REVERSE_REASON_RECEIVER_LOST
	ChildAsked   = handoverv1.ReverseReason_REVERSE_REASON_CHILD_ASKED

	Stay   = handoverv1.SenderDecision_SENDER_DECISION_STAY
	GoesOn = handoverv1.SenderDecision_SENDER_DECISION_CONTINUE
)

// Commands are those whose coming depends on the handover's state, one of each.
func (p Pass) Commands() []decide.Command {
	return []decide.Command{
		p.Seal(), p.Ask(), p.Give(Intro), p.Refuse(), p.Withdraw(), p.Cancel(), p.Seen(), p.Accept(), p.Decline(),
		p.Join(), p.Grant(), p.Open(), p.Brief(), p.Bridge(), p.Confirm(), p.Agree(), p.Attest(), p.AskToStay(), p.TakeBack(ChildAsked), p.Leave(), p.Report(),
		p.Override(), p.Approve(), p.Decide(Stay), p.DeferUntil(Evening.Add(24 * time.Hour)), p.Signpost(),
		p.ConfirmCancel(),
	}
}
