package line

import (
	"context"
	"errors"
	"slices"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/client"
	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/sealing"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	"github.com/stafett/stafett/services/desk/internal/talk"
)

// again is how long after a failure it is tried again to read or to keep words.
const again = 5 * time.Second

// meta is what the log says of a message.
type meta struct {
	id, from, line string
	beside         bool
	time           time.Time
}

// follow watches a conversation from its beginning, so that what a crash interrupted is done after it, and does
// what becomes due in it.
func (l *Line) follow(e *entry) {
	l.always("a conversation was not followed", func(ctx context.Context) error { return l.watch(ctx, e) }, "conversation", e.name)
	l.run(func(ctx context.Context) { l.keepUp(ctx, e) })
}

// watch is over once the conversation has ended for this line, or this line may not see it.
func (l *Line) watch(ctx context.Context, e *entry) error {
	request := &intakev1.WatchConversationRequest{Name: e.name}
	err := client.Watch(ctx, l.Platform.Intake.WatchConversation, request, func(r *intakev1.WatchConversationResponse) error {
		return l.happened(ctx, e, r)
	})
	switch status.Code(err) {
	case codes.OK:
		l.ended(ctx, e)
		return errOver
	case codes.NotFound, codes.PermissionDenied:
		l.fail("a conversation is not followed any more", err, "conversation", e.name)
		return errOver
	}
	return err
}

// happened takes what the platform streams of a conversation.
func (l *Line) happened(ctx context.Context, e *entry, r *intakev1.WatchConversationResponse) error {
	l.note(e, r)
	words, err := l.read(ctx, e, r)
	if err != nil {
		return err
	}
	if err := l.surely(ctx, e, func() error { return l.heard(e, words) }); err != nil {
		return err
	}
	for _, event := range r.Events {
		if err := l.react(e, event); err != nil {
			return err
		}
	}
	l.changed(e)
	return nil
}

// read reads what came, once what cannot be read yet is kept.
func (l *Line) read(ctx context.Context, e *entry, r *intakev1.WatchConversationResponse) (words []sealing.Words, err error) {
	err = l.surely(ctx, e, func() error {
		read, err := l.Keys.Read(ctx, e.name, r)
		if err != nil && !sealing.Never(err) {
			return err
		}
		l.fail("something of a conversation cannot be read", err, "conversation", e.name)
		words = read
		return nil
	})
	return words, err
}

// surely keeps words until that succeeds, as it does not on a full disk: they would not come again before a restart.
func (l *Line) surely(ctx context.Context, e *entry, keep func() error) error {
	for {
		err := keep()
		if err == nil {
			return nil
		}
		l.fail("words were not kept; it is tried again", err, "conversation", e.name)
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(again):
		}
	}
}

// note keeps where messages come from, until their words can be read.
func (l *Line) note(e *entry, r *intakev1.WatchConversationResponse) {
	l.mu.Lock()
	defer l.mu.Unlock()
	e.position = max(e.position, r.Position)
	for _, event := range r.Events {
		sent := event.GetMessageSent()
		at := slices.IndexFunc(r.Messages, func(m *intakev1.SealedMessage) bool { return m.Message == sent.GetMessage() })
		if sent != nil && at >= 0 {
			e.meta[sent.Message] = meta{
				id: r.Messages[at].Item, from: sent.Participant, line: handover.LineName(sent.Line),
				beside: sent.Audience == handoverv1.Audience_AUDIENCE_COUNSELLORS, time: r.RecordTime.AsTime(),
			}
		}
	}
}

