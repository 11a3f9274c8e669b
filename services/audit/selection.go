package audit

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"math"
	"slices"
	"strings"

	"go.etcd.io/bbolt"

	"github.com/stafett/stafett/pkg/event"
	"github.com/stafett/stafett/pkg/handover"
	auditv1 "github.com/stafett/stafett/proto/stafett/audit/v1"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	"github.com/stafett/stafett/services/internal/eventlog"
	"github.com/stafett/stafett/services/internal/projection"
)

// selection is the part of the history that a replay covers.
type selection struct {
	request *auditv1.ReplayCommitsRequest
	// tracks lead to the commits; without any, every commit is examined.
	tracks []track
	// until is the last position to examine.
	until uint64
	// party is the line that must have been a party to each commit, or empty.
	party string
}

// track is an index of positions: the keys of a bucket that begin with a prefix.
type track struct{ bucket, prefix []byte }

// selected returns the positions that a request covers, in a log that ends at a position. Only
// a request that follows the log sees what comes after that.
func selected(r *auditv1.ReplayCommitsRequest, end uint64) *selection {
	s := &selection{request: r, until: cmp.Or(r.UntilPosition, end)}
	if r.Follow {
		s.until = math.MaxUint64
	}
	line := handover.LineID(r.Line)
	switch {
	case r.Conversation != "":
		s.tracks, s.party = []track{subjectOf(r.Conversation)}, line
	case line != "":
		s.tracks = []track{subjectOf(r.Line)}
		if r.WithConversations {
			s.tracks = append(s.tracks, track{partiesBucket, projection.Prefix(line)})
		}
	}
	return s
}

// subjectOf leads to the commits of a conversation or a line.
func subjectOf(name string) track {
	kind, id, _ := strings.Cut(name, "/")
	subject := eventlog.ConversationSubject(id)
	if kind == "lines" {
		subject = eventlog.LineSubject(id)
	}
	return track{placesBucket, projection.SubjectKey(subject)}
}

// from is the first position of a track at or after another; 0 if it has none.
func (t track) from(tx *bbolt.Tx, position uint64) uint64 {
	k, _ := tx.Bucket(t.bucket).Cursor().Seek(binary.BigEndian.AppendUint64(bytes.Clone(t.prefix), position))
	if !bytes.HasPrefix(k, t.prefix) {
		return 0
	}
	return projection.KeyPosition(k)
}

// examinedAtOnce is how many positions are looked up in one transaction.
const examinedAtOnce = 10_000

// after returns the next positions to examine after one; none at the end.
func (s *selection) after(tx *bbolt.Tx, position uint64) []run {
	end := min(s.until, projection.Position(tx))
	if len(s.tracks) == 0 {
		if position >= end {
			return nil
		}
		return []run{{position + 1, min(end, position+examinedAtOnce)}}
	}
	var found []uint64
	for len(found) < examinedAtOnce {
		position = first(tx, s.tracks, position+1)
		if position == 0 || position > end {
			break
		}
		found = append(found, position)
	}
	return runs(found)
}

func first(tx *bbolt.Tx, tracks []track, position uint64) uint64 {
	found := uint64(0)
	for _, t := range tracks {
		if at := t.from(tx, position); at > 0 && (found == 0 || at < found) {
			found = at
		}
	}
	return found
}

// wanted reports whether a commit matches the request: recorded in its time range, with such
// an event, while the line was a party.
func (s *selection) wanted(model *projection.Model, entry eventlog.Entry) (wanted bool, err error) {
	if wanted = s.matches(entry.Commit); !wanted || s.party == "" {
		return wanted, nil
	}
	err = model.View(func(tx *bbolt.Tx) error {
		wanted = tx.Bucket(partiesBucket).Get(projection.Key(s.party, entry.Position)) != nil
		return nil
	})
	return wanted, err
}

// matches compares what the commit itself says.
func (s *selection) matches(a *eventv1.Commit) bool {
	at := a.RecordTime.AsTime()
	if start := s.request.StartTime; start != nil && at.Before(start.AsTime()) {
		return false
	}
	if end := s.request.EndTime; end != nil && !at.Before(end.AsTime()) {
		return false
	}
	types := s.request.EventTypes
	return len(types) == 0 || slices.ContainsFunc(event.Names(a.Events),
		func(name string) bool { return slices.Contains(types, name) })
}
