package lines

import (
	"encoding/binary"
	"sync"
	"time"

	"go.etcd.io/bbolt"
	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/directory"
	"github.com/stafett/stafett/pkg/directory/rules"
	"github.com/stafett/stafett/pkg/taxonomy"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// changesBucket has the revision at which each line last changed, by line id.
const changesBucket = "line-changes"

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
	c.revision = max(c.revision, tx.Bucket([]byte(changesBucket)).Sequence())
	return c.newest, nil
}

// begin computes the facts of all lines at once; availability is added later.
func (c *Cache) begin(tx *bbolt.Tx) error {
	all, err := All(tx)
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
	for _, id := range linesAside(tx, conversation) {
		s, taken, err := lookAt(tx, id, counting{at: at, lease: c.Lease, own: conversation})
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
	bucket := tx.Bucket([]byte(changesBucket))
	if bucket.Sequence() < c.revision {
		return nil
	}
	for id, lapse := range c.lapses {
		if !at.Before(lapse) {
			ids = append(ids, id)
		}
	}
	if bucket.Sequence() == c.revision {
		return ids
	}
	_ = bucket.ForEach(func(id, revision []byte) error {
		if binary.BigEndian.Uint64(revision) > c.revision {
			ids = append(ids, string(id))
		}
		return nil
	})
	return ids
}

// work recomputes one line of the directory.
func (c *Cache) work(tx *bbolt.Tx, id string, at time.Time) error {
	s, taken, err := lookAt(tx, id, counting{at: at, lease: c.Lease})
	if err != nil {
		return err
	}
	if delete(c.lapses, id); !taken.lapse.IsZero() {
		c.lapses[id] = taken.lapse
	}
	c.newest = c.newest.With(id, sameFacts(c.newest, id, s), c.live(s, taken))
	return nil
}

// lookAt reads a line's state and which of its seats are taken.
func lookAt(tx *bbolt.Tx, id string, count counting) (*State, taken, error) {
	s, err := StateOf(tx, id)
	if err != nil {
		return nil, taken{}, err
	}
	taken, err := takenAt(tx, id, count)
	return s, taken, err
}

// sameFacts is the line of a state. If its facts are unchanged, it is the directory's own, so
// that its hours need not be computed again.
func sameFacts(all *directory.Directory, id string, s *State) *handoverv1.Line {
	before := all.Line(id)
	if s.FactsPosition == all.Live(id).FactsPosition || proto.Equal(before, s.Line) {
		return before
	}
	return s.Line
}

// live is a line's availability: what is known of it beyond its facts.
func (c *Cache) live(s *State, taken taken) directory.Live {
	live := directory.Live{Closures: s.Closures, FactsPosition: s.FactsPosition, Seats: map[handoverv1.Channel]directory.Seats{}}
	for _, reported := range s.GetCapacity().GetSeats() {
		live.Seats[reported.Channel] = directory.Seats{Free: reported.Free, Queue: reported.Queue}
	}
	for channel, n := range taken.seats {
		seats := live.Seats[channel]
		seats.Leased = n
		live.Seats[channel] = seats
	}
	if s.Capacity != nil {
		live.SeatsUntil = s.Capacity.ExpireTime.AsTime()
	}
	if s.Rota != nil {
		live.Staffing = c.rotas.of(s)
	}
	return live
}

// revise records that a line has changed. The bucket's sequence is committed with it.
func revise(tx *bbolt.Tx, id string) error {
	bucket := tx.Bucket([]byte(changesBucket))
	revision, err := bucket.NextSequence()
	if err != nil {
		return err
	}
	return bucket.Put([]byte(id), binary.BigEndian.AppendUint64(nil, revision))
}
