package lines

import (
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/directory"
	"github.com/stafett/stafett/pkg/rota"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// staffing is a rota as the directory asks it.
type staffing struct{ *rota.Rota }

// Staffs is the unit that has the shift at an instant, and until when.
func (s staffing) Staffs(at time.Time) (unit string, until time.Time, staffed bool) {
	shift, staffed := s.Rota.Staffs(at)
	return string(shift.Unit), shift.End, staffed
}

// NextStaffed is the first instant from one on at which a unit has the shift.
func (s staffing) NextStaffed(at time.Time) (time.Time, bool) {
	if _, staffed := s.Rota.Staffs(at); staffed {
		return at, true
	}
	shift, found := s.Rota.Next(at)
	return shift.Start, found
}

// rotas are those that were read, by line, so that none is read again for every change
// of something else.
type rotas map[string]readRota

type readRota struct {
	of       *handoverv1.Rota
	staffing directory.Staffing
}

// of is the rota of a line that has one. By one that this program cannot read, nobody
// staffs the line: it is closed, and all others go on.
func (r rotas) of(s *State) directory.Staffing {
	id := s.Line.GetName()
	if known, read := r[id]; read && proto.Equal(known.of, s.Rota) {
		return known.staffing
	}
	var staffs directory.Staffing = unreadable{}
	if read, err := rota.Of(s.Rota); err == nil {
		staffs = staffing{read}
	}
	r[id] = readRota{proto.CloneOf(s.Rota), staffs}
	return staffs
}

// unreadable is a rota of which nobody knows whom it names.
type unreadable struct{}

func (unreadable) Staffs(time.Time) (unit string, until time.Time, staffed bool) { return }

func (unreadable) NextStaffed(time.Time) (at time.Time, known bool) { return }
