// Package livedirectory is the directory as it is right now: what lines published, together with
// their closures, rotas and the seats that are left. It also decides whether a line's seat may
// be reserved for an offer.
package livedirectory

import (
	"errors"
	"slices"
	"sync"
	"time"

	"go.etcd.io/bbolt"
	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/directory"
	"github.com/stafett/stafett/pkg/directory/rules"
	"github.com/stafett/stafett/pkg/taxonomy"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	"github.com/stafett/stafett/services/internal/eventlog"
	"github.com/stafett/stafett/services/internal/lines"
	"github.com/stafett/stafett/services/internal/seats"
)

// Buckets are those that a projection needs for the live directory.
var Buckets = slices.Concat(lines.Buckets, seats.Buckets)

// Project applies a line's entry. It ignores other entries.
func Project(tx *bbolt.Tx, entry eventlog.Entry) error {
	return errors.Join(lines.Project(tx, entry), seats.ProjectLine(tx, entry))
}

// Cache keeps the directory of one projection computed, and recomputes what has changed. Lease
// is how long a seat is reserved for an offer that is not sent.
type Cache struct {
	Lease time.Duration
	// Topics that the lines serve. Nil: the built-in ones.
	Topics *taxonomy.Taxonomy
	// Rules that rank them. Nil: the built-in ones.
	Rules *rules.Rules

	rotas rotas

	mu       sync.Mutex
	revision uint64
	newest   *directory.Directory
	// lapses is when the reserved seats of a line must be counted again.
	lapses map[string]time.Time
}

// Directory is the directory at an instant, as a transaction sees it. An old transaction may
// get a newer directory, but never an older one.
func (c *Cache) Directory(tx *bbolt.Tx, at time.Time) (*directory.Directory, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.newest == nil {
		if err := c.begin(tx); err != nil {
			return nil, err
		}
	}
	for _, id := range c.stale(tx, at) {
		if err := c.work(tx, id, at); err != nil {
			return nil, err
		}
	}
	c.revision = max(c.revision, lines.Revision(tx))
	return c.newest, nil
}

// begin computes the facts of all lines at once; availability is added later.
func (c *Cache) begin(tx *bbolt.Tx) error {
	all, err := lines.All(tx)
	c.newest = directory.New(all, directory.Under(c.Topics), directory.By(c.Rules))
	c.lapses = map[string]time.Time{}
	return err
}

// empty is a directory without lines.
func (c *Cache) empty() *directory.Directory {
	return directory.New(nil, directory.Under(c.Topics), directory.By(c.Rules))
}

// For is the directory for a conversation: a seat reserved for one of its own offers counts as
// free to it. Another service may have reserved it a moment ago, or this one before a restart.
func (c *Cache) For(tx *bbolt.Tx, conversation string, at time.Time) (*directory.Directory, error) {
	all, err := c.Directory(tx, at)
	if err != nil {
		return nil, err
	}
	for _, id := range seats.ReservedFor(tx, conversation) {
		s, taken, err := lookAt(tx, id, seats.Counting{At: at, Lease: c.Lease, Own: conversation})
		if err != nil {
			return nil, err
		}
		all = all.With(id, sameFacts(all, id, s), c.live(s, taken))
	}
	return all, nil
}

// stale are the lines that must be recomputed. An old transaction recomputes none, because
// that would make the directory older.
func (c *Cache) stale(tx *bbolt.Tx, at time.Time) (ids []string) {
	if lines.Revision(tx) < c.revision {
		return nil
	}
	for id, lapse := range c.lapses {
		if !at.Before(lapse) {
			ids = append(ids, id)
		}
	}
	return append(ids, lines.ChangedSince(tx, c.revision)...)
}

// work recomputes one line of the directory.
func (c *Cache) work(tx *bbolt.Tx, id string, at time.Time) error {
	s, taken, err := lookAt(tx, id, seats.Counting{At: at, Lease: c.Lease})
	if err != nil {
		return err
	}
	if delete(c.lapses, id); !taken.Lapse.IsZero() {
		c.lapses[id] = taken.Lapse
	}
	c.newest = c.newest.With(id, sameFacts(c.newest, id, s), c.live(s, taken))
	return nil
}

// lookAt reads a line's state and which of its seats are taken.
func lookAt(tx *bbolt.Tx, id string, count seats.Counting) (*lines.State, seats.Taken, error) {
	s, err := lines.StateOf(tx, id)
	if err != nil {
		return nil, seats.Taken{}, err
	}
	taken, err := seats.Count(tx, id, count)
	return s, taken, err
}

// sameFacts is the line of a state. If its facts are unchanged, it is the directory's own, so
// that its hours need not be computed again.
func sameFacts(all *directory.Directory, id string, s *lines.State) *handoverv1.Line {
	before := all.Line(id)
	if s.FactsPosition == all.Live(id).FactsPosition || proto.Equal(before, s.Line) {
		return before
	}
	return s.Line
}

// live is a line's availability: what is known of it beyond its facts.
func (c *Cache) live(s *lines.State, taken seats.Taken) directory.Live {
	live := directory.Live{Closures: s.Closures, Suspended: s.Suspended, FactsPosition: s.FactsPosition, Seats: map[handoverv1.Channel]directory.Seats{}}
	for _, reported := range s.GetCapacity().GetSeats() {
		live.Seats[reported.Channel] = directory.Seats{Free: reported.Free, Queue: reported.Queue}
	}
	for channel, n := range taken.Seats {
		reported := live.Seats[channel]
		reported.Leased, reported.Yielding = n, taken.Owed[channel]+taken.Ringing[channel]
		live.Seats[channel] = reported
	}
	if s.Capacity != nil {
		live.SeatsUntil = s.Capacity.ExpireTime.AsTime()
	}
	if s.Rota != nil {
		live.Staffing = c.rotas.of(s)
	}
	return live
}
