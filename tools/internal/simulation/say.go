package simulation

import (
	"errors"
	"strings"

	"github.com/stafett/stafett/pkg/event"
	"github.com/stafett/stafett/pkg/handover/command"
	"github.com/stafett/stafett/pkg/handover/deadline"
	"github.com/stafett/stafett/pkg/handover/decide"
	"github.com/stafett/stafett/pkg/invariant"
	"github.com/stafett/stafett/pkg/refusal"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	"github.com/stafett/stafett/tools/internal/simulation/order"
)

// say delivers a command to a replica, for the first time or again.
func (w *world) say(r *replica, m Move) {
	o, before := m.Order, len(w.log.entries)
	id := order.RequestID(m.Request)
	c := call{
		command: o.Build(id, w.directory, order.Scene{Conversation: w.newest.state.Conversation, Now: w.now, Number: uint32(w.moves + 1)}), name: o.Command.Name, caller: "spiffe://stafett.test/line/" + o.Line,
		request: id, hash: o.Hash(), lost: m.Kind == "lost",
	}
	a := w.do(r, c)
	w.heard(m, a, len(w.log.entries)-before)
	w.note(a)
}

// heard asserts I8: a repeated request always gets the same answer, a different body under
// its id is refused, and neither produces an event.
func (w *world) heard(m Move, a answer, appends int) {
	if reason := refusal.ReasonOf(a.err); reason != 0 {
		w.seen.refusals[reason]++
	}
	before, known := w.answers[m.Request]
	switch {
	case a.err != nil && appends > 0:
		w.violated("I8", "a refused command made a commit")
	case !known && a.position > 0:
		w.answers[m.Request] = answered{m.Order, a}
	case !known:
	case appends > 0:
		w.violated("I8", "request %d was carried out twice", m.Request)
	case before.order.Equal(m.Order) && (a.err != nil || a.name != before.answer.name || a.position != before.answer.position):
		w.violated("I8", "request %d was answered %v and now %v", m.Request, before.answer, a)
	case !before.order.Equal(m.Order) && refusal.ReasonOf(a.err) != handoverv1.RefusalReason_REFUSAL_REASON_REQUEST_ID_REUSED:
		w.violated("I8", "another body under request %d was answered %v", m.Request, a)
	}
}

func (w *world) tick(r *replica) {
	tick := w.advance()
	a := w.do(r, call{command: tick, name: command.DefinitionFor(tick).Name, caller: "spiffe://stafett.test/service/routing"})
	w.note(a)
}

func (w *world) advance() decide.Command {
	return deadline.Advance{Rank: w.directory.Rank, Skip: w.directory.Skip, Shut: w.directory.Shut, Keeps: w.directory.Keeps, Door: w.directory.Door}
}

// appended passes a new commit to the invariant checker.
func (w *world) appended(e entry) {
	known := len(w.checker.Violations())
	w.checker.Add(invariant.Recorded{Position: e.position, Commit: e.append, PayloadHash: e.hash[:]})
	w.judged(w.checker.Violations()[known:])
	w.seen.events(e.append.Events)
	if w.tell != nil {
		w.tell("  %s %s", e.append.RecordTime.AsTime().Format("15:04:05"), strings.Join(event.Names(e.append.Events), ", "))
	}
}

// judged reports the checker's findings, except that the platform was late: here the
// schedule decides when its timers fire.
func (w *world) judged(violations []invariant.Violation) {
	for _, v := range violations {
		if !v.Late {
			w.violated(v.Invariant, "%s", v.Message)
		}
	}
}

// note writes the answer to a command to the account, if there is one.
func (w *world) note(a answer) {
	if w.tell == nil {
		return
	}
	var refused *refusal.Error
	switch {
	case errors.As(a.err, &refused):
		w.tell("  refused %s: %s", refused.Name(), refused.Message)
	case a.err != nil:
		w.tell("  error %v", a.err)
	case a.again:
		w.tell("  answered again")
	case a.position == 0:
		w.tell("  nothing to do")
	}
}
