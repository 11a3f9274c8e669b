package command

import (
	"fmt"
	"time"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/decide"
	"github.com/stafett/stafett/pkg/refusal"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
)

// JoinHandover brings the receiver's counsellor into the conversation.
type JoinHandover struct {
	Line        string
	Handover    uint32
	Participant string
}

func joinHandover(o decide.Origin, r *routingv1.JoinHandoverRequest) JoinHandover {
	return JoinHandover{Line: o.Line, Handover: o.At.Handover, Participant: r.Participant}
}

func (c JoinHandover) Decide(t *decide.Turn) error {
	h, err := t.Handover(c.Line, c.Handover)
	if err != nil {
		return err
	}
	if t.Conversation.Participant(c.Line, c.Participant).GetRole() == handoverv1.Role_ROLE_CHILD {
		return taken(c.Line, c.Participant)
	}
	if h.ReceiverParticipant != "" {
		return refusal.ReceiverJoined(fmt.Sprintf("%s has joined for %s already; others of the line join by JoinConversation", h.ReceiverParticipant, c.Line),
			"participant", h.ReceiverParticipant, "line", c.Line)
	}
	t.Emit(&eventv1.ReceiverJoined{
		Handover: h.Number(), Participant: c.Participant, Line: c.Line, Deadline: t.In(t.Rules.SenderTimes(h).Briefing),
	})
	return nil
}

// StartBriefing lets the sender brief the receiver before they meet the child together.
type StartBriefing struct {
	Line     string
	Handover uint32
}

func startBriefing(o decide.Origin, _ *routingv1.StartBriefingRequest) StartBriefing {
	return StartBriefing{Line: o.Line, Handover: o.At.Handover}
}

func (c StartBriefing) Decide(t *decide.Turn) error {
	h, err := t.Handover(c.Line, c.Handover)
	if err != nil {
		return err
	}
	if err := t.RequireReceiver(h); err != nil {
		return err
	}
	t.Emit(&eventv1.BriefingStarted{Handover: h.Number(), Deadline: t.In(t.Rules.SenderTimes(h).Briefing)})
	return nil
}

// OpenBridge brings both counsellors and the child together. If the child's life or
// health is in danger, the counsellors may go on without a child who cannot be reached; if
// nobody of the sender is there, the receiver may go on with the child. The exception is
// recorded.
type OpenBridge struct {
	Line        string
	Handover    uint32
	Participant string
	Exception   handoverv1.BridgeException
}

func openBridge(o decide.Origin, r *routingv1.OpenBridgeRequest) OpenBridge {
	return OpenBridge{Line: o.Line, Handover: o.At.Handover, Participant: r.Participant, Exception: r.Exception}
}

func (c OpenBridge) Decide(t *decide.Turn) error {
	if c.Exception == handover.SenderLost {
		return c.withoutSender(t)
	}
	h, err := t.Handover(c.Line, c.Handover)
	if err != nil {
		return err
	}
	if err := requireAll(t, h, c); err != nil {
		return err
	}
	t.OpenBridge(h, c.Participant, h.PresentReceiver().Id, c.Exception)
	return nil
}

// withoutSender opens the bridge for the receiver, who is alone with the child.
func (c OpenBridge) withoutSender(t *decide.Turn) error {
	t.Permission.Side = handover.Receiver
	h, err := t.Handover(c.Line, c.Handover)
	if err != nil {
		return err
	}
	if err := t.RequireCounsellor(c.Line, c.Participant); err != nil {
		return err
	}
	if err := t.RequireChild(); err != nil {
		return err
	}
	if err := requireSenderLost(t, h); err != nil {
		return err
	}
	t.OpenBridge(h, "", c.Participant, c.Exception)
	return nil
}

// requireSenderLost refuses to go on without a sender who is there, or was until a moment ago.
func requireSenderLost(t *decide.Turn, h handover.Handover) error {
	if !h.LacksSender() {
		return refusal.SenderNotLost(fmt.Sprintf("somebody of %s can open the bridge of %s; let them", h.FromLine, h.Name), "handover", h.Name)
	}
	if from := h.Went(h.FromLine).Add(t.Rules.Lost); t.Now.Before(from) {
		at := from.Format(time.RFC3339)
		return refusal.SenderNotLost(fmt.Sprintf("%s may come back; open the bridge of %s without it from %s on", h.FromLine, h.Name, at),
			"handover", h.Name, "bridge_time", at)
	}
	return nil
}

func requireAll(t *decide.Turn, h handover.Handover, c OpenBridge) error {
	if err := t.RequireCounsellor(h.FromLine, c.Participant); err != nil {
		return err
	}
	if err := t.RequireReceiver(h); err != nil {
		return err
	}
	if c.Exception == 0 {
		return t.RequireChild()
	}
	return requireBridgeException(t, h)
}

// requireBridgeException refuses to leave out a child who is present, or whose life and
// health are not in danger.
func requireBridgeException(t *decide.Turn, h handover.Handover) error {
	switch {
	case t.RequireChild() == nil:
		return childRequired(h, "the child is there; open the bridge with it")
	case !h.Imminent() && h.Consent.Overridden == 0:
		return childRequired(h, "only imminent risk or an override allows a bridge without the child; wait for it")
	}
	return nil
}

// childRequired refuses to go on without the child.
func childRequired(h handover.Handover, why string) error {
	return refusal.ChildRequired(h.Name+" needs the child: "+why, "handover", h.Name)
}

// ConfirmHandover records the receiver's "I have it".
type ConfirmHandover struct {
	Line        string
	Handover    uint32
	Participant string
}

func confirmHandover(o decide.Origin, r *routingv1.ConfirmHandoverRequest) ConfirmHandover {
	return ConfirmHandover{Line: o.Line, Handover: o.At.Handover, Participant: r.Participant}
}

func (c ConfirmHandover) Decide(t *decide.Turn) error {
	h, err := t.Handover(c.Line, c.Handover)
	if err != nil {
		return err
	}
	if err := t.RequireCounsellor(c.Line, c.Participant); err != nil {
		return err
	}
	if err := requireWritten(t, h, h.BridgeWords.GetReceiver(), c.Line); err != nil {
		return err
	}
	t.Emit(&eventv1.ReceiverConfirmed{
		Handover: h.Number(), Participant: c.Participant, Deadline: t.In(t.Rules.SenderTimes(h).Confirm),
	})
	return nil
}

// requireWritten refuses, on slow channels, unless the participant has written to everybody
// since the bridge opened. On those channels, writing is what counts as being in the
// bridge.
func requireWritten(t *decide.Turn, h handover.Handover, has bool, who string) error {
	if has || !t.Conversation.Slow() {
		return nil
	}
	return refusal.NotWritten(fmt.Sprintf("%s has not written to everybody since the bridge of %s opened; write first", who, h.Name), "handover", h.Name, "who", who)
}
