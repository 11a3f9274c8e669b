package readmodel_test

import (
	"os"
	"path/filepath"
	"testing"

	"go.etcd.io/bbolt"

	"github.com/stafett/stafett/services/internal/eventlog"
	"github.com/stafett/stafett/services/internal/logtest"
)

// TestWhichFilesAreRebuilt: a file that was not closed in order has everything
// after a kill, and cannot be trusted after a power cut.
func TestWhichFilesAreRebuilt(t *testing.T) {
	cases := map[string]struct {
		change  func(meta *bbolt.Bucket) error
		rebuilt bool
	}{
		"killed, the machine still up": {func(*bbolt.Bucket) error { return nil }, false},
		"closed in order":              {func(meta *bbolt.Bucket) error { return meta.Delete([]byte("session")) }, false},
		"the machine was down":         {func(meta *bbolt.Bucket) error { return meta.Put([]byte("session"), []byte("another boot")) }, true},
		"the machine does not tell":    {func(meta *bbolt.Bucket) error { return meta.Put([]byte("session"), []byte{}) }, true},
	}
	log := logtest.New(t, "intake")
	fill(t, log, "c", 10)
	file := path(t)
	open(t, file, log, definition("1")) // still open, as when it is killed
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			killed := filepath.Join(t.TempDir(), "model.db")
			if err := os.WriteFile(killed, bytesOf(t, file), 0o600); err != nil {
				t.Fatal(err)
			}
			alter(t, killed, c.change)
			folded := 0
			d := definition("1")
			fold := d.Fold
			d.Fold = func(tx *bbolt.Tx, entry eventlog.Entry) error { folded++; return fold(tx, entry) }
			m := open(t, killed, log, d)
			if rebuilt := folded == 10; rebuilt != c.rebuilt || m.Position() != 10 || len(content(t, m)) != 22 {
				t.Errorf("%d entries were folded and it is at %d, want rebuilt %v and 10", folded, m.Position(), c.rebuilt)
			}
		})
	}
}

// alter changes a file's own bucket.
func alter(t *testing.T, file string, change func(*bbolt.Bucket) error) {
	t.Helper()
	db, err := bbolt.Open(file, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.Update(func(tx *bbolt.Tx) error { return change(tx.Bucket([]byte("meta"))) }); err != nil {
		t.Fatal(err)
	}
}

func TestClosedInOrderItSaysSo(t *testing.T) {
	log, file := logtest.New(t, "intake"), path(t)
	m := open(t, file, log, definition("1"))
	m.Close()
	alter(t, file, func(meta *bbolt.Bucket) error {
		if session := meta.Get([]byte("session")); session != nil {
			t.Errorf("closed, it says that it is in use by %q", session)
		}
		return nil
	})
}
