package lines

import (
	"bytes"
	"fmt"
	"slices"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	statev1 "github.com/stafett/stafett/proto/stafett/state/v1"
	"github.com/stafett/stafett/services/internal/eventlog"
)

// apply applies an entry that follows the state's newest one.
func apply(s *State, entry eventlog.Entry) error {
	a := entry.Commit
	if !bytes.Equal(a.PreviousHash, s.HeadHash) || a.Number != s.Commits+1 {
		return fmt.Errorf("%s: commit %d does not follow commit %d with its hash", a.Subject, a.Number, s.Commits)
	}
	for _, e := range a.Events {
		evolve(s, e, entry)
	}
	if ChangesAvailability(entry) {
		s.AvailabilityTime = a.RecordTime
	}
	s.HeadPosition, s.HeadHash, s.Commits = entry.Position, entry.Hash[:], a.Number
	return nil
}

// evolve applies one event of an entry.
func evolve(s *State, e *eventv1.Event, entry eventlog.Entry) {
	a := entry.Commit
	switch kind := e.Kind.(type) {
	case *eventv1.Event_LinePublished:
		s.Line, s.FactsPosition = kind.LinePublished.Line, entry.Position
	case *eventv1.Event_LineRemoved:
		s.Line, s.FactsPosition = nil, entry.Position
	case *eventv1.Event_LineClosed:
		s.Closures = append(Closures(s, a.RecordTime.AsTime()), kind.LineClosed.Closure)
		s.ClosureCount = kind.LineClosed.Closure.Number
	case *eventv1.Event_LineReopened:
		s.Closures = nil
	case *eventv1.Event_LineSuspended:
		s.Suspended = kind.LineSuspended.Reason
	case *eventv1.Event_LineReinstated:
		s.Suspended = 0
	case *eventv1.Event_CapacityReported:
		s.Capacity = &statev1.CapacityReport{
			Seats: kind.CapacityReported.Seats, ExpireTime: kind.CapacityReported.ExpireTime,
			RecordTime: a.RecordTime, Position: entry.Position,
		}
	case *eventv1.Event_LineKeyPublished, *eventv1.Event_LineKeyRetired, *eventv1.Event_LineKeyRevoked:
		evolveLineKeys(s, e, entry)
	case *eventv1.Event_StaffKeyRegistered, *eventv1.Event_StaffKeyRevoked:
		evolveStaffKeys(s, e, entry)
	case *eventv1.Event_SeatLeased:
		Lease(s, kind.SeatLeased, a.RecordTime)
	case *eventv1.Event_RotaPublished:
		s.Rota = &statev1.Rota{File: kind.RotaPublished.File}
	case *eventv1.Event_RotaChanged:
		if s.Rota != nil {
			s.Rota.Changes = append(s.Rota.Changes, kind.RotaChanged.Changes...)
		}
	case *eventv1.Event_TicketRefused:
		s.WrongTickets = append(Counting(s, a.RecordTime.AsTime()), &statev1.WrongTicket{
			RequestHash: a.RequestHash, Deadline: kind.TicketRefused.Deadline,
		})
	}
}

// ChangesAvailability reports whether an entry can shut its line for children who are offered to
// it.
func ChangesAvailability(entry eventlog.Entry) bool {
	return slices.ContainsFunc(entry.Commit.Events, changesAvailability)
}

func changesAvailability(e *eventv1.Event) bool {
	switch e.Kind.(type) {
	case *eventv1.Event_LinePublished, *eventv1.Event_LineRemoved, *eventv1.Event_LineClosed, *eventv1.Event_LineReopened,
		*eventv1.Event_LineSuspended, *eventv1.Event_LineReinstated, *eventv1.Event_RotaPublished, *eventv1.Event_RotaChanged:
		return true
	}
	return false
}

// Lease applies that a seat was reserved at an instant.
func Lease(s *State, leased *eventv1.SeatLeased, at *timestamppb.Timestamp) {
	s.Leases = slices.DeleteFunc(s.Leases, func(l *statev1.Lease) bool { return slices.Contains(leased.Ended, l.Offer) })
	s.Leases = append(s.Leases, &statev1.Lease{Offer: leased.Offer, Channel: leased.Channel, RecordTime: at, Preempts: leased.Preempts})
}

// Closures are those in force at an instant or later.
func Closures(s *State, at time.Time) []*handoverv1.Closure {
	return slices.DeleteFunc(slices.Clone(s.GetClosures()), func(c *handoverv1.Closure) bool {
		return !c.EndTime.AsTime().After(at)
	})
}

// Counting are the wrong tickets of a line that still count at an instant.
func Counting(s *State, at time.Time) []*statev1.WrongTicket {
	return slices.DeleteFunc(slices.Clone(s.GetWrongTickets()), func(wrong *statev1.WrongTicket) bool {
		return !wrong.Deadline.AsTime().After(at)
	})
}
