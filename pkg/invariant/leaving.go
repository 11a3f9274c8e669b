package invariant

import eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"

// leaving checks I3: the last counsellor of the line with custody does not leave
// while the child is present, and the sender leaves only after custody has moved,
// and not a present child with whom nobody of the receiver is. Losing the
// connection is not leaving.
type leaving struct {
	*finder
	*facts
	// moved is the line that custody left in each handover.
	moved map[uint32]string
	// overlap is the line that has handed over and not left yet.
	overlap string
}

func newLeaving(f *finder, facts *facts) walker {
	return &leaving{finder: f, facts: facts, moved: map[uint32]string{}}
}

func (l *leaving) event(s step) {
	switch k := s.kind.(type) {
	case *eventv1.ParticipantLeft:
		l.left(s, k)
	case *eventv1.CustodyTransferred:
		l.moved[k.GetHandover()] = k.GetFromLine()
		l.overlap = k.GetFromLine()
	case *eventv1.SenderLeft:
		l.senderLeft(s, k)
		l.overlap = ""
	}
}

// left looks at who is there before the event. Whoever is not the child counts as
// a counsellor, also one who had been cut off and now says that it was meant.
func (l *leaving) left(s step, k *eventv1.ParticipantLeft) {
	l.applies()
	who := person{k.GetLine(), k.GetParticipant()}
	if who == l.present.child || !l.present.childHere() || l.present.counsellorBeside(who) {
		return
	}
	switch {
	case l.slow(): // nobody is expected to be there
	case who.line == l.holder:
		l.violated(s.mark, "the last counsellor of %q left a present child of whom it has custody", l.holder)
	case who.line == l.overlap && !l.present.anybodyOf(l.holder):
		l.violated(s.mark, "the last counsellor of %q left a present child with whom nobody of %q was", l.overlap, l.holder)
	}
}

func (l *leaving) senderLeft(s step, k *eventv1.SenderLeft) {
	l.applies()
	switch from, moved := l.moved[k.GetHandover()]; {
	case !moved:
		l.violated(s.mark, "the sender left handover %d before custody had moved", k.GetHandover())
	case k.GetLine() != from:
		l.violated(s.mark, "%q left as the sender of handover %d, which is %q", k.GetLine(), k.GetHandover(), from)
	case l.leavesAlone(from):
		l.violated(s.mark, "%q left a present child with whom nobody of %q was", from, l.holder)
	}
}

// leavesAlone tells whether somebody of the sender is with the child, and nobody
// of the line that has custody now. If nobody of either is there, nobody leaves.
func (l *leaving) leavesAlone(from string) bool {
	return !l.slow() && l.present.childHere() && l.present.anybodyOf(from) && !l.present.anybodyOf(l.holder)
}
