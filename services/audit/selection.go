package audit

import (
	"bytes"
	"cmp"
	"math"
	"slices"
	"strings"

	"go.etcd.io/bbolt"

	"github.com/stafett/stafett/pkg/event"
	"github.com/stafett/stafett/pkg/handover"
	auditv1 "github.com/stafett/stafett/proto/stafett/audit/v1"
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
type track struct {
	bucket []byte
	text   string
}

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
			s.tracks = append(s.tracks, track{partiesBucket, line})
		}
	}
	return s
}

// subjectOf leads to the commits of a conversation or a line.
func subjectOf(name string) track {
	kind, id, _ := strings.Cut(name, "/")
	if kind == "lines" {
		return track{placesBucket, eventlog.LineSubject(id)}
	}
	return track{placesBucket, eventlog.ConversationSubject(id)}
}

// from is the first position of a track at or after another; 0 if it has none.
func (t track) from(tx *bbolt.Tx, position uint64) uint64 {
	k, _ := tx.Bucket(t.bucket).Cursor().Seek(projection.Key(t.text, position))
	if !bytes.HasPrefix(k, projection.Prefix(t.text)) {
		return 0
	}
	return projection.KeyPosition(k)
}

// seek finds the next commit to examine; none at the end.
func (s *selection) seek(tx *bbolt.Tx, position uint64) (uint64, []byte) {
	if len(s.tracks) > 0 {
		position = first(tx, s.tracks, position)
	}
	if position == 0 || position > s.until {
		return 0, nil
	}
	return position, tx.Bucket(appendsBucket).Get(projection.PositionKey(position))
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
func (s *selection) wanted(tx *bbolt.Tx, stored *auditv1.StoredCommit) bool {
	at := stored.Commit.RecordTime.AsTime()
	if start := s.request.StartTime; start != nil && at.Before(start.AsTime()) {
		return false
	}
	if end := s.request.EndTime; end != nil && !at.Before(end.AsTime()) {
		return false
	}
	if s.party != "" && tx.Bucket(partiesBucket).Get(projection.Key(s.party, stored.Position)) == nil {
		return false
	}
	types := s.request.EventTypes
	return len(types) == 0 || slices.ContainsFunc(event.Names(stored.Commit.Events),
		func(name string) bool { return slices.Contains(types, name) })
}
