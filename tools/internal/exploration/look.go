package exploration

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/command"
	"github.com/stafett/stafett/pkg/handover/deadline"
	"github.com/stafett/stafett/pkg/handover/decide"
	"github.com/stafett/stafett/pkg/refusal"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	statev1 "github.com/stafett/stafett/proto/stafett/state/v1"
	"github.com/stafett/stafett/tools/internal/simulation/order"
	"github.com/stafett/stafett/tools/internal/simulation/soundness"
)

// look is the result of exploring one state.
type look struct {
	next     []place
	breaches []soundness.Breach
	err      error
}

// lookAt gives every command in a state, advances time, and asserts the state's
// invariants.
func lookAt(s *handover.State, handovers int) (l look) {
	l.breaches = soundness.Of(s.Conversation)
	for _, o := range alphabet(s.Conversation, handovers) {
		l.tries(s, o, o.Build(requestID, directory, order.Scene{Conversation: s.Conversation, Now: now}), now)
	}
	l.free(s.Conversation)
	l.help(s)
	l.waits(s)
	return l
}

// free asserts that the child may always refuse, withdraw its consent, and leave.
func (l *look) free(c *statev1.Conversation) {
	h := handover.Of(c).Current().Handover
	said := h.GetConsent().GetRefused() || h.GetConsent().GetWithdrawn()
	before := h.GetState() == handoverv1.HandoverState_HANDOVER_STATE_PROPOSED || h.GetState() == handoverv1.HandoverState_HANDOVER_STATE_CONSENT_ASKED
	after := h.GetState() >= handoverv1.HandoverState_HANDOVER_STATE_ROUTING && h.GetState() <= handoverv1.HandoverState_HANDOVER_STATE_AWAITING_OUTCOME
	open := c.CloseTime == nil
	l.may(open && before && !said, &intakev1.RefuseConsentRequest{})
	l.may(open && after && !said, &intakev1.WithdrawConsentRequest{})
	l.may(open && handover.Of(c).Child().Present, &intakev1.LeaveConversationRequest{Participant: child})
}

// help asserts that help may be called wherever an adult has custody of the child or is
// alone with it, and that this does nothing else. Where a child has disappeared, it is a decision as well.
func (l *look) help(s *handover.State) {
	c := handover.Of(s.Conversation)
	for _, line := range lines {
		alone := c.Child().GetPresent() && c.Counsellors(line) > 0 && c.Counsellors(c.Custody.GetLine()) == 0
		call := command.CallEmergency{Line: line, Participant: line + "1", Service: handoverv1.EmergencyService_EMERGENCY_SERVICE_MEDICAL}
		decision, err := command.Decide(s, call, now, rules())
		if may := c.CloseTime == nil && (line == c.Custody.GetLine() || alone); may && (err != nil || len(decision.Events) != 1 && !c.Disappeared()) {
			l.breaches = append(l.breaches, soundness.Breach{Rule: "I17", Message: "help of " + line + " is refused, or does more than call"})
		}
	}
}

// may asserts that a request of the child's was accepted where that is expected.
func (l *look) may(expected bool, request proto.Message) {
	given := func(p place) bool { return proto.Equal(p.by.Request, request) }
	if expected && !slices.ContainsFunc(l.next, given) {
		command := command.DefinitionOf(request).Name
		l.breaches = append(l.breaches, soundness.Breach{Rule: "freedom", Message: command + " of the child is refused"})
	}
}

// waits advances time to the next deadline.
func (l *look) waits(s *handover.State) {
	due, waiting := deadline.Due(s.Conversation)
	if !waiting {
		return
	}
	if due.Before(now) {
		due = now
	}
	before := len(l.next)
	l.tries(s, order.Order{}, deadline.Advance{Rank: rank}, due)
	if len(l.next) == before {
		l.breaches = append(l.breaches, soundness.Breach{Rule: "progress", Message: fmt.Sprintf("at %s the platform does nothing", due)})
		return
	}
	l.next[before].timer = true
}

// tries decides a command and follows it to the next state, unless it is refused. An empty
// order means that time passes.
func (l *look) tries(s *handover.State, by order.Order, c decide.Command, at time.Time) {
	decision, err := command.Decide(s, c, at, rules())
	var refused *refusal.Error
	if errors.As(err, &refused) || err == nil && len(decision.Events) == 0 {
		return
	}
	p := place{by: by}
	if err == nil {
		p.state, p.took, err = after(s, decision.Events, at)
	}
	if err == nil {
		p.key, err = keyOf(p.state)
	}
	if err != nil {
		l.err = fmt.Errorf("%s: %w", by, err)
	}
	l.next = append(l.next, p)
}
