package staging_test

import (
	"os"
	"testing"

	"github.com/stafett/stafett/services/internal/staging"
)

// A copy of a store, for example a backup that is tried out, does not touch the folder of the original.
func TestACopyLeavesTheOriginalsFolderAlone(t *testing.T) {
	store, other := t.TempDir(), t.TempDir()+"/copy"
	folder := staging.Begin(store)
	if folder == "" {
		t.Skip("this system keeps no folder in memory")
	}
	t.Cleanup(func() { staging.End(store) })
	if err := os.CopyFS(other, os.DirFS(store)); err != nil {
		t.Fatal(err)
	}
	if found := staging.Before(other); found != "" {
		t.Errorf("the copy stages in %s", found)
	}
	if err := os.MkdirAll(other+"/jetstream/$G/streams/STAFETT/batches/one", 0o700); err != nil {
		t.Fatal(err)
	}
	if left, err := os.ReadDir(folder); err != nil || len(left) > 0 {
		t.Errorf("the copy writes into the folder of the original: %v, %v", left, err)
	}
	staging.End(other)
	if found := staging.Folder(store); found != folder {
		t.Errorf("the original stages in %q, want %q", found, folder)
	}
}

func TestNothingIsLeftInMemory(t *testing.T) {
	store := t.TempDir()
	folder := staging.Begin(store)
	if folder == "" {
		t.Skip("this system keeps no folder in memory")
	}
	staging.End(store)
	if _, err := os.Stat(folder); !os.IsNotExist(err) {
		t.Errorf("%s is still there: %v", folder, err)
	}
	if staging.Begin(store) == "" {
		t.Error("it cannot begin again")
	}
	staging.End(store)
}
