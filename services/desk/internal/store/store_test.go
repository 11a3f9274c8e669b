package store_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"filippo.io/age"

	"github.com/stafett/stafett/services/desk/internal/store"
)

func identity(t *testing.T) *age.HybridIdentity {
	t.Helper()
	made, err := age.GenerateHybridIdentity()
	if err != nil {
		t.Fatal(err)
	}
	return made
}

func open(t *testing.T, path string, storage *age.HybridIdentity) *store.Store {
	t.Helper()
	s, err := store.Open(path, storage)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func TestWhatWasPutIsThereAfterARestartAndNowhereReadable(t *testing.T) {
	path, storage := filepath.Join(t.TempDir(), "desk.db"), identity(t)
	s := open(t, path, storage)
	if err := s.Put("talk", "a", "is hit at home"); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if raw, err := os.ReadFile(path); err != nil || bytes.Contains(raw, []byte("hit at home")) {
		t.Errorf("the file shows the words (%v)", err)
	}
	var got string
	if err := open(t, path, storage).Get("talk", "a", &got); err != nil || got != "is hit at home" {
		t.Errorf("after a restart: %q, %v", got, err)
	}
}

func TestAnotherKeyOpensNothing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "desk.db")
	open(t, path, identity(t)).Close()
	if s, err := store.Open(path, identity(t)); err == nil {
		s.Close()
		t.Error("another line's storage key opened the store")
	}
}

func TestAFileHasOneDesk(t *testing.T) {
	path, storage := filepath.Join(t.TempDir(), "desk.db"), identity(t)
	open(t, path, storage)
	if second, err := store.Open(path, storage); err == nil {
		second.Close()
		t.Error("two desks opened one file")
	}
}

func TestWhatIsDeletedIsGone(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "desk.db"), identity(t))
	for _, key := range []string{"a", "b"} {
		if err := s.Put("talk", key, key); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Delete("talk", "a"); err != nil {
		t.Fatal(err)
	}
	var got string
	if err := s.Get("talk", "a", &got); !errors.Is(err, store.ErrNone) {
		t.Errorf("after deletion: %q, %v", got, err)
	}
	var keys []string
	err := store.Each(s, "talk", func(key, value string) error { keys = append(keys, key+value); return nil })
	if err != nil || len(keys) != 1 || keys[0] != "bb" {
		t.Errorf("left: %q, %v", keys, err)
	}
}
