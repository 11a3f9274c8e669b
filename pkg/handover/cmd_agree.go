package handover

import (
	"github.com/stafett/stafett/pkg/refusal"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
)

// AgreeToHandover records that the child agrees to the sender leaving. The routing
// service then moves custody.
type AgreeToHandover struct {
	Line     string
	Handover uint32
}

func agreeToHandover(o Origin, _ *intakev1.AgreeToHandoverRequest) AgreeToHandover {
	return AgreeToHandover{Line: o.Line, Handover: o.At.Handover}
}

func (c AgreeToHandover) decide(t *turn) error {
	h, err := t.handover(c.Line, c.Handover)
	if err != nil {
		return err
	}
	if h.ChildAgreed {
		return refusal.AlreadyAgreed("the child has agreed to "+h.Name+" already", "handover", h.Name)
	}
	if err := t.requireChild(); err != nil {
		return err
	}
	if err := t.requireWritten(h, h.BridgeWords.GetSender(), h.FromLine); err != nil {
		return err
	}
	if err := t.requireWritten(h, h.BridgeWords.GetChild(), "the child"); err != nil {
		return err
	}
	t.emit(&eventv1.ChildAgreed{Handover: h.Number()})
	return nil
}

// AttestAgreement records the sender's reason for not asking the child. Custody moves
// in the same commit.
type AttestAgreement struct {
	Line     string
	Handover uint32
	Reason   handoverv1.AttestReason
}

func attestAgreement(o Origin, r *routingv1.AttestAgreementRequest) AttestAgreement {
	return AttestAgreement{Line: o.Line, Handover: o.At.Handover, Reason: r.Reason}
}

func (c AttestAgreement) decide(t *turn) error {
	h, err := t.handover(c.Line, c.Handover)
	if err != nil {
		return err
	}
	if err := t.requireReceiver(h); err != nil {
		return err
	}
	if err := t.requireWritten(h, h.BridgeWords.GetSender(), h.FromLine); err != nil {
		return err
	}
	if err := t.requireAttestable(h, c.Reason); err != nil {
		return err
	}
	t.emit(&eventv1.AgreementAttested{Handover: h.Number(), Reason: c.Reason})
	t.transfer(h)
	return nil
}

// requireAttestable accepts CHILD_UNREACHABLE only if the bridge opened without the child, and
// any other reason only if the child is there.
func (t *turn) requireAttestable(h Handover, reason handoverv1.AttestReason) error {
	switch unreachable := reason == handoverv1.AttestReason_ATTEST_REASON_CHILD_UNREACHABLE; {
	case unreachable && h.BridgeException == 0:
		return childRequired(h, "its bridge opened with the child, so CHILD_UNREACHABLE does not apply; state another reason")
	case unreachable:
		return nil
	}
	if err := t.requireChild(); err != nil {
		return err
	}
	return t.requireWritten(h, h.BridgeWords.GetChild() || h.BridgeException != 0, "the child")
}

// transfer is the only place where custody moves.
func (t *turn) transfer(h Handover) {
	epoch := t.conversation.Custody.Epoch
	t.emit(&eventv1.CustodyTransferred{
		Handover: h.Number(), FromLine: h.FromLine, ToLine: h.ToLine,
		FromEpoch: epoch, ToEpoch: epoch + 1, Deadline: t.in(t.rules.SenderTimes(h).Overlap),
	})
}

// LeaveHandover records that the sender leaves, after custody has moved. It may not
// leave a child who is present alone: the receiver must be present too.
type LeaveHandover struct {
	Line     string
	Handover uint32
}

func leaveHandover(o Origin, _ *routingv1.LeaveHandoverRequest) LeaveHandover {
	return LeaveHandover{Line: o.Line, Handover: o.At.Handover}
}

func (c LeaveHandover) decide(t *turn) error {
	h, err := t.handover(c.Line, c.Handover)
	if err != nil {
		return err
	}
	if t.conversation.Child().Present && !t.conversation.Slow() {
		if err := t.requireReceiver(h); err != nil {
			return err
		}
	}
	t.senderLeaves(h)
	return nil
}

func (t *turn) senderLeaves(h Handover) {
	t.emit(&eventv1.SenderLeft{Handover: h.Number(), Line: h.FromLine, Deadline: t.in(t.rules.ReceiverTimes(h, h.ToLine).Outcome)})
}
