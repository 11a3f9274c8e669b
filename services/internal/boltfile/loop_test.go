package boltfile_test

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"testing"

	"go.etcd.io/bbolt"

	"github.com/stafett/stafett/services/internal/boltfile"
	"github.com/stafett/stafett/services/internal/boltfile/boltfiletest"
)

// filled opens a file with branch pages below each other.
func filled(t *testing.T) *boltfile.File {
	t.Helper()
	f, err := boltfile.Open(made(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	err = f.Update(func(tx *bbolt.Tx) error {
		for i := range 20_000 {
			if err := tx.Bucket(bucket).Put(fmt.Append(nil, "a long key with the number ", i), make([]byte, 64)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// TestPagesInACircleAreDamage, at the start and while the file is open: bbolt would follow them until
// the stack is full.
func TestPagesInACircleAreDamage(t *testing.T) {
	all := func(tx *bbolt.Tx) error { return tx.Bucket(bucket).ForEach(func(_, _ []byte) error { return nil }) }
	writes := func(tx *bbolt.Tx) error { return tx.Bucket(bucket).Put([]byte("b"), []byte("b")) }
	for name, plant := range boltfiletest.Circles {
		f := filled(t)
		if err := f.View(all); err != nil {
			t.Fatal(err)
		}
		if err := plant(f.Path()); err != nil {
			t.Fatal(err)
		}
		for what, err := range map[string]error{"read": f.View(all), "written": f.Update(writes), "watched": f.Watch(t.Context())} {
			if !errors.Is(err, boltfile.ErrDamaged) {
				t.Errorf("%s: %s, the open file ends with %v", name, what, err)
			}
		}
		path := f.Path()
		if err := f.Close(); err != nil {
			t.Errorf("%s: it closes with %v", name, err)
		}
		if _, err := boltfile.Open(path); !errors.Is(err, boltfile.ErrDamaged) {
			t.Errorf("%s: it opens with %v", name, err)
		}
	}
}

// TestAFileThatIsTouchedGoesOn: only what was written counts, not that it was.
func TestAFileThatIsTouchedGoesOn(t *testing.T) {
	f := filled(t)
	text, err := os.ReadFile(f.Path())
	if err != nil {
		t.Fatal(err)
	}
	file, err := os.OpenFile(f.Path(), os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for range 3 {
		if _, err := file.WriteAt(text[:8], 0); err != nil {
			t.Fatal(err)
		}
		err := f.Update(func(tx *bbolt.Tx) error {
			return tx.Bucket(bucket).Put([]byte("b"), binary.BigEndian.AppendUint64(nil, 7))
		})
		if err != nil {
			t.Error(err)
		}
	}
}
