// Package lines keeps the state of every line in a service's projection, and is the repository
// through which commands change it. It knows what lines published, not what is free right now:
// package seats counts that, and package livedirectory puts the two together.
package lines

import (
	"fmt"

	"go.etcd.io/bbolt"
	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/refusal"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	statev1 "github.com/stafett/stafett/proto/stafett/state/v1"
	"github.com/stafett/stafett/services/internal/eventlog"
)

// linesBucket has the states of lines, by line id.
const linesBucket = "lines"

// Buckets are those that a projection needs for lines.
var Buckets = []string{linesBucket, changesBucket}

// State is the state of one line, on which decisions are made.
type State = statev1.LineState

// Project applies an entry to its line's state. It ignores other entries.
func Project(tx *bbolt.Tx, entry eventlog.Entry) error {
	id := entry.Line()
	if id == "" {
		return nil
	}
	s, err := StateOf(tx, id)
	if err != nil {
		return err
	}
	if err := apply(s, entry); err != nil {
		return err
	}
	if err := Revise(tx, id); err != nil {
		return err
	}
	stored, err := proto.MarshalOptions{Deterministic: true}.Marshal(s)
	if err != nil {
		return err
	}
	return tx.Bucket([]byte(linesBucket)).Put([]byte(id), stored)
}

// StateOf reads a line's state; the zero state if the line is unknown.
func StateOf(tx *bbolt.Tx, id string) (*State, error) {
	s := &State{}
	if err := proto.Unmarshal(tx.Bucket([]byte(linesBucket)).Get([]byte(id)), s); err != nil {
		return nil, fmt.Errorf("the stored state of line %s is damaged; delete the projection; it is rebuilt: %w", id, err)
	}
	return s, nil
}

// Read returns a line's state, by way of a projection's View.
func Read(view func(func(*bbolt.Tx) error) error, id string) (s *State, err error) {
	err = view(func(tx *bbolt.Tx) error {
		s, err = StateOf(tx, id)
		return err
	})
	return s, err
}

// All lists the directory, sorted by id. A line that has events but was never published is not
// in it.
func All(tx *bbolt.Tx) ([]*handoverv1.Line, error) {
	var all []*handoverv1.Line
	err := tx.Bucket([]byte(linesBucket)).ForEach(func(id, _ []byte) error {
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
		return nil, refusal.LineNotFound(handover.LineName(id)+" is not in the directory; list the lines to see which are",
			"line", id)
	}
	return s.GetLine(), err
}
