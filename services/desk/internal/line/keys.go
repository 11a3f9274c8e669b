package line

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/stafett/stafett/pkg/client"
	"github.com/stafett/stafett/pkg/sealing"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	"github.com/stafett/stafett/services/desk/internal/talk"
)

// publish publishes the line's keys, and looks once an hour whether they have to be replaced. A key that
// somebody else published in the line's name is shown and never revoked by the desk itself.
func (l *Line) publish(ctx context.Context) {
	for every := time.NewTicker(time.Hour); ; {
		err := client.Retry(ctx, l.Keys.Publish)
		l.fail("the line's keys were not published", err)
		l.troubled(err)
		select {
		case <-ctx.Done():
			every.Stop()
			return
		case <-every.C:
		}
	}
}

func (l *Line) troubled(err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case errors.Is(err, sealing.ErrForeignKey):
		l.trouble = "foreign_key"
	case err != nil:
		l.trouble = "no_platform"
	default:
		l.trouble = ""
	}
}

// Trouble names why the line cannot work with the platform, or is "".
func (l *Line) Trouble() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.trouble
}

// grant gives the other line of the current handover the keys that this line owes it.
func (l *Line) grant(e *entry) {
	l.repeatedly("keys were not granted", e, func(ctx context.Context) error {
		l.look(ctx, e)
		h := l.snapshot(e).Handover()
		if h == nil || h.ToLine == "" || h.FromLine != l.Name() && h.ToLine != l.Name() {
			return nil
		}
		return l.Keys.Grant(ctx, h.Name)
	})
}

// openPacket opens what the sender granted, and keeps it.
func (l *Line) openPacket(e *entry) {
	l.repeatedly("the packet was not opened", e, func(ctx context.Context) error {
		l.look(ctx, e)
		h := l.snapshot(e).Handover()
		if h == nil || h.ToLine != l.Name() || l.opened(e, h) {
			return nil
		}
		parts, err := l.Keys.Open(ctx, h.Name)
		if err != nil {
			return err
		}
		return l.keepPacket(e, h.Name, parts)
	})
}

// opened: every part of the handover's packet is kept, so that a restart does not open it again.
func (l *Line) opened(e *entry, h *routingv1.Handover) bool {
	packet := l.snapshot(e).Packet
	return len(packet) > 0 && len(packet) == len(h.PacketParts) &&
		!slices.ContainsFunc(packet, func(p talk.Part) bool { return p.Handover != h.Name || p.Text == "" })
}

func (l *Line) keepPacket(e *entry, handover string, parts []sealing.Part) error {
	err := l.edit(e, func(t *talk.Talk) {
		t.Packet = nil
		for _, part := range parts {
			t.Packet = append(t.Packet, talk.Part{Handover: handover, Scope: part.Scope, Text: part.Text})
		}
	})
	if err == nil {
		l.changed(e)
	}
	return err
}
