package handover

import (
	"fmt"

	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// JoinHandover: the receiver's counsellor comes into the conversation.
type JoinHandover struct {
	Line        string
	Handover    uint32
	Participant string
}

func (c JoinHandover) decide(t *turn) error {
	h, err := t.receiving(c.Line, c.Handover, "JoinHandover")
	if err != nil {
		return err
	}
	if FindParticipant(t.conversation, c.Line, c.Participant).GetRole() == handoverv1.Role_ROLE_CHILD {
		return taken(c.Line, c.Participant)
	}
	if h.ReceiverParticipant != "" {
		return refuse(handoverv1.RefusalReason_REFUSAL_REASON_PARTICIPANT_PRESENT,
			fmt.Sprintf("%s has come already for %s; others of the line join by JoinConversation", h.ReceiverParticipant, c.Line),
			"participant", h.ReceiverParticipant, "line", c.Line)
	}
	t.emit(&eventv1.ReceiverJoined{
		Handover: t.number(h), Participant: c.Participant, Line: c.Line, Deadline: t.in(t.rules.Briefing),
	})
	return nil
}

// StartBriefing: the sender takes the receiver aside before they meet the child
// together.
type StartBriefing struct {
	Line     string
	Handover uint32
}

func (c StartBriefing) decide(t *turn) error {
	h, err := t.sending(c.Line, c.Handover, "StartBriefing")
	if err != nil {
		return err
	}
	if err := t.receiverThere(h); err != nil {
		return err
	}
	t.emit(&eventv1.BriefingStarted{Handover: t.number(h), Deadline: t.in(t.rules.Briefing)})
	return nil
}

// OpenBridge: the sender brings both counsellors and the child together.
type OpenBridge struct {
	Line        string
	Handover    uint32
	Participant string
}

func (c OpenBridge) decide(t *turn) error {
	h, err := t.sending(c.Line, c.Handover, "OpenBridge")
	if err != nil {
		return err
	}
	if err := t.allThere(h, c.Participant); err != nil {
		return err
	}
	t.emit(&eventv1.BridgeOpened{
		Handover: t.number(h), SenderParticipant: c.Participant, ReceiverParticipant: t.receiverHere(h).Id,
		ChildParticipant: Child(t.conversation).Id, Deadline: t.in(t.rules.Bridge),
	})
	return nil
}

func (t *turn) allThere(h *handoverv1.Handover, introducing string) error {
	if err := t.counsellorHere(h.FromLine, introducing); err != nil {
		return err
	}
	if err := t.receiverThere(h); err != nil {
		return err
	}
	return t.childThere()
}

// receiverHere is a counsellor of the receiver who is connected, or nil. It need
// not be the one who came first: if that one's machine dies, another goes on.
func (t *turn) receiverHere(h *handoverv1.Handover) *handoverv1.Participant {
	if h.ReceiverParticipant == "" {
		return nil
	}
	for _, p := range t.conversation.Participants {
		if p.Line == h.ToLine && p.Role == handoverv1.Role_ROLE_COUNSELLOR && p.Present {
			return p
		}
	}
	return nil
}

func (t *turn) receiverThere(h *handoverv1.Handover) error {
	return present(t.receiverHere(h), "a counsellor of "+h.ToLine)
}

// ConfirmHandover: the receiver says "I have it".
type ConfirmHandover struct {
	Line        string
	Handover    uint32
	Participant string
}

func (c ConfirmHandover) decide(t *turn) error {
	h, err := t.receiving(c.Line, c.Handover, "ConfirmHandover")
	if err != nil {
		return err
	}
	if err := t.counsellorHere(c.Line, c.Participant); err != nil {
		return err
	}
	t.emit(&eventv1.ReceiverConfirmed{
		Handover: t.number(h), Participant: c.Participant, Deadline: t.in(t.rules.Confirm),
	})
	return nil
}

// AgreeToHandover: the child says it is all right that the sender leaves. The
// routing service then moves custody.
type AgreeToHandover struct {
	Line     string
	Handover uint32
}

func (c AgreeToHandover) decide(t *turn) error {
	h, err := t.ofChild(c.Line, c.Handover, "AgreeToHandover")
	if err != nil {
		return err
	}
	if h.ChildAgreed {
		return refuseField("handover", "the child has agreed already")
	}
	if err := t.childThere(); err != nil {
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

func (c AttestAgreement) decide(t *turn) error {
	h, err := t.sending(c.Line, c.Handover, "AttestAgreement")
	if err != nil {
		return err
	}
	if err := t.receiverThere(h); err != nil {
		return err
	}
	if err := t.childThere(); err != nil {
		return err
	}
	t.emit(&eventv1.AgreementAttested{Handover: t.number(h), Reason: c.Reason})
	t.transfer(h)
	return nil
}

// transfer is the one place where custody moves.
func (t *turn) transfer(h *handoverv1.Handover) {
	epoch := t.conversation.Custody.Epoch
	t.emit(&eventv1.CustodyTransferred{
		Handover: t.number(h), FromLine: h.FromLine, ToLine: h.ToLine,
		FromEpoch: epoch, ToEpoch: epoch + 1, Deadline: t.in(t.rules.Overlap),
	})
}

// LeaveHandover: the sender leaves, last, after custody has moved. It may not
// leave a child who is there alone: the receiver must be there too.
type LeaveHandover struct {
	Line     string
	Handover uint32
}

func (c LeaveHandover) decide(t *turn) error {
	h, err := t.sending(c.Line, c.Handover, "LeaveHandover")
	if err != nil {
		return err
	}
	if Child(t.conversation).Present {
		if err := t.receiverThere(h); err != nil {
			return err
		}
	}
	t.senderLeaves(h)
	return nil
}

func (t *turn) senderLeaves(h *handoverv1.Handover) {
	t.emit(&eventv1.SenderLeft{Handover: t.number(h), Line: h.FromLine, Deadline: t.in(t.rules.Outcome)})
}
