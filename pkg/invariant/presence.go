package invariant

import (
	"time"

	"github.com/stafett/stafett/pkg/event"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	"google.golang.org/protobuf/proto"
)

// person is somebody in a conversation. Pseudonyms are unique within a line only.
type person struct{ line, id string }

// presence knows who is connected to a conversation now.
type presence struct {
	counsellors map[person]bool
	// child is who it is, also while it is away.
	child     person
	childOn   bool
	childLeft bool
	// childSince is when it came or went.
	childSince time.Time
	// lines are those of which a counsellor was ever there.
	lines map[string]bool
	// receivers is the line whose counsellors came for each handover, until it has custody.
	receivers map[uint32]string
}

func newPresence() *presence {
	return &presence{counsellors: map[person]bool{}, lines: map[string]bool{}, receivers: map[uint32]string{}}
}

// apply applies one event.
func (p *presence) apply(s step) {
	switch k := s.kind.(type) {
	case *eventv1.ParticipantJoined:
		p.joined(s, person{k.GetLine(), k.GetParticipant()}, k.GetRole())
	case *eventv1.ReceiverJoined:
		p.joined(s, person{k.GetLine(), k.GetParticipant()}, handoverv1.Role_ROLE_COUNSELLOR)
		p.receivers[k.GetHandover()] = k.GetLine()
	case *eventv1.ParticipantLeft:
		p.gone(s, person{k.GetLine(), k.GetParticipant()}, true)
	case *eventv1.ParticipantDisconnected:
		p.gone(s, person{k.GetLine(), k.GetParticipant()}, false)
	case *eventv1.LegMoved:
		p.joined(s, person{k.GetLine(), p.child.id}, handoverv1.Role_ROLE_CHILD)
	case *eventv1.CustodyTransferred:
		delete(p.receivers, k.GetHandover())
	case *eventv1.SenderLeft:
		p.dismiss(k.GetLine())
	default:
		if stays(k) {
			p.dismiss(p.receivers[event.Handover(k)])
		}
	}
}

// stays tells whether an event ends a handover, or turns it into an emergency, so
// that custody stays where it is and the receiver is no longer there.
func stays(kind proto.Message) bool {
	switch kind.(type) {
	case *eventv1.HandoverReturned, *eventv1.HandoverCancelled, *eventv1.HandoverAbandoned,
		*eventv1.HandoverDeferred, *eventv1.HandoverSignposted, *eventv1.EmergencyCalled:
		return true
	}
	return false
}

func (p *presence) joined(s step, who person, role handoverv1.Role) {
	if role != handoverv1.Role_ROLE_CHILD {
		p.counsellors[who], p.lines[who.line] = true, true
		return
	}
	if !p.childOn {
		p.childSince = s.time
	}
	p.child, p.childOn, p.childLeft = who, true, false
}

func (p *presence) gone(s step, who person, left bool) {
	if who != p.child {
		delete(p.counsellors, who)
		return
	}
	if p.childOn {
		p.childSince = s.time
	}
	p.childOn, p.childLeft = false, p.childLeft || left
}

// dismiss takes away a line's counsellors. The child stays, also on that line's leg.
func (p *presence) dismiss(line string) {
	for who := range p.counsellors {
		if who.line == line {
			delete(p.counsellors, who)
		}
	}
}

// counsellor tells whether this counsellor of this line is there.
func (p *presence) counsellor(line, id string) bool { return p.counsellors[person{line, id}] }

// anybodyOf tells whether a counsellor of a line is there.
func (p *presence) anybodyOf(line string) bool { return p.counsellorBeside(person{line: line}) }

// counsellorBeside tells whether another counsellor of the same line is there.
func (p *presence) counsellorBeside(one person) bool {
	for who := range p.counsellors {
		if who != one && who.line == one.line {
			return true
		}
	}
	return false
}

// childHere tells whether the child is connected, on whichever leg.
func (p *presence) childHere() bool { return p.childOn }
