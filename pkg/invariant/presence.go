package invariant

import (
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	"google.golang.org/protobuf/proto"
)

// person is somebody in a conversation. Pseudonyms are unique within a line only.
type person struct{ line, id string }

// presence knows who is connected to a conversation now.
type presence struct {
	roles map[person]handoverv1.Role
	// receivers is the line whose counsellors came for each handover.
	receivers map[uint32]string
}

func newPresence() presence {
	return presence{roles: map[person]handoverv1.Role{}, receivers: map[uint32]string{}}
}

// apply follows one event.
func (p presence) apply(kind proto.Message) {
	switch k := kind.(type) {
	case *eventv1.ParticipantJoined:
		p.roles[person{k.GetLine(), k.GetParticipant()}] = k.GetRole()
	case *eventv1.ReceiverJoined:
		p.roles[person{k.GetLine(), k.GetParticipant()}] = handoverv1.Role_ROLE_COUNSELLOR
		p.receivers[k.GetHandover()] = k.GetLine()
	case *eventv1.ParticipantLeft:
		delete(p.roles, person{k.GetLine(), k.GetParticipant()})
	case *eventv1.ParticipantDisconnected:
		delete(p.roles, person{k.GetLine(), k.GetParticipant()})
	case *eventv1.SenderLeft:
		p.dismiss(k.GetLine())
	case *eventv1.HandoverReturned, *eventv1.HandoverCancelled:
		p.dismiss(p.receivers[handoverOf(k)])
	}
}

// dismiss takes away a line's counsellors. The child stays, also on that line's leg.
func (p presence) dismiss(line string) {
	for who, role := range p.roles {
		if who.line == line && role == handoverv1.Role_ROLE_COUNSELLOR {
			delete(p.roles, who)
		}
	}
}

// counsellor tells whether this counsellor of this line is there.
func (p presence) counsellor(line, id string) bool {
	return p.roles[person{line, id}] == handoverv1.Role_ROLE_COUNSELLOR
}

// counsellorBeside tells whether another counsellor of the same line is there.
func (p presence) counsellorBeside(one person) bool {
	for who, role := range p.roles {
		if who != one && who.line == one.line && role == handoverv1.Role_ROLE_COUNSELLOR {
			return true
		}
	}
	return false
}

// isChild tells whether somebody who is there is the child.
func (p presence) isChild(who person) bool {
	return p.roles[who] == handoverv1.Role_ROLE_CHILD
}

// child tells whether the child is there, on whichever leg, under this pseudonym.
func (p presence) child(id string) bool {
	for who, role := range p.roles {
		if who.id == id && role == handoverv1.Role_ROLE_CHILD {
			return true
		}
	}
	return false
}

// anyChild tells whether the child is there.
func (p presence) anyChild() bool {
	for _, role := range p.roles {
		if role == handoverv1.Role_ROLE_CHILD {
			return true
		}
	}
	return false
}
