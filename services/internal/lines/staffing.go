package lines

import (
	"sync"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/directory"
	"github.com/stafett/stafett/pkg/rota"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// ahead is how far the next shift is looked for. It is further than anything is promised
// or offered.
const ahead = 15 * 24 * time.Hour

// stretches is how many of them are remembered: those that one decision asks about.
const stretches = 8

// stretch is a time in which one unit has the shift, or nobody has one.
type stretch struct {
	from, until time.Time
	unit        string
	staffed     bool
	// followed: a shift begins at until. Known where the stretch is not staffed.
	followed bool
}

// staffing is a rota as the directory asks it. It remembers its last answers, since one
// decision asks many times about the same evening.
type staffing struct {
	rota *rota.Rota

	mu    sync.Mutex
	known [stretches]stretch
	last  int
}

// Staffs is the unit that has the shift at an instant, and until when.
func (s *staffing) Staffs(at time.Time) (unit string, until time.Time, staffed bool) {
	now := s.at(at)
	return now.unit, now.until, now.staffed
}

// NextStaffed is the first instant from one on at which a unit has the shift. False where
// none does within 15 days.
func (s *staffing) NextStaffed(at time.Time) (time.Time, bool) {
	now := s.at(at)
	switch {
	case now.staffed:
		return at, true
	case now.followed:
		return now.until, true
	case now.from.Equal(at):
		return time.Time{}, false
	}
	shift, found := s.rota.NextWithin(at, ahead)
	return shift.Start, found
}

// at is the stretch of an instant, from memory where it is there.
func (s *staffing) at(at time.Time) stretch {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, known := range s.known {
		if !at.Before(known.from) && at.Before(known.until) {
			return known
		}
	}
	s.last = (s.last + 1) % stretches
	s.known[s.last] = s.workOut(at)
	return s.known[s.last]
}

func (s *staffing) workOut(at time.Time) stretch {
	if shift, staffed := s.rota.Staffs(at); staffed {
		return stretch{from: shift.Start, until: shift.End, unit: string(shift.Unit), staffed: true}
	}
	if next, found := s.rota.NextWithin(at, ahead); found {
		return stretch{from: at, until: next.Start, followed: true}
	}
	return stretch{from: at, until: at.Add(ahead)}
}

// rotas are those that were read, by line, so that none is read again for every change
// of something else. The zero rotas is ready, and safe for concurrent use.
type rotas struct {
	mu   sync.Mutex
	read map[string]readRota
}

type readRota struct {
	of       *handoverv1.Rota
	staffing directory.Staffing
}

// of is the rota of a line that has one. By one that this program cannot read, nobody
// staffs the line: it is closed, and all others go on.
func (r *rotas) of(s *State) directory.Staffing {
	r.mu.Lock()
	defer r.mu.Unlock()
	id := s.Line.GetName()
	if known, read := r.read[id]; read && proto.Equal(known.of, s.Rota) {
		return known.staffing
	}
	var staffs directory.Staffing = unreadable{}
	if read, err := rota.Of(s.Rota); err == nil {
		staffs = &staffing{rota: read}
	}
	if r.read == nil {
		r.read = map[string]readRota{}
	}
	r.read[id] = readRota{proto.CloneOf(s.Rota), staffs}
	return staffs
}

// unreadable is a rota of which nobody knows whom it names.
type unreadable struct{}

func (unreadable) Staffs(time.Time) (unit string, until time.Time, staffed bool) { return }

func (unreadable) NextStaffed(time.Time) (at time.Time, known bool) { return }
