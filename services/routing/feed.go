package routing

import (
	"bytes"
	"encoding/binary"
	"slices"

	"go.etcd.io/bbolt"

	"github.com/stafett/stafett/services/internal/projection"
)

// feed is what the watches of one RPC send, line by line. An item is the name of something
// that a watch sends as it stands.
type feed struct {
	// changes has each item once, by line and the place of its newest change.
	changes []byte
	// places has the place of each item's newest change, by line and item.
	places []byte
	// standing has the items among them that concern the line now, by line and item: what a
	// watch sends first. It stays as small as the line's work, however long the history is.
	standing []byte
}

func newFeed(name string) feed {
	return feed{[]byte(name), []byte(name + " places"), []byte(name + " standing")}
}

func (f feed) buckets() []string {
	return []string{string(f.changes), string(f.places), string(f.standing)}
}

// watched is the key that the watches of a line wait for.
func (f feed) watched(line string) string { return string(f.changes) + " of " + line }

// feeding writes the changes of one commit.
type feeding struct {
	feed
	tx       *projection.Tx
	position uint64
	count    byte
}

func (f feed) feeding(tx *projection.Tx, position uint64) *feeding {
	return &feeding{feed: f, tx: tx, position: position}
}

// place is where a change stands: at a position, and the how manieth change of its commit it is.
type place [9]byte

// firstAfter comes before all changes after a position.
func firstAfter(position uint64) (p place) {
	binary.BigEndian.PutUint64(p[:], position+1)
	return p
}

// next comes after a place and before all later ones.
func (p place) next() place {
	p[8]++ // a commit has far fewer than 255 events
	return p
}

func (f *feeding) place() []byte {
	f.count++
	return append(binary.BigEndian.AppendUint64(nil, f.position), f.count)
}

// put records that an item changed for a line, and whether it concerns the line now.
func (f *feeding) put(line, what string, concerns bool) error {
	f.tx.Touch(f.watched(line))
	prefix, place := projection.Prefix(line), f.place()
	item := slices.Concat(prefix, []byte(what))
	if older := f.tx.Bucket(f.places).Get(item); older != nil {
		if err := f.tx.Bucket(f.changes).Delete(slices.Concat(prefix, older)); err != nil {
			return err
		}
	}
	if err := f.tx.Bucket(f.changes).Put(slices.Concat(prefix, place), []byte(what)); err != nil {
		return err
	}
	if err := f.tx.Bucket(f.places).Put(item, place); err != nil {
		return err
	}
	if !concerns {
		return f.tx.Bucket(f.standing).Delete(item)
	}
	return f.tx.Bucket(f.standing).Put(item, place)
}

// change is an item for a line's watch, and the position of its newest change.
type change struct {
	position uint64
	what     string
}

// scanned is how many places are read at once.
const scanned = 10_000

// since returns the places of a line's changes from one on, oldest first.
func (f feed) since(tx *bbolt.Tx, line string, from place) (places []place) {
	prefix := projection.Prefix(line)
	cursor := tx.Bucket(f.changes).Cursor()
	for k, _ := cursor.Seek(slices.Concat(prefix, from[:])); bytes.HasPrefix(k, prefix) && len(places) < scanned; k, _ = cursor.Next() {
		places = append(places, place(k[len(prefix):]))
	}
	return places
}

// now returns the places of the items that concern a line now, oldest change first.
func (f feed) now(tx *bbolt.Tx, line string) (places []place) {
	prefix := projection.Prefix(line)
	cursor := tx.Bucket(f.standing).Cursor()
	for k, at := cursor.Seek(prefix); bytes.HasPrefix(k, prefix); k, at = cursor.Next() {
		places = append(places, place(at))
	}
	slices.SortFunc(places, func(a, b place) int { return bytes.Compare(a[:], b[:]) })
	return places
}

// at returns the change at a place, unless its item has changed since.
func (f feed) at(tx *bbolt.Tx, line string, at place) (change, bool) {
	what := tx.Bucket(f.changes).Get(slices.Concat(projection.Prefix(line), at[:]))
	return change{binary.BigEndian.Uint64(at[:]), string(what)}, what != nil
}
