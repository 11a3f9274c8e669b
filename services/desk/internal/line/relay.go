package line

import (
	"context"
	"errors"

	"github.com/stafett/stafett/pkg/client"
	"github.com/stafett/stafett/pkg/sealing"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	"github.com/stafett/stafett/services/desk/internal/talk"
)

// Say keeps a message, and sends it to the other line if that is there. It is acknowledged once it is
// kept. Written again under the same id, it counts once.
func (l *Line) Say(name string, m talk.Message) error {
	e := l.find(name)
	if e == nil {
		return ErrUnknown
	}
	m.Line, m.Time = l.Name(), l.Now()
	if v := l.snapshot(e); m.Beside || v.Conversation == nil || v.Shared() {
		m.Sending = talk.Waiting
	}
	err := l.edit(e, func(t *talk.Talk) { t.Add(m) })
	if err == nil {
		l.changed(e)
	}
	return err
}

// relay sends what waits, in order, and stops at what cannot be sent yet. Words for a bridge that is over
// stay here: the next one is with another line.
func (l *Line) relay(ctx context.Context, e *entry) {
	v := l.snapshot(e)
	for _, m := range v.Messages {
		switch {
		case m.Sending != talk.Waiting:
		case v.Conversation == nil:
			return
		case m.Sealed == nil && !m.Beside && !v.Shared():
			l.fail("a message was not kept", l.sending(e, m.ID, talk.Here), "conversation", e.name)
		case !l.sent(ctx, e, m):
			return
		}
	}
}

// sent sends one message and reports whether the next may follow.
func (l *Line) sent(ctx context.Context, e *entry, m talk.Message) bool {
	request := &intakev1.SendMessageRequest{RequestId: m.ID, Conversation: e.name, Participant: m.From, Audience: audience(m), Sealed: m.Sealed}
	if request.Sealed == nil {
		if err := l.sealed(ctx, e, request, m.Text); err != nil {
			if !errors.Is(err, sealing.ErrNotYet) {
				l.fail("a message was not sealed", err, "conversation", e.name)
			}
			return false // the key comes with news
		}
	}
	_, err := client.Send(ctx, l.Platform.Intake.SendMessage, request)
	if ctx.Err() != nil {
		return false
	}
	l.fail("a message was not relayed", err, "conversation", e.name)
	return l.sending(e, m.ID, outcome(m, err)) == nil
}

// sealed seals a message and keeps the blob, so that a repeat is the same request.
func (l *Line) sealed(ctx context.Context, e *entry, request *intakev1.SendMessageRequest, text string) error {
	if err := l.Keys.Seal(ctx, request, text); err != nil {
		return err
	}
	return l.edit(e, func(t *talk.Talk) { t.Message(request.RequestId).Sealed = request.Sealed })
}

func (l *Line) sending(e *entry, id string, now talk.Sending) error {
	err := l.edit(e, func(t *talk.Talk) {
		m := t.Message(id)
		m.Sending, m.Sealed = now, nil
	})
	l.Hub.Changed(e.name)
	return err
}

// outcome is what became of a message. Words between the child and this line that came too late or too
// early to be relayed stay in the line's own windows.
func outcome(m talk.Message, err error) talk.Sending {
	switch {
	case err == nil:
		return talk.Sent
	case client.Reason(err) == "NOT_RELAYED" && !m.Beside:
		return talk.Here
	default:
		return talk.Failed
	}
}

func audience(m talk.Message) handoverv1.Audience {
	if m.Beside {
		return handoverv1.Audience_AUDIENCE_COUNSELLORS
	}
	return handoverv1.Audience_AUDIENCE_ALL
}
