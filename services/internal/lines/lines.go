// Package lines keeps the directory of lines in a service's read model, and
// appends to it.
package lines

import (
	"bytes"
	"fmt"
	"slices"
	"time"

	"go.etcd.io/bbolt"
	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/handover"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	"github.com/stafett/stafett/services/internal/eventlog"
)

// Bucket of a read model in which the states of lines lie, by line id.
const Bucket = "lines"

// State is what decisions about one line are made on.
type State = handoverv1.LineState

// Fold applies an entry to its line's state. It does nothing with an entry of
// something else.
func Fold(tx *bbolt.Tx, entry eventlog.Entry) error {
	id := entry.Line()
	if id == "" {
		return nil
	}
	s, err := StateOf(tx, id)
	if err != nil {
		return err
	}
	line := s.Line
	if err := apply(s, entry); err != nil {
		return err
	}
	if s.Line != line {
		if err := revise(tx); err != nil {
			return err
		}
	}
	stored, err := proto.MarshalOptions{Deterministic: true}.Marshal(s)
	if err != nil {
		return err
	}
	return tx.Bucket([]byte(Bucket)).Put([]byte(id), stored)
}

// apply applies an entry that follows the state's newest one.
func apply(s *State, entry eventlog.Entry) error {
	a := entry.Append
	if !bytes.Equal(a.PreviousHash, s.HeadHash) || a.Number != s.Appends+1 {
		return fmt.Errorf("%s: append %d does not follow append %d with its hash", a.Subject, a.Number, s.Appends)
	}
	for _, e := range a.Events {
		switch kind := e.Kind.(type) {
		case *eventv1.Event_LinePublished:
			s.Line = kind.LinePublished.Line
		case *eventv1.Event_TicketRefused:
			s.WrongTickets = append(Counting(s, a.RecordTime.AsTime()), &handoverv1.WrongTicket{
				RequestHash: a.RequestHash, Deadline: kind.TicketRefused.Deadline,
			})
		}
	}
	s.HeadPosition, s.HeadHash, s.Appends = entry.Position, entry.Hash[:], a.Number
	return nil
}

// Counting are the wrong tickets of a line that still count at an instant.
func Counting(s *State, at time.Time) []*handoverv1.WrongTicket {
	return slices.DeleteFunc(slices.Clone(s.WrongTickets), func(wrong *handoverv1.WrongTicket) bool {
		return !wrong.Deadline.AsTime().After(at)
	})
}

// StateOf reads a line's state; the zero state where there is none.
func StateOf(tx *bbolt.Tx, id string) (*State, error) {
	s := &State{}
	if err := proto.Unmarshal(tx.Bucket([]byte(Bucket)).Get([]byte(id)), s); err != nil {
		return nil, fmt.Errorf("the stored state of line %s is damaged; delete the read model, it is rebuilt: %w", id, err)
	}
	return s, nil
}

// All lists the directory, sorted by id. A line of which nothing was published, and
// something else recorded, is not in it.
func All(tx *bbolt.Tx) ([]*handoverv1.Line, error) {
	var all []*handoverv1.Line
	err := tx.Bucket([]byte(Bucket)).ForEach(func(id, _ []byte) error {
		s, err := StateOf(tx, string(id))
		if s.GetLine() != nil {
			all = append(all, s.Line)
		}
		return err
	})
	return all, err
}

// Get reads a line. It refuses one that is not in the directory.
func Get(tx *bbolt.Tx, id string) (*handoverv1.Line, error) {
	s, err := StateOf(tx, id)
	if err == nil && s.Line == nil {
		return nil, &handover.Refusal{
			Reason:   handoverv1.RefusalReason_REFUSAL_REASON_LINE_NOT_FOUND,
			Message:  handover.LineName(id) + " is not in the directory; list the lines to see which are",
			Metadata: map[string]string{"line": id},
		}
	}
	return s.GetLine(), err
}
