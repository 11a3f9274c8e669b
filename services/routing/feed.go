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

// feeding writes the changes of one commit.
type feeding struct {
	feed
	tx       *bbolt.Tx
	position uint64
	count    byte
}

func (f feed) at(tx *bbolt.Tx, position uint64) *feeding {
	return &feeding{feed: f, tx: tx, position: position}
}

// place tells changes of one commit apart.
func (f *feeding) place() []byte {
	f.count++
	return append(binary.BigEndian.AppendUint64(nil, f.position), f.count)
}

// put records that an item changed for a line, and whether it concerns the line now.
func (f *feeding) put(line, what string, concerns bool) error {
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

// since returns a line's changes after a position, oldest first.
func (f feed) since(tx *bbolt.Tx, line string, after uint64) []change {
	var changes []change
	prefix := projection.Prefix(line)
	cursor := tx.Bucket(f.changes).Cursor()
	for k, what := cursor.Seek(projection.Key(line, after+1)); bytes.HasPrefix(k, prefix); k, what = cursor.Next() {
		changes = append(changes, change{projection.KeyPosition(k[:len(k)-1]), string(what)})
	}
	return changes
}

// now returns the items that concern a line now, oldest change first.
func (f feed) now(tx *bbolt.Tx, line string) []change {
	var places [][]byte
	prefix := projection.Prefix(line)
	items := map[string]string{}
	cursor := tx.Bucket(f.standing).Cursor()
	for k, place := cursor.Seek(prefix); bytes.HasPrefix(k, prefix); k, place = cursor.Next() {
		places = append(places, place)
		items[string(place)] = string(k[len(prefix):])
	}
	slices.SortFunc(places, bytes.Compare)
	var changes []change
	for _, place := range places {
		changes = append(changes, change{binary.BigEndian.Uint64(place), items[string(place)]})
	}
	return changes
}
