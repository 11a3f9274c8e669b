package facts

import (
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/event"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// Person is somebody in a conversation. Pseudonyms are unique within a line only.
type Person struct{ Line, ID string }

// presence knows who is connected to a conversation now.
type presence struct {
	counsellors map[Person]bool
	// around are those who have not left, connected or not.
	around map[Person]bool
	// Child is who it is, also while it is away.
	Child     Person
	childOn   bool
	childLeft bool
	// ChildSince is when it came or went.
	ChildSince time.Time
	// lines are those of which a counsellor was ever there.
	lines map[string]bool
	// went is when the last counsellor of each line went.
	went map[string]time.Time
	// receivers is the line that accepted each handover, until it has custody.
	receivers map[uint32]string
	// holder has custody; overlap has handed over and not left yet.
	holder, overlap string
}

func newPresence() *presence {
	return &presence{counsellors: map[Person]bool{}, around: map[Person]bool{}, lines: map[string]bool{}, went: map[string]time.Time{}, receivers: map[uint32]string{}}
}

// Apply applies one event.
func (p *presence) apply(s Step) {
	switch k := s.Kind.(type) {
	case *eventv1.ParticipantJoined:
		p.joined(s, Person{k.GetLine(), k.GetParticipant()}, k.GetRole())
	case *eventv1.ReceiverJoined:
		p.joined(s, Person{k.GetLine(), k.GetParticipant()}, handoverv1.Role_ROLE_COUNSELLOR)
	case *eventv1.OfferAccepted:
		p.receivers[k.GetHandover()] = k.GetLine()
	case *eventv1.ParticipantLeft:
		p.gone(s, Person{k.GetLine(), k.GetParticipant()}, true)
	case *eventv1.ParticipantDisconnected:
		p.gone(s, Person{k.GetLine(), k.GetParticipant()}, false)
	case *eventv1.LegMoved:
		p.joined(s, Person{k.GetLine(), p.Child.ID}, handoverv1.Role_ROLE_CHILD)
	case *eventv1.CustodyTransferred:
		delete(p.receivers, k.GetHandover())
		p.moves(k)
	case *eventv1.CustodyOpened:
		p.holder = k.GetLine()
	case *eventv1.SenderLeft:
		p.overlap = ""
		p.dismiss(k.GetLine())
	case *eventv1.OfferGivenBack:
		p.receiverGone(k.GetHandover())
	default:
		if Stays(k) {
			p.receiverGone(event.Handover(k))
		}
	}
}

func (p *presence) moves(k *eventv1.CustodyTransferred) {
	p.holder, p.overlap = k.GetToLine(), k.GetFromLine()
	if k.GetReason() != 0 {
		p.overlap = ""
		p.dismiss(k.GetFromLine())
	}
}

// Stays tells whether an event ends a handover or, in earlier histories, turns it into an
// emergency: custody stays where it is, and the receiver leaves.
func Stays(kind proto.Message) bool {
	switch k := kind.(type) {
	case *eventv1.HandoverReturned, *eventv1.HandoverCancelled, *eventv1.HandoverAbandoned,
		*eventv1.HandoverDeferred, *eventv1.HandoverSignposted:
		return true
	case *eventv1.EmergencyCalled:
		return k.GetHandover() != 0
	}
	return false
}

func (p *presence) joined(s Step, who Person, role handoverv1.Role) {
	if role != handoverv1.Role_ROLE_CHILD {
		p.counsellors[who], p.around[who], p.lines[who.Line] = true, true, true
		return
	}
	if !p.childOn {
		p.ChildSince = s.Time
	}
	p.Child, p.childOn, p.childLeft = who, true, false
}

func (p *presence) gone(s Step, who Person, left bool) {
	if who != p.Child {
		delete(p.counsellors, who)
		if left {
			delete(p.around, who)
		}
		p.went[who.Line] = s.Time
		return
	}
	if p.childOn {
		p.ChildSince = s.Time
	}
	p.childOn, p.childLeft = false, p.childLeft || left
}

// receiverGone takes away the counsellors who had come for a handover.
func (p *presence) receiverGone(handover uint32) {
	line := p.receivers[handover]
	delete(p.receivers, handover)
	p.dismiss(line)
}

// dismiss takes away a line's counsellors, unless the line has custody or another part in the
// conversation. The child stays, also on that line's leg.
func (p *presence) dismiss(line string) {
	for _, receiver := range p.receivers {
		if receiver == line {
			return
		}
	}
	if line == p.holder || line == p.overlap {
		return
	}
	for who := range p.around {
		if who.Line == line {
			delete(p.counsellors, who)
			delete(p.around, who)
		}
	}
}

// Counsellor tells whether this counsellor of this line is there.
func (p *presence) Counsellor(line, id string) bool { return p.counsellors[Person{line, id}] }

// AnybodyOf tells whether a counsellor of a line is there.
func (p *presence) AnybodyOf(line string) bool { return p.CounsellorBeside(Person{Line: line}) }

// CounsellorBeside tells whether another counsellor of the same line is there.
func (p *presence) CounsellorBeside(one Person) bool {
	for who := range p.counsellors {
		if who != one && who.Line == one.Line {
			return true
		}
	}
	return false
}

// Gone tells whether nobody of a line is there, and nobody was for so long before an instant.
func (p *presence) Gone(line string, now time.Time, long time.Duration) bool {
	return !p.AnybodyOf(line) && !now.Before(p.went[line].Add(long))
}

// ChildHere tells whether the child is connected, on whichever leg.
func (p *presence) ChildHere() bool { return p.childOn }

// Here tells whether somebody is connected.
func (p *presence) Here(who Person) bool {
	return p.counsellors[who] || p.childOn && who == p.Child
}
