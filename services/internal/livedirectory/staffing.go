package livedirectory

import (
	"sync"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/directory/openinghours"
	"github.com/stafett/stafett/pkg/rota"
	statev1 "github.com/stafett/stafett/proto/stafett/state/v1"
	"github.com/stafett/stafett/services/internal/lines"
)

// ahead is how far to look for the next shift. It is longer than any promise or offer.
const ahead = 15 * 24 * time.Hour

// stretches is how many of them are cached: those that one decision asks about.
const stretches = 8

// stretch is a time in which one unit has the shift, or none has.
type stretch struct {
	from, until time.Time
	unit        string
	staffed     bool
	// followed reports that a shift begins at until. Known only for unstaffed stretches.
	followed bool
}

// staffing answers the directory's questions about a rota. It caches its last answers, because
// one decision asks many times about the same evening.
type staffing struct {
	rota *rota.Rota

	mu    sync.Mutex
	known [stretches]stretch
	last  int
}

// Staffs returns the unit that has the shift at an instant, and until when.
func (s *staffing) Staffs(at time.Time) (unit string, until time.Time, staffed bool) {
	now := s.at(at)
	return now.unit, now.until, now.staffed
}

// NextStaffed returns the first instant, at or after another, at which a unit has the shift.
// False if none has within 15 days.
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

// at is the stretch around an instant, from the cache if possible.
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

// rotas are the parsed rotas, by line, so that none is parsed again whenever something else
// changes. The zero value is ready to use, and safe for concurrent use.
type rotas struct {
	mu   sync.Mutex
	read map[string]readRota
}

type readRota struct {
	of       *statev1.Rota
	staffing openinghours.Staffing
}

// of is the rota of a line that has one. If this program cannot read the rota, the line counts
// as unstaffed and so as closed; all others go on.
func (r *rotas) of(s *lines.State) openinghours.Staffing {
	r.mu.Lock()
	defer r.mu.Unlock()
	id := s.Line.GetName()
	if known, read := r.read[id]; read && proto.Equal(known.of, s.Rota) {
		return known.staffing
	}
	var staffs openinghours.Staffing = unreadable{}
	if read, err := rota.Of(s.Rota); err == nil {
		staffs = &staffing{rota: read}
	}
	if r.read == nil {
		r.read = map[string]readRota{}
	}
	r.read[id] = readRota{proto.CloneOf(s.Rota), staffs}
	return staffs
}

// unreadable is a rota that this program cannot read: it staffs no one.
type unreadable struct{}

func (unreadable) Staffs(time.Time) (unit string, until time.Time, staffed bool) { return }

func (unreadable) NextStaffed(time.Time) (at time.Time, known bool) { return }
