package boltfile_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.etcd.io/bbolt"

	"github.com/stafett/stafett/services/internal/boltfile"
)

var bucket = []byte("bucket")

// made returns a closed file with a value in a bucket.
func made(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "file.db")
	f, err := boltfile.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	err = f.Update(func(tx *bbolt.Tx) error {
		b, err := tx.CreateBucket(bucket)
		return errors.Join(err, b.Put([]byte("key"), []byte("value")))
	})
	if err := errors.Join(err, f.Close()); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestWhatWasWrittenIsReadAgain(t *testing.T) {
	f, err := boltfile.Open(made(t))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	err = f.View(func(tx *bbolt.Tx) error {
		if value := tx.Bucket(bucket).Get([]byte("key")); string(value) != "value" {
			t.Errorf("it has %q", value)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// TestNothingIsSteppedBackTo: bbolt would fall back to the transaction before the one whose
// page is damaged.
func TestNothingIsSteppedBackTo(t *testing.T) {
	for page := range 2 {
		path := made(t)
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		text[page*os.Getpagesize()+40] ^= 1
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := boltfile.Open(path); !errors.Is(err, boltfile.ErrDamaged) {
			t.Errorf("with page %d damaged it opens with %v", page, err)
		}
	}
}

// TestAPanicIsAnErrorOnce, and nothing is done after it: bbolt holds its locks.
func TestAPanicIsAnErrorOnce(t *testing.T) {
	f, err := boltfile.Open(made(t))
	if err != nil {
		t.Fatal(err)
	}
	panics := func(*bbolt.Tx) error { panic("page 7 is wrong") }
	for range 2 {
		if err := f.Update(panics); !errors.Is(err, boltfile.ErrDamaged) || !strings.Contains(err.Error(), "page 7 is wrong") {
			t.Errorf("it ends with %v", err)
		}
	}
	if err := f.Close(); err != nil {
		t.Error(err)
	}
}

// TestAFileThatCannotBeMadeIsNone, so that nobody closes it.
func TestAFileThatCannotBeMadeIsNone(t *testing.T) {
	if f, err := boltfile.Open(filepath.Join(t.TempDir(), "missing", "file.db")); f != nil || err == nil {
		t.Errorf("it opened %v: %v", f, err)
	}
}

func TestAnotherFileIsADamagedOne(t *testing.T) {
	path := filepath.Join(t.TempDir(), "text")
	if err := os.WriteFile(path, []byte("hello"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := boltfile.Open(path); !errors.Is(err, boltfile.ErrDamaged) {
		t.Errorf("a text opens with %v", err)
	}
}

// TestAfter reads a bucket page by page, each key once.
func TestAfter(t *testing.T) {
	f, err := boltfile.Open(made(t))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var read []string
	err = f.Update(func(tx *bbolt.Tx) error {
		b := tx.Bucket(bucket)
		for _, k := range []string{"k", "kez", "key\x00"} {
			if err := b.Put([]byte(k), []byte("value")); err != nil {
				return err
			}
		}
		for last, more := []byte(nil), true; more; {
			more = false
			for k, v := range boltfile.After(b, last, 2) {
				read, last, more = append(read, string(k)), k, string(v) == "value"
			}
		}
		return nil
	})
	if got := strings.Join(read, " "); err != nil || got != "k key key\x00 kez" {
		t.Errorf("it read %q, %v", got, err)
	}
}
