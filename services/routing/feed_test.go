package routing

import (
	"fmt"
	"path/filepath"
	"slices"
	"testing"

	"go.etcd.io/bbolt"

	"github.com/stafett/stafett/services/internal/projection"
)

// fed is a feed with 250 items of a line, of which every second one concerns it, and one of
// another line.
func fed(t *testing.T) (*bbolt.DB, feed) {
	t.Helper()
	db, err := bbolt.Open(filepath.Join(t.TempDir(), "feed.db"), 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	f := newFeed("test")
	put(t, db, func(tx *bbolt.Tx) error {
		for _, bucket := range f.buckets() {
			if _, err := tx.CreateBucket([]byte(bucket)); err != nil {
				return err
			}
		}
		batch := &projection.Tx{Tx: tx}
		for i := range 250 {
			if err := f.feeding(batch, uint64(i+1)).put("bris", fmt.Sprintf("c%03d", i), i%2 == 0); err != nil {
				return err
			}
		}
		return f.feeding(batch, 251).put("brisk", "other", true)
	})
	return db, f
}

func put(t *testing.T, db *bbolt.DB, do func(*bbolt.Tx) error) {
	t.Helper()
	if err := db.Update(do); err != nil {
		t.Fatal(err)
	}
}

// items are what is at some places.
func (f feed) items(tx *bbolt.Tx, places []place) (items []string) {
	for _, p := range places {
		if c, there := f.at(tx, "bris", p); there {
			items = append(items, fmt.Sprintf("%d %s", c.position, c.what))
		}
	}
	return items
}

func TestAFeedBeginsWithWhatConcernsTheLineNow(t *testing.T) {
	db, f := fed(t)
	put(t, db, func(tx *bbolt.Tx) error { return f.feeding(&projection.Tx{Tx: tx}, 300).put("bris", "c000", true) })
	db.View(func(tx *bbolt.Tx) error {
		got := f.items(tx, f.now(tx, "bris"))
		if len(got) != 125 || got[0] != "3 c002" || got[124] != "300 c000" {
			t.Errorf("%d items, from %s to %s", len(got), got[0], got[len(got)-1])
		}
		return nil
	})
}

func TestAFeedGoesOnWhereItWas(t *testing.T) {
	db, f := fed(t)
	put(t, db, func(tx *bbolt.Tx) error {
		twice := f.feeding(&projection.Tx{Tx: tx}, 300)
		if err := twice.put("bris", "c000", true); err != nil {
			return err
		}
		return twice.put("bris", "c001", false)
	})
	db.View(func(tx *bbolt.Tx) error {
		places := f.since(tx, "bris", firstAfter(249))
		if got, want := f.items(tx, places), []string{"250 c249", "300 c000", "300 c001"}; !slices.Equal(got, want) {
			t.Errorf("after position 249: %v, want %v", got, want)
		}
		if got, want := f.items(tx, f.since(tx, "bris", places[1].next())), []string{"300 c001"}; !slices.Equal(got, want) {
			t.Errorf("within a commit: %v, want %v", got, want)
		}
		return nil
	})
}

// TestWhatHasChangedIsSentFromItsNewPlace alone.
func TestWhatHasChangedIsSentFromItsNewPlace(t *testing.T) {
	db, f := fed(t)
	var before []place
	db.View(func(tx *bbolt.Tx) error { before = f.since(tx, "bris", firstAfter(0)); return nil })
	put(t, db, func(tx *bbolt.Tx) error { return f.feeding(&projection.Tx{Tx: tx}, 300).put("bris", "c000", true) })
	db.View(func(tx *bbolt.Tx) error {
		if got := f.items(tx, before); len(got) != 249 || got[0] != "2 c001" {
			t.Errorf("%d items from %s, want all but c000", len(got), got[0])
		}
		return nil
	})
}
