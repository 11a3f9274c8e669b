package invariant_test

import (
	"crypto/sha256"
	"strings"
	"testing"

	"github.com/stafett/stafett/pkg/invariant"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
)

// brokenOrder spoils whose events they are and how handovers follow each other: OWN and ORDER.
var brokenOrder = []spoilt{
	{"triage moves custody", warm, func(s *story) {
		i, _, _ := where[*eventv1.CustodyTransferred](s)
		s.appends[i].Service = "triage"
	}, "OWN"},
	{"an event of two services in one commit", warm, func(s *story) {
		i, _, _ := where[*eventv1.ChildAgreed](s)
		s.appends[i].Events = append(s.appends[i].Events, s.appends[i+1].Events...)
		s.appends = append(s.appends[:i+1], s.appends[i+2:]...)
	}, "OWN"},
	{"an event of no kind", nobody, func(s *story) {
		s.appends[1].Events = append(s.appends[1].Events, &eventv1.Event{})
	}, "OWN"},
	{"an unknown subject", nobody, func(s *story) {
		s.tell("line/"+bullying, &eventv1.RiskAssessed{}).appends[len(s.appends)-1].Subject = "stafett.conversation.X"
	}, "I1 OWN VOICE"},

	{"two handovers at once", nobody, func(s *story) {
		before[*eventv1.HandoverReturned]("line/"+bullying, &eventv1.HandoverProposed{Handover: 2})(s)
	}, "ORDER"},
	{"a handover number is skipped", nobody, func(s *story) {
		s.tell("line/"+bullying, &eventv1.HandoverProposed{Handover: 3, FromLine: bullying})
	}, "ORDER"},
	{"a handover that never was", nobody, change(func(k *eventv1.HandoverRouted) { k.Handover = 7 }), "I14 I18 ORDER"},
	{"no handover named", nobody, before[*eventv1.HandoverReturned]("line/"+bullying, &eventv1.PacketSealed{Commitment: commitment()}), "I7 ORDER VOICE"},
	{"returned after custody moved", warm, func(s *story) {
		drop[*eventv1.OutcomeReported](s)
		after[*eventv1.SenderLeft](platform, &eventv1.HandoverReturned{Handover: 1})(s)
	}, "ORDER"},
	{"cancelled after custody moved", warm, func(s *story) {
		drop[*eventv1.OutcomeReported](s)
		after[*eventv1.SenderLeft]("line/"+bullying, &eventv1.HandoverCancelled{Handover: 1, Deadline: s.in(30)})(s)
	}, "ORDER"},
	{"an outcome of nothing", race, func(s *story) {
		s.tell("line/"+emergency, &eventv1.OutcomeReported{Handover: 1})
	}, "ORDER VOICE"},
	{"a returned handover goes on", nobody, func(s *story) {
		s.tell("line/"+bullying, &eventv1.BriefingStarted{Handover: 1, Deadline: s.in(60)})
	}, "ORDER"},
}

// forged are logs whose commits were altered after numbering and then relinked, as an
// attacker with write access to the log could do.
var forged = []struct {
	name  string
	alter func([]*eventv1.Commit)
	want  string
}{
	{"a commit of nothing", func(a []*eventv1.Commit) { a[1].Events, a[1].RequestId, a[1].RequestHash = nil, nil, nil }, "I2 I16 OWN"},
	{"a request carried out twice", func(a []*eventv1.Commit) { a[7].RequestId = a[3].RequestId }, "I8"},
	{"an id used twice", func(a []*eventv1.Commit) { a[7].Id = a[3].Id }, "I8"},
	{"an id used twice that is not a number", func(a []*eventv1.Commit) {
		a[3].Id = strings.Repeat("z", 32)
		a[7].Id = a[3].Id
	}, "I8"},
	{"no id", func(a []*eventv1.Commit) { a[7].Id = "" }, "I8"},
	{"a number twice", func(a []*eventv1.Commit) { a[7].Number = a[6].Number }, "I8"},
	{"a subject that begins with 2", func(a []*eventv1.Commit) { a[0].Number = 2 }, "I8"},
	{"a request id that is text", func(a []*eventv1.Commit) { a[7].RequestId = []byte("he hits me") }, "I7"},
}

func TestForged(t *testing.T) {
	for _, c := range forged {
		t.Run(c.name, func(t *testing.T) {
			s := warm()
			s.sealed(t)
			c.alter(s.appends)
			wantViolated(t, invariant.Check(s.linked(t)), c.want)
		})
	}
}

// tampered are logs that were altered as they lie on the disk.
var tampered = []struct {
	name  string
	alter func([]invariant.Recorded) []invariant.Recorded
	want  string
}{
	{"a flipped bit", func(h []invariant.Recorded) []invariant.Recorded {
		h[5].Payload[len(h[5].Payload)/2] ^= 1
		return h
	}, "I9"},
	{"a flipped bit in what links it", func(h []invariant.Recorded) []invariant.Recorded {
		h[5].Commit.PreviousHash[0] ^= 1
		h[5].Payload = nil
		return h
	}, "I9"},
	{"a commit shown otherwise than stored", func(h []invariant.Recorded) []invariant.Recorded {
		h[5].Commit.Command = "Another"
		return h
	}, "I9"},
	{"a hash that is another's", func(h []invariant.Recorded) []invariant.Recorded {
		h = hashed(h)
		h[5].PayloadHash = h[4].PayloadHash
		return h
	}, "I9"},
	{"a dropped commit", func(h []invariant.Recorded) []invariant.Recorded {
		return append(h[:4], h[5:]...)
	}, "I8 I9"},
	{"no link", func(h []invariant.Recorded) []invariant.Recorded {
		h[5].Commit.PreviousHash, h[5].Payload = nil, nil
		return h
	}, "I9"},
	{"a first commit that is not the first", func(h []invariant.Recorded) []invariant.Recorded {
		h[0].Commit.PreviousHash, h[0].Payload = make([]byte, 32), nil
		return h
	}, "I9"},
	{"a position twice", func(h []invariant.Recorded) []invariant.Recorded {
		h[5].Position = h[4].Position
		return h
	}, "I9"},
}

// hashed leaves of each commit's stored bytes the hash alone.
func hashed(h []invariant.Recorded) []invariant.Recorded {
	for i, r := range h {
		hash := sha256.Sum256(r.Payload)
		h[i].Payload, h[i].PayloadHash = nil, hash[:]
	}
	return h
}

func TestHashesAreEnoughForTheChain(t *testing.T) {
	report := invariant.Check(hashed(warm().sealed(t)))
	if err := report.Err(); err != nil || len(report.Skipped) > 0 {
		t.Errorf("got %v, skipped %v; want a chain that is checked and sound", err, report.Skipped)
	}
}

func TestTampered(t *testing.T) {
	for _, c := range tampered {
		t.Run(c.name, func(t *testing.T) {
			wantViolated(t, invariant.Check(c.alter(warm().sealed(t))), c.want)
		})
	}
}
