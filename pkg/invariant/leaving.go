package invariant

import eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"

// leaving checks I3: the last counsellor of the line with custody does not leave
// while the child is present, and the sender leaves only after custody has moved.
// Losing the connection is not leaving.
type leaving struct {
	*finder
	present presence
	holder  string
	// moved is the line that custody left in each handover.
	moved map[uint32]string
}

func newLeaving(f *finder) walker {
	return &leaving{finder: f, present: newPresence(), moved: map[uint32]string{}}
}

func (l *leaving) event(s step) {
	if k, ok := s.kind.(*eventv1.ParticipantLeft); ok {
		l.left(s, k)
	}
	l.present.apply(s.kind)
	switch k := s.kind.(type) {
	case *eventv1.CustodyOpened:
		l.holder = k.GetLine()
	case *eventv1.CustodyTransferred:
		l.holder = k.GetToLine()
		l.moved[k.GetHandover()] = k.GetFromLine()
	case *eventv1.CustodyClosed:
		l.holder = ""
	case *eventv1.SenderLeft:
		l.senderLeft(s, k)
	}
}

// left looks at who is there before the event. Whoever is not the child counts as
// a counsellor, also one who had been cut off and now says that it was meant.
func (l *leaving) left(s step, k *eventv1.ParticipantLeft) {
	l.applies()
	who := person{k.GetLine(), k.GetParticipant()}
	if who.line != l.holder || l.present.isChild(who) || !l.present.anyChild() {
		return
	}
	if !l.present.counsellorBeside(who) {
		l.violated(s.Recorded, "the last counsellor of %q left a present child of whom it has custody", l.holder)
	}
}

func (l *leaving) senderLeft(s step, k *eventv1.SenderLeft) {
	l.applies()
	from, moved := l.moved[k.GetHandover()]
	if !moved {
		l.violated(s.Recorded, "the sender left handover %d before custody had moved", k.GetHandover())
		return
	}
	if k.GetLine() != from {
		l.violated(s.Recorded, "%q left as the sender of handover %d, which is %q", k.GetLine(), k.GetHandover(), from)
	}
}
