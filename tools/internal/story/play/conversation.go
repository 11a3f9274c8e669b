package play

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"slices"

	"github.com/stafett/stafett/pkg/client"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	"github.com/stafett/stafett/tools/internal/story"
)

// watchConversation makes a line's system read the conversation from now on.
func (p *player) watchConversation(ctx context.Context, line string) {
	intake := p.lines[line].Intake
	w := &watch{texts: map[uint64]string{}}
	p.board.change(func() { p.board.watches[line] = w })
	p.spawn(ctx, func() error {
		request := &intakev1.WatchConversationRequest{Name: p.played.Conversation}
		err := client.Watch(ctx, intake.WatchConversation, request, func(r *intakev1.WatchConversationResponse) error { return p.read(w, r) })
		p.board.change(func() { w.ended = err == nil })
		return err
	})
}

// read takes one commit that a line sees, and opens the message in it.
func (p *player) read(w *watch, r *intakev1.WatchConversationResponse) error {
	text, err := p.words(r)
	if err != nil {
		return fmt.Errorf("position %d: %w", r.Position, err)
	}
	p.board.change(func() {
		w.position = r.Position
		if len(r.Messages) > 0 {
			w.texts[r.Position] = text
		}
	})
	return nil
}

// words opens the message of a commit, and checks it against the commitment in the log.
func (p *player) words(r *intakev1.WatchConversationResponse) (string, error) {
	for _, m := range r.Messages {
		commitment := sha256.Sum256(slices.Concat(m.Salt, m.Sealed))
		committed := slices.ContainsFunc(r.Events, func(e *eventv1.Event) bool {
			return bytes.Equal(e.GetMessageSent().GetCommitment(), commitment[:])
		})
		if !committed {
			return "", fmt.Errorf("message %d is not the one that the log has committed to", m.Message)
		}
		return p.seal.open(m.Sealed, p.played.Conversation)
	}
	return "", nil
}

// arrived waits until every watching line has received a message, and returns those lines.
// They must include the child's line and another one.
func (p *player) arrived(ctx context.Context, position uint64, text string) ([]string, error) {
	ctx, cancel := p.patient(ctx)
	defer cancel()
	var reached []string
	err := p.board.await(ctx, "what was said has not reached every line", func() bool {
		reached = nil
		for line, w := range p.board.watches {
			if w.position < position && !w.ended {
				return false
			}
			if said, ok := w.texts[position]; ok && said == text {
				reached = append(reached, line)
			}
		}
		return true
	})
	slices.Sort(reached)
	if err == nil && (len(reached) < 2 || !slices.Contains(reached, p.leg)) {
		err = fmt.Errorf("it reached %v as it was said; expected it to reach the child's line and the other one", reached)
	}
	return reached, err
}

// unsealed opens a packet that the receiver fetched, and checks that it is what the
// sender sealed.
func (p *player) unsealed(packet *intakev1.OpenPacketResponse) ([]Part, error) {
	var parts []Part
	for _, part := range packet.Parts {
		text, err := p.seal.open(part.Sealed, p.played.Conversation)
		if err != nil {
			return nil, fmt.Errorf("the part %s cannot be read: %w", story.Code(part.Part), err)
		}
		if sealed := p.sealed[sealedKey(p.handover, part.Part)]; text != sealed {
			return nil, fmt.Errorf("the part %s reads %q; expected %q", story.Code(part.Part), text, sealed)
		}
		parts = append(parts, Part{part.Part, text})
	}
	return parts, nil
}
