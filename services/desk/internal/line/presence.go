package line

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/stafett/stafett/pkg/client"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
)

// present is how long somebody counts as present after their window last answered.
const present = 30 * time.Second

// childKey and staffKey name the windows of a child and of one of the line's people.
func childKey(conversation string) string { return "child/" + conversation }
func staffKey(person string) string       { return "staff/" + person }

// ChildIsHere and StaffIsHere note that a window answered.
func (l *Line) ChildIsHere(conversation string) { l.isHere(childKey(conversation)) }
func (l *Line) StaffIsHere(person string)       { l.isHere(staffKey(person)) }

func (l *Line) isHere(window string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.seen[window] = l.Now()
}

// isGone notes that a window is certain not to answer any more.
func (l *Line) isGone(window string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.seen[window] = l.Now().Add(-present)
}

// answered says whether a window answered lately, and whether it is certain that none did: after a
// restart the windows have time to come back.
func (l *Line) answered(window string) (here, away bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	last, known := l.seen[window]
	if !known {
		last = l.began
	}
	recent := l.Now().Sub(last) < present
	return known && recent, !recent
}

// attend keeps the platform's view of who is present in step with the windows.
func (l *Line) attend(ctx context.Context) {
	every := time.NewTicker(2 * time.Second)
	defer every.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-every.C:
		}
		for _, e := range l.open() {
			l.attendTo(ctx, l.snapshot(e))
		}
	}
}

func (l *Line) attendTo(ctx context.Context, v View) {
	for _, p := range v.Conversation.GetParticipants() {
		if p.Line != l.Name() || p.Left {
			continue
		}
		window := staffKey(p.Id)
		if p.Role == handoverv1.Role_ROLE_CHILD {
			window = childKey(v.Name)
		}
		switch here, away := l.answered(window); {
		case p.Present && away:
			l.lost(ctx, v, p.Id)
		case !p.Present && here:
			l.back(ctx, v, p)
		}
	}
}

// lost records that a window does not answer any more. That is not leaving.
func (l *Line) lost(ctx context.Context, v View, participant string) {
	ctx, cancel := context.WithTimeout(ctx, Patience)
	defer cancel()
	_, err := client.Send(ctx, l.Platform.Intake.DisconnectParticipant, &intakev1.DisconnectParticipantRequest{Conversation: v.Name, Participant: participant})
	l.fail("a lost window was not recorded", err, "conversation", v.Name)
	l.refresh(ctx, v.Name)
}

// back records that somebody whose window was lost is there again.
func (l *Line) back(ctx context.Context, v View, p *intakev1.Participant) {
	ctx, cancel := context.WithTimeout(ctx, Patience)
	defer cancel()
	err := l.join(ctx, v, uuid.NewString(), p.Id, p.Role)
	l.fail("a window that came back was not recorded", err, "conversation", v.Name)
	l.refresh(ctx, v.Name)
}

// join records that somebody is there: a receiver's first counsellor joins the handover, others the
// conversation.
func (l *Line) join(ctx context.Context, v View, request, participant string, role handoverv1.Role) error {
	if h := v.Handover(); h.GetState() == handoverv1.HandoverState_HANDOVER_STATE_ACCEPTED && h.ToLine == l.Name() && role == handoverv1.Role_ROLE_COUNSELLOR {
		_, err := client.Send(ctx, l.Platform.Routing.JoinHandover, &routingv1.JoinHandoverRequest{RequestId: request, Handover: h.Name, Participant: participant})
		if client.Reason(err) != "RECEIVER_JOINED" {
			return err
		}
	}
	_, err := client.Send(ctx, l.Platform.Intake.JoinConversation, &intakev1.JoinConversationRequest{RequestId: request, Conversation: v.Name, Participant: participant, Role: role})
	return err
}
