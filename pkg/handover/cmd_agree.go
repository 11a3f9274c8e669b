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
	if err := t.childThere(); err != nil {
		return err
	}
	if err := t.wrote(h, h.BridgeWords.GetSender(), h.FromLine); err != nil {
		return err
	}
	if err := t.wrote(h, h.BridgeWords.GetChild(), "the child"); err != nil {
		return err
	}
	t.emit(&eventv1.ChildAgreed{Handover: t.number(h)})
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
	if err := t.receiverThere(h); err != nil {
		return err
	}
	if err := t.wrote(h, h.BridgeWords.GetSender(), h.FromLine); err != nil {
		return err
	}
	if err := t.attestable(h, c.Reason); err != nil {
		return err
	}
	t.emit(&eventv1.AgreementAttested{Handover: t.number(h), Reason: c.Reason})
	t.transfer(h)
	return nil
}

// attestable accepts CHILD_UNREACHABLE only if the bridge opened without the child, and
// any other reason only if the child is there.
func (t *turn) attestable(h *handoverv1.Handover, reason handoverv1.AttestReason) error {
	switch unreachable := reason == handoverv1.AttestReason_ATTEST_REASON_CHILD_UNREACHABLE; {
	case unreachable && h.BridgeException == 0:
		return childRequired(h, "its bridge opened with the child, so CHILD_UNREACHABLE does not apply; state another reason")
	case unreachable:
		return nil
	}
	if err := t.childThere(); err != nil {
		return err
	}
	return t.wrote(h, h.BridgeWords.GetChild() || h.BridgeException != 0, "the child")
}

// transfer is the only place where custody moves.
func (t *turn) transfer(h *handoverv1.Handover) {
	epoch := t.conversation.Custody.Epoch
	t.emit(&eventv1.CustodyTransferred{
		Handover: t.number(h), FromLine: h.FromLine, ToLine: h.ToLine,
		FromEpoch: epoch, ToEpoch: epoch + 1, Deadline: t.in(t.senderTimes(h).Overlap),
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
	if Child(t.conversation).Present && !slow(t.conversation.Channel) {
		if err := t.receiverThere(h); err != nil {
			return err
		}
	}
	t.senderLeaves(h)
	return nil
}

func (t *turn) senderLeaves(h *handoverv1.Handover) {
	t.emit(&eventv1.SenderLeft{Handover: t.number(h), Line: h.FromLine, Deadline: t.in(t.receiverTimes(h, h.ToLine).Outcome)})
}
