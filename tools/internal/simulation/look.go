package simulation

import (
	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/command"
	"github.com/stafett/stafett/pkg/handover/deadline"
	"github.com/stafett/stafett/tools/internal/simulation/soundness"
)

// look asserts the invariants of the newest state, once for each commit.
func (w *world) look(r *replica) {
	if len(w.log.entries) == w.looked {
		return
	}
	w.looked, w.newest = len(w.log.entries), r
	if r.state.HeadPosition != w.log.head() {
		w.violated("I12", "the replica that appended does not know the newest commit")
		return
	}
	for _, breach := range soundness.Of(r.state.Conversation) {
		w.violated(breach.Rule, "%s", breach.Message)
	}
	w.seen.states(r.state.Conversation)
	w.progress(r)
}

// progress asserts that the platform acts when a deadline fires.
func (w *world) progress(r *replica) {
	due, waiting := deadline.Due(r.state.Conversation)
	if !waiting || w.moves%sample != 0 {
		return
	}
	decision, err := command.Decide(r.state, w.advance(), due, w.rules)
	if err != nil || len(decision.Events) == 0 {
		w.violated("progress", "at %s, when something is due, the platform does nothing (error %v)", due, err)
	}
}

// withdrawn asserts that no line that can take nobody is being asked or promised, once the platform
// has looked.
func (w *world) withdrawn(r *replica) {
	for h := range handover.Of(r.state.Conversation).Handovers() {
		if h.Promised() && w.shut[h.Slot.Line] && h.Deadline.AsTime().After(r.time(w.now)) && r.state.Conversation.CloseTime == nil {
			w.violated("I14", "%s is still promised for %s, although it can take nobody", h.Slot.Line, h.Slot.StartTime.AsTime())
		}
	}
	if k := handover.Of(r.state.Conversation).OpenConsultation(); k.Exists() && !k.Accepted() && w.shut[k.Line] {
		w.violated("I14", "%s is still asked for advice, although it can take nobody", k.Line)
	}
	h := handover.Of(r.state.Conversation).Current()
	for o := range h.Offers() {
		if o.Open() && w.shut[o.Line] && h.State == handover.Offered && !h.Stopped() {
			w.violated("I14", "%s is still asked, although it can take nobody", o.Line)
		}
	}
}

// sample is the number of moves per progress check. The drain of each schedule and package
// exploration check every one.
const sample = 4

// same asserts that the state of every replica that knows the entire log is, byte for
// byte, the one that the stored bytes produce.
func (w *world) same() {
	rebuilt, err := w.log.rebuild()
	if err != nil {
		w.violated("I12", "%v", err)
		return
	}
	want := bytesOf(rebuilt.state)
	for i, r := range w.replicas {
		w.catchUp(r)
		if string(bytesOf(r.state)) != string(want) {
			w.violated("I12", "replica %d has another state than the log makes", i)
		}
	}
}

func bytesOf(s *handover.State) []byte {
	stored, err := proto.MarshalOptions{Deterministic: true}.Marshal(s)
	if err != nil {
		panic(err) // a message without required fields always marshals
	}
	return stored
}
