package lines

import (
	"path/filepath"
	"testing"

	"go.etcd.io/bbolt"
	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/directory"
	"github.com/stafett/stafett/pkg/event"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	"github.com/stafett/stafett/services/internal/eventlog"
)

// The directory is worked out once for as long as no line in it changes, whatever else
// happens to the lines, and anew for the first that asks afterwards.
func TestCacheIsNewWhereALineHasChanged(t *testing.T) {
	db := openBucket(t)
	var cache Cache
	chain := &State{}
	brus := &handoverv1.Line{Name: "lines/brus", Ages: &handoverv1.AgeBand{MinYears: 7, MaxYears: 25}}
	fold(t, db, chain, &eventv1.LinePublished{Line: brus})
	first := directoryOf(t, db, &cache)
	fold(t, db, chain, &eventv1.TicketRefused{})
	if directoryOf(t, db, &cache) != first {
		t.Error("it was worked out anew for a wrong ticket")
	}
	older := proto.CloneOf(brus)
	older.Ages.MaxYears = 30
	fold(t, db, chain, &eventv1.LinePublished{Line: older})
	if oldest := directoryOf(t, db, &cache).Line("brus").GetAges().GetMaxYears(); oldest != 30 {
		t.Errorf("the oldest is %d after the line changed", oldest)
	}
}

func openBucket(t *testing.T) *bbolt.DB {
	t.Helper()
	db, err := bbolt.Open(filepath.Join(t.TempDir(), "model.db"), 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	if err := db.Update(func(tx *bbolt.Tx) error { _, err := tx.CreateBucket([]byte(Bucket)); return err }); err != nil {
		t.Fatal(err)
	}
	return db
}

// fold folds the next append of a line.
func fold(t *testing.T, db *bbolt.DB, chain *State, what proto.Message) {
	t.Helper()
	entry := eventlog.Entry{Position: chain.HeadPosition + 1, Append: &eventv1.Append{
		Subject: eventlog.LineSubject("brus"), Number: chain.Appends + 1, PreviousHash: chain.HeadHash,
		Events: []*eventv1.Event{event.Of(what)},
	}}
	entry.Hash[0] = byte(entry.Position)
	if err := db.Update(func(tx *bbolt.Tx) error { return Fold(tx, entry) }); err != nil {
		t.Fatal(err)
	}
	chain.HeadPosition, chain.Appends, chain.HeadHash = entry.Position, entry.Append.Number, entry.Hash[:]
}

func directoryOf(t *testing.T, db *bbolt.DB, cache *Cache) (d *directory.Directory) {
	t.Helper()
	err := db.View(func(tx *bbolt.Tx) (err error) {
		d, err = cache.Directory(tx)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return d
}
