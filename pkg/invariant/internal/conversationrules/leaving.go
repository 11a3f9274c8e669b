package conversationrules

import (
	"github.com/stafett/stafett/pkg/invariant/internal/facts"
	"github.com/stafett/stafett/pkg/invariant/internal/rule"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
)

// leaving checks I3: the last counsellor of the line with custody does not leave
// while the child is present, and the sender leaves only after custody has moved,
// and not a present child with whom nobody of the receiver is. Losing the
// connection is not leaving.
type leaving struct {
	rule.Base
	*facts.Facts
	// moved is the line that custody left in each handover.
	moved map[uint32]string
	// overlap is the line that has handed over and not left yet.
	overlap string
}

func NewLeaving(f rule.Base, known *facts.Facts) rule.Walker {
	return &leaving{Base: f, Facts: known, moved: map[uint32]string{}}
}

func (l *leaving) Event(s facts.Step) {
	switch k := s.Kind.(type) {
	case *eventv1.ParticipantLeft:
		l.left(s, k)
	case *eventv1.CustodyTransferred:
		l.moved[k.GetHandover()] = k.GetFromLine()
		l.overlap = k.GetFromLine()
		if k.GetReason() != 0 {
			l.overlap = ""
			delete(l.moved, k.GetHandover())
		}
	case *eventv1.SenderLeft:
		l.senderLeft(s, k)
		l.overlap = ""
	}
}

// left looks at who is there before the event. Whoever is not the child counts as
// a counsellor, also one who had been cut off and now says that it was meant.
func (l *leaving) left(s facts.Step, k *eventv1.ParticipantLeft) {
	l.Applies()
	who := facts.Person{Line: k.GetLine(), ID: k.GetParticipant()}
	if who == l.Present.Child || !l.Present.ChildHere() || l.Present.CounsellorBeside(who) {
		return
	}
	switch {
	case l.Slow(): // nobody is expected to be there
	case who.Line == l.Holder:
		l.Violated(s.Mark, "the last counsellor of %q left a present child of whom it has custody", l.Holder)
	case who.Line == l.overlap && !l.Present.AnybodyOf(l.Holder):
		l.Violated(s.Mark, "the last counsellor of %q left a present child with whom nobody of %q was", l.overlap, l.Holder)
	}
}

func (l *leaving) senderLeft(s facts.Step, k *eventv1.SenderLeft) {
	l.Applies()
	switch from, moved := l.moved[k.GetHandover()]; {
	case !moved:
		l.Violated(s.Mark, "the sender left handover %d before custody had moved", k.GetHandover())
	case k.GetLine() != from:
		l.Violated(s.Mark, "%q left as the sender of handover %d, which is %q", k.GetLine(), k.GetHandover(), from)
	case l.leavesAlone(s, from):
		l.Violated(s.Mark, "%q left a present child with whom nobody of %q was", from, l.Holder)
	}
}

// leavesAlone tells whether somebody of the sender is with the child, and nobody
// of the line that has custody now, or gets it with this commit. If nobody of either is there, nobody leaves.
func (l *leaving) leavesAlone(s facts.Step, from string) bool {
	if next, moves := facts.Find[*eventv1.CustodyTransferred](s.Commit); moves && l.Present.AnybodyOf(next.GetToLine()) {
		return false
	}
	return !l.Slow() && l.Present.ChildHere() && l.Present.AnybodyOf(from) && !l.Present.AnybodyOf(l.Holder)
}
