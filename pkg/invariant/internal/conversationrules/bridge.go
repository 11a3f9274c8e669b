package conversationrules

import (
	"slices"
	"time"

	"github.com/stafett/stafett/pkg/invariant/internal/facts"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// words says who has written to everybody since the bridge opened. On a slow
// channel that is what being in the bridge means.
type words struct{ sender, receiver, child bool }

func (w *words) heard(f *facts.Facts, h *facts.Handover, k *eventv1.MessageSent) {
	if k.GetAudience() != handoverv1.Audience_AUDIENCE_ALL {
		return
	}
	switch who := (facts.Person{Line: k.GetLine(), ID: k.GetParticipant()}); {
	case who == f.Present.Child:
		w.child = true
	case who.Line == h.From:
		w.sender = true
	case who.Line == h.To:
		w.receiver = true
	}
}

// overrideFault says why an override does not count, or nothing.
func overrideFault(k *eventv1.ConsentOverridden) string {
	switch {
	case k.GetCode() == 0:
		return "without a vital interest"
	case k.GetParticipant() == "" || k.GetSecondPerson() == "" || k.GetParticipant() == k.GetSecondPerson():
		return "by fewer than two persons"
	case slices.Contains(k.GetScopes(), handoverv1.Scope_SCOPE_TRANSCRIPT):
		return "and the transcript was handed over"
	}
	return ""
}

// lost is how long nobody of one line has been there when the other goes on without it.
const lost = 30 * time.Second

// together tells whether everybody whom a bridge names was there, or why one may be missing:
// the child is in fact away and its life or health is in danger, or the sender is gone, or never was there
// because the child came to its closed door.
func (t *transfer) together(now time.Time, h *facts.Handover, k *eventv1.BridgeOpened) bool {
	if k.GetException() == handoverv1.BridgeException_BRIDGE_EXCEPTION_SENDER_LOST {
		return t.Unled() == h && t.Present.Gone(h.From, now, lost) && k.GetSenderParticipant() == "" &&
			t.Present.Counsellor(h.To, k.GetReceiverParticipant()) && k.GetChildParticipant() == t.Present.Child.ID
	}
	if k.GetException() == handoverv1.BridgeException_BRIDGE_EXCEPTION_DOOR_CLOSED {
		return t.Unmanned() == h && k.GetSenderParticipant() == "" && t.Present.Counsellor(h.To, k.GetReceiverParticipant()) &&
			t.ChildThere() && k.GetChildParticipant() == t.Present.Child.ID
	}
	counsellors := t.Present.Counsellor(h.From, k.GetSenderParticipant()) &&
		t.Present.Counsellor(h.To, k.GetReceiverParticipant())
	if k.GetException() != 0 {
		danger := h.Overridden || h.Hastened || h.Risk == handoverv1.RiskLevel_RISK_LEVEL_R4
		return counsellors && danger && !t.ChildThere()
	}
	return counsellors && t.ChildThere() && k.GetChildParticipant() == t.Present.Child.ID
}

// confirms tells whether the receiver's counsellor is in the bridge.
func (t *transfer) confirms(c *climb, h *facts.Handover, k *eventv1.ReceiverConfirmed) bool {
	return t.Present.Counsellor(h.To, k.GetParticipant()) && (!t.Slow() || c.words.receiver)
}

// agrees tells whether the child is in the bridge, and on a slow channel the sender, unless it opened without.
func (t *transfer) agrees(c *climb, h *facts.Handover) bool {
	return t.ChildThere() && (!t.Slow() || (c.words.sender || h.Unled) && c.words.child)
}

// attests tells whether the sender is in the bridge, and says that the child could
// not be reached only where the bridge opened without it. Where it opened without the sender,
// only the child agrees.
func (t *transfer) attests(c *climb, h *facts.Handover, k *eventv1.AgreementAttested) bool {
	unreachable := k.GetReason() == handoverv1.AttestReason_ATTEST_REASON_CHILD_UNREACHABLE
	missing := h.Alone && !t.Present.ChildHere() && !c.words.child
	return !h.Unled && (!unreachable || missing) && (!t.Slow() || c.words.sender)
}
