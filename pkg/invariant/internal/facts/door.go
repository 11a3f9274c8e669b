package facts

import (
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// atDoor follows whether the child waits at a closed door: until it opens, somebody of the line comes, or custody
// moves or ends.
func (f *Facts) atDoor(s Step) {
	switch k := s.Kind.(type) {
	case *eventv1.DoorClosed:
		f.Door = k
	case *eventv1.ParticipantJoined:
		if k.GetRole() == handoverv1.Role_ROLE_COUNSELLOR && k.GetLine() == f.Holder {
			f.Door = nil
		}
	case *eventv1.DoorOpened, *eventv1.CustodyTransferred, *eventv1.CustodyClosed:
		f.Door = nil
	}
}

// Unmanned returns the newest handover if the sender's system proposed it at a closed door, and nobody of the
// sender has come since; else nil.
func (f *Facts) Unmanned() *Handover {
	if h := f.newest; h != nil && h.Door && !f.Present.lines[h.From] {
		return h
	}
	return nil
}

// Calm tells whether nobody is told again of a child at a closed door: it is not in danger, and no receiver has
// come to it and gone.
func (f *Facts) Calm() bool {
	h := f.Unmanned()
	return f.Door != nil && !f.InDanger() && (h == nil || !h.joined || h.over)
}
