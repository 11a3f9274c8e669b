package play

import (
	"context"
	"fmt"
	"slices"

	"github.com/stafett/stafett/pkg/client"
	"github.com/stafett/stafett/pkg/sealing"
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
		err := client.Watch(ctx, intake.WatchConversation, request, func(r *intakev1.WatchConversationResponse) error { return p.read(ctx, line, w, r) })
		p.board.change(func() { w.ended = err == nil })
		return err
	})
}

// read takes one commit that a line sees, with what its system can open by now.
func (p *player) read(ctx context.Context, line string, w *watch, r *intakev1.WatchConversationResponse) error {
	var words []sealing.Words
	err := p.retry(ctx, func(ctx context.Context) (err error) {
		words, err = p.systems[line].Read(ctx, p.played.Conversation, r)
		return err
	})
	if err != nil {
		return fmt.Errorf("position %d: %w", r.Position, err)
	}
	p.board.change(func() {
		w.position = r.Position
		for _, said := range words {
			w.texts[said.Position] = said.Text
		}
	})
	return nil
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
func (p *player) unsealed(ctx context.Context, line string, packet *intakev1.OpenPacketResponse) ([]Part, error) {
	var opened []sealing.Part
	err := p.retry(ctx, func(ctx context.Context) (err error) {
		opened, err = p.systems[line].Parts(ctx, p.handover, packet)
		return err
	})
	if err != nil {
		return nil, err
	}
	var parts []Part
	for i, part := range opened {
		if sealed := p.sealed[sealedKey(p.handover, part.Scope)]; part.Text != sealed && packet.Parts[i].Grant != nil {
			return nil, fmt.Errorf("the part %s reads %q; expected %q", story.Code(part.Scope), part.Text, sealed)
		}
		parts = append(parts, Part{part.Scope, part.Text})
	}
	return parts, nil
}
