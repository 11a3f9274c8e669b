package handover

import (
	"github.com/stafett/stafett/pkg/refusal"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
)

// AgreeToHandover: the child says it is all right that the sender leaves. The
// routing service then moves custody.
type AgreeToHandover struct {
	Line     string
	Handover uint32
}

func agreeToHandover(line string, at ResourceName, _ *intakev1.AgreeToHandoverRequest) AgreeToHandover {
	return AgreeToHandover{Line: line, Handover: at.Handover}
}

func (c AgreeToHandover) decide(t *turn) error {
	h, err := t.handover(c.Line, c.Handover)
	if err != nil {
		return err
	}
	if h.ChildAgreed {
		return refusal.Field("handover", "the child has agreed already")
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

// AttestAgreement: the sender states why the child is not asked. Custody moves
// in the same append.
type AttestAgreement struct {
	Line     string
	Handover uint32
	Reason   handoverv1.AttestReason
}

func attestAgreement(line string, at ResourceName, r *routingv1.AttestAgreementRequest) AttestAgreement {
	return AttestAgreement{Line: line, Handover: at.Handover, Reason: r.Reason}
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

// attestable refuses to say that the child could not be reached, unless the
// bridge opened without it, and anything else unless the child is there.
func (t *turn) attestable(h *handoverv1.Handover, reason handoverv1.AttestReason) error {
	switch unreachable := reason == handoverv1.AttestReason_ATTEST_REASON_CHILD_UNREACHABLE; {
	case unreachable && h.BridgeException == 0:
		return refusal.Field("reason", "CHILD_UNREACHABLE is for a bridge that opened without the child; name what is so")
	case unreachable:
		return nil
	}
	if err := t.childThere(); err != nil {
		return err
	}
	return t.wrote(h, h.BridgeWords.GetChild() || h.BridgeException != 0, "the child")
}

// transfer is the one place where custody moves.
func (t *turn) transfer(h *handoverv1.Handover) {
	epoch := t.conversation.Custody.Epoch
	t.emit(&eventv1.CustodyTransferred{
		Handover: t.number(h), FromLine: h.FromLine, ToLine: h.ToLine,
		FromEpoch: epoch, ToEpoch: epoch + 1, Deadline: t.in(t.senderTimes(h).Overlap),
	})
}

// LeaveHandover: the sender leaves, last, after custody has moved. It may not
// leave a child who is there alone: the receiver must be there too.
type LeaveHandover struct {
	Line     string
	Handover uint32
}

func leaveHandover(line string, at ResourceName, _ *routingv1.LeaveHandoverRequest) LeaveHandover {
	return LeaveHandover{Line: line, Handover: at.Handover}
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
