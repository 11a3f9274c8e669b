package audit

import (
	"bytes"
	"cmp"
	"math"
	"slices"
	"strings"

	"go.etcd.io/bbolt"

	"github.com/stafett/stafett/pkg/event"
	auditv1 "github.com/stafett/stafett/proto/stafett/audit/v1"
	"github.com/stafett/stafett/services/internal/eventlog"
	"github.com/stafett/stafett/services/internal/projection"
)

// selection is the part of the history that a replay is about.
type selection struct {
	request *auditv1.ReplayCommitsRequest
	// tracks lead to the appends; where there are none, every append is looked at.
	tracks []track
	// until is the last position that is looked at.
	until uint64
	// party is the line that must have been a party to each append, or empty.
	party string
}

// track is an index of positions: the keys of a bucket that begin with a text.
type track struct {
	bucket []byte
	text   string
}

// selected says which positions of a log that ends at a position a request is about.
// Only one that follows sees what comes after that.
func selected(r *auditv1.ReplayCommitsRequest, end uint64) *selection {
	s := &selection{request: r, until: cmp.Or(r.UntilPosition, end)}
	if r.Follow {
		s.until = math.MaxUint64
	}
	line := strings.TrimPrefix(r.Line, "lines/")
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

// subjectOf leads to the appends of a conversation or a line.
func subjectOf(name string) track {
	kind, id, _ := strings.Cut(name, "/")
	if kind == "lines" {
		return track{placesBucket, eventlog.LineSubject(id)}
	}
	return track{placesBucket, eventlog.ConversationSubject(id)}
}

// from is the first position of a track that is not before another; 0 where
// there is none.
func (t track) from(tx *bbolt.Tx, position uint64) uint64 {
	k, _ := tx.Bucket(t.bucket).Cursor().Seek(projection.Key(t.text, position))
	if !bytes.HasPrefix(k, projection.Prefix(t.text)) {
		return 0
	}
	return projection.KeyPosition(k)
}

// seek finds the next append that must be looked at; none at the end.
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

// wanted says whether an append is what was asked for: recorded in that time,
// with such an event, while the line was a party.
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
