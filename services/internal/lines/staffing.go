package lines

import (
	"fmt"
	"time"

	"google.golang.org/protobuf/proto"

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
	staffing staffing
}

// of is the rota of a line that has one.
func (r rotas) of(s *State) (staffing, error) {
	id := s.Line.GetName()
	if known := r[id]; proto.Equal(known.of, s.Rota) {
		return known.staffing, nil
	}
	read, err := rota.Of(s.Rota)
	if err != nil {
		return staffing{}, fmt.Errorf("the recorded rota of %s: %w", id, err)
	}
	r[id] = readRota{proto.CloneOf(s.Rota), staffing{read}}
	return r[id].staffing, nil
}
