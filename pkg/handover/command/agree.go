package command

import (
	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/decide"
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

func agreeToHandover(o decide.Origin, _ *intakev1.AgreeToHandoverRequest) AgreeToHandover {
	return AgreeToHandover{Line: o.Line, Handover: o.At.Handover}
}

func (c AgreeToHandover) Decide(t *decide.Turn) error {
	h, err := t.Handover(c.Line, c.Handover)
	if err != nil {
		return err
	}
	if h.ChildAgreed {
		return refusal.AlreadyAgreed("the child has agreed to "+h.Name+" already", "handover", h.Name)
	}
	if err := t.RequireChild(); err != nil {
		return err
	}
	if err := requireWritten(t, h, h.BridgeWords.GetSender() || h.Unled(), h.FromLine); err != nil {
		return err
	}
	if err := requireWritten(t, h, h.BridgeWords.GetChild(), "the child"); err != nil {
		return err
	}
	t.Emit(&eventv1.ChildAgreed{Handover: h.Number()})
	return nil
}

// AttestAgreement records the sender's reason for not asking the child. Custody moves
// in the same commit.
type AttestAgreement struct {
	Line     string
	Handover uint32
	Reason   handoverv1.AttestReason
}

func attestAgreement(o decide.Origin, r *routingv1.AttestAgreementRequest) AttestAgreement {
	return AttestAgreement{Line: o.Line, Handover: o.At.Handover, Reason: r.Reason}
}

func (c AttestAgreement) Decide(t *decide.Turn) error {
	h, err := t.Handover(c.Line, c.Handover)
	if err != nil {
		return err
	}
	if err := t.RequireReceiver(h); err != nil {
		return err
	}
	if err := requireWritten(t, h, h.BridgeWords.GetSender(), h.FromLine); err != nil {
		return err
	}
	if err := requireAttestable(t, h, c.Reason); err != nil {
		return err
	}
	t.Emit(&eventv1.AgreementAttested{Handover: h.Number(), Reason: c.Reason})
	t.Transfer(h)
	return nil
}

// requireAttestable accepts CHILD_UNREACHABLE only if the bridge opened without the child, and
// any other reason only if the child is there; none if the bridge opened without the sender.
func requireAttestable(t *decide.Turn, h handover.Handover, reason handoverv1.AttestReason) error {
	switch unreachable := reason == handoverv1.AttestReason_ATTEST_REASON_CHILD_UNREACHABLE; {
	case unreachable && (t.Conversation.Child().Present || h.BridgeWords.GetChild()):
		return childRequired(h, "the child is there or has written since the bridge opened, so CHILD_UNREACHABLE does not apply; ask it")
	case h.Unled():
		return childRequired(h, "its bridge opened without the sender, so the child agrees for itself; ask it")
	case unreachable && h.BridgeException != handover.ChildUnreachable:
		return childRequired(h, "its bridge opened with the child, so CHILD_UNREACHABLE does not apply; state another reason")
	case unreachable:
		return nil
	}
	if err := t.RequireChild(); err != nil {
		return err
	}
	return requireWritten(t, h, h.BridgeWords.GetChild() || h.BridgeException == handover.ChildUnreachable, "the child")
}

// LeaveHandover records that the sender leaves, after custody has moved. It may not
// leave a child who is present alone: the receiver must be present too.
type LeaveHandover struct {
	Line     string
	Handover uint32
}

func leaveHandover(o decide.Origin, _ *routingv1.LeaveHandoverRequest) LeaveHandover {
	return LeaveHandover{Line: o.Line, Handover: o.At.Handover}
}

func (c LeaveHandover) Decide(t *decide.Turn) error {
	h, err := t.Handover(c.Line, c.Handover)
	if err != nil {
		return err
	}
	if t.Conversation.Child().Present && !t.Conversation.Slow() {
		if err := t.RequireReceiver(h); err != nil {
			return err
		}
	}
	t.SenderLeaves(h)
	return nil
}
