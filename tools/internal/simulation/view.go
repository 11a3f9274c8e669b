package simulation

import (
	"slices"

	"github.com/stafett/stafett/pkg/event"
	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/view"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
)

// views asserts what lines may see: a line that was never a party sees nothing at all, and
// no line sees the packet of a handover that it neither gave nor took.
func (w *world) views(which int) {
	s := w.newest.state
	for i, line := range Lines {
		if handover.PartiesOf(s).Included(line) && i != which%len(Lines) {
			continue
		}
		seen, err := view.Conversation(s, line)
		if !handover.PartiesOf(s).Included(line) && err == nil {
			w.violated("view", "%s was never a party and sees the conversation", line)
		}
		for _, h := range seen.GetHandovers() {
			w.viewed(line, h)
		}
		w.read(s, line)
	}
}

// viewed asserts that a line sees handovers that it gave or took, and, of one that it
// took, only the parts of the packet that consent covers. One that only carries the child's leg sees nothing of the packet, of
// what it is about, or of the lines that were asked in vain.
func (w *world) viewed(line string, h *routingv1.Handover) {
	named := handover.LineName(line)
	switch {
	case h.FromLine != named && h.ToLine != named && w.relays(line, h):
	case h.FromLine != named && h.ToLine != named:
		w.violated("I6", "%s sees %s, which it neither gave nor took", line, h.Name)
	case h.ToLine == named && h.FromLine != named:
		for _, p := range h.PacketParts {
			if !slices.Contains(h.Consent.Given, p.Part) {
				w.violated("I6", "%s sees %s of %s, which consent does not cover", line, p.Part, h.Name)
			}
		}
	}
}

// relays reports whether a line carries the child's leg, and sees no more of a handover than that needs.
func (w *world) relays(line string, h *routingv1.Handover) bool {
	leg := w.newest.state.Conversation.LegLine == line
	accepted := len(h.Offers) == 1 && h.Offers[0].Line == h.ToLine
	return leg && accepted && h.Header == nil && h.Routing == nil && h.Trial == nil && len(h.PacketParts)+len(h.Candidates) == 0
}

// read checks the events that a line may read.
func (w *world) read(s *handover.State, line string) {
	for _, e := range w.log.entries {
		for _, what := range view.Events(s, e.append, e.position, line) {
			if !handover.PartiesOf(s).Included(line) {
				w.violated("view", "%s was never a party and reads %s", line, event.Name(what))
			}
			w.readPacket(s, line, what)
		}
	}
}

func (w *world) readPacket(s *handover.State, line string, what *eventv1.Event) {
	sealed := what.GetPacketSealed()
	if sealed == nil {
		return
	}
	if h := s.Conversation.Handovers[sealed.Handover-1]; h.FromLine != line && h.ToLine != line {
		w.violated("I6", "%s reads of the packet of %s, which it neither gave nor took", line, h.Name)
	}
}