// heard keeps words that can be read now.
func (l *Line) heard(e *entry, words []sealing.Words) error {
	for _, said := range words {
		l.mu.Lock()
		m, own := e.meta[said.Message], e.Message(e.meta[said.Message].id) != nil
		l.mu.Unlock()
		if own || m.id == "" {
			continue
		}
		err := l.edit(e, func(t *talk.Talk) {
			t.Add(talk.Message{ID: m.id, From: m.from, Line: m.line, Beside: m.beside, Text: said.Text, Time: m.time})
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// react does what the line's system owes after an event.
func (l *Line) react(e *entry, event *eventv1.Event) error {
	switch kind := event.Kind.(type) {
	case *eventv1.Event_OfferAccepted:
		l.grant(e)
		if kind.OfferAccepted.Line == l.ID {
			return l.left(e, false)
		}
	case *eventv1.Event_CustodyTransferred:
		l.grant(e)
		if kind.CustodyTransferred.ToLine == l.ID {
			return l.left(e, false)
		}
	case *eventv1.Event_SenderLost:
		l.grant(e)
	case *eventv1.Event_SenderLeft:
		l.grant(e)
		if kind.SenderLeft.Line == l.ID {
			return l.left(e, true)
		}
	case *eventv1.Event_AccessGranted:
		if kind.AccessGranted.Receiver == l.ID && kind.AccessGranted.Part != handoverv1.Scope_SCOPE_UNSPECIFIED {
			l.openPacket(e)
		}
	}
	return nil
}

func (l *Line) left(e *entry, left bool) error {
	if l.snapshot(e).Left == left {
		return nil
	}
	return l.edit(e, func(t *talk.Talk) { t.Left = left })
}

// ended keeps that a conversation has closed, or is not this line's any more.
func (l *Line) ended(ctx context.Context, e *entry) {
	l.look(ctx, e)
	err := l.edit(e, func(t *talk.Talk) { t.Closed = l.Now() })
	l.fail("the end of a conversation was not kept", err, "conversation", e.name)
	l.changed(e)
}

// keepUp looks at a conversation and sends what waits, whenever there is news; and now and then it tries
// again to read what could not be checked or read when it came.
func (l *Line) keepUp(ctx context.Context, e *entry) {
	late := time.NewTicker(again)
	defer late.Stop()
	for l.snapshot(e).Closed.IsZero() {
		l.look(ctx, e)
		l.relay(ctx, e)
		select {
		case <-ctx.Done():
			return
		case <-e.news:
		case <-late.C:
			l.again(ctx, e)
		}
	}
}

func (l *Line) again(ctx context.Context, e *entry) {
	words, err := l.Keys.Again(ctx, e.name)
	l.fail("something of a conversation cannot be read", err, "conversation", e.name)
	l.surely(ctx, e, func() error { return l.heard(e, words) })
}

// look reads a conversation as it is now, at least as new as what was seen of it.
func (l *Line) look(ctx context.Context, e *entry) {
	l.mu.Lock()
	position := e.position
	l.mu.Unlock()
	var c *intakev1.Conversation
	err := client.Retry(ctx, func(ctx context.Context) (err error) {
		c, err = l.Platform.Intake.GetConversation(ctx, &intakev1.GetConversationRequest{Name: e.name, MinPosition: position})
		return err
	})
	if err != nil {
		l.fail("a conversation was not read", err, "conversation", e.name)
		return
	}
	if l.learn(e, c, l.status(ctx, e, c, position), position) {
		l.Hub.Changed(e.name)
	}
}

// learn keeps what was read, unless something newer was, and reports whether anything is different now.
func (l *Line) learn(e *entry, c *intakev1.Conversation, status *intakev1.ChildStatus, position uint64) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if position < e.looked {
		return false
	}
	changed := !proto.Equal(c, e.conversation) || !proto.Equal(status, e.status)
	e.conversation, e.status, e.looked = c, status, position
	return changed
}

// status is what the child is told, where its window is at this line; the last known if it cannot be read.
func (l *Line) status(ctx context.Context, e *entry, c *intakev1.Conversation, position uint64) *intakev1.ChildStatus {
	if l.snapshot(e).Child == "" || c.LegLine != l.Name() || c.CloseTime != nil {
		return nil
	}
	last, said := l.snapshot(e).Status, (*intakev1.ChildStatus)(nil)
	err := client.Retry(ctx, func(ctx context.Context) (err error) {
		said, err = l.Platform.Intake.GetChildStatus(ctx, &intakev1.GetChildStatusRequest{Name: e.name + "/childStatus", MinPosition: position})
		return err
	})
	if err == nil {
		return said
	}
	if !errors.Is(err, context.Canceled) {
		l.fail("what the child is told was not read", err, "conversation", e.name)
	}
	return last
}
