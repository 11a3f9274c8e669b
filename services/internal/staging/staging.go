// Package staging lets an embedded nats-server stage batches of commits in memory.
//
// A batch that is staged on the disk costs about eight syncs, in memory one, the log's own. Each
// start of the server finishes a batch that a kill interrupted. A power cut takes what is staged
// away, and leaves the first commits of a batch at most. Each is whole, nobody was told that it
// is stored, and nobody has read it.
package staging

import (
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/stafett/stafett/services/internal/eventlog"
)

// memory is a folder that Linux keeps in memory.
const memory = "/dev/shm"

// link is where the server stages batches.
func link(store string) string {
	return filepath.Join(store, "jetstream", "$G", "streams", eventlog.Name, "batches")
}

// folderOf is the beginning of the names of a store's folders in memory. A copy of a store has the link
// of the original, and must not touch what that points to.
func folderOf(store string) string {
	if absolute, err := filepath.Abs(store); err == nil {
		store = absolute
	}
	hash := sha256.Sum256([]byte(store))
	return fmt.Sprintf("stafett-%x-", hash[:8])
}

// Before returns the folder in which the server staged when it was killed, if it was. Ask before the server
// starts: in a copy of a store it removes the link to the folder of the original.
func Before(store string) string {
	folder := Folder(store)
	if _, err := os.Readlink(link(store)); err == nil && folder == "" {
		os.Remove(link(store))
	}
	return folder
}

// Folder returns the folder in memory in which the server of a store stages; an empty string if there
// is none.
func Folder(store string) string {
	folder, err := os.Readlink(link(store))
	if err != nil || filepath.Dir(folder) != memory || !strings.HasPrefix(filepath.Base(folder), folderOf(store)) {
		return ""
	}
	return folder
}

// Begin makes a folder in memory and lets the server of a store stage in it, until that starts
// again. It returns an empty string where that cannot be had, and the server stages on the disk.
func Begin(store string) string {
	folder, err := os.MkdirTemp(memory, folderOf(store))
	if err != nil {
		return ""
	}
	if err = os.MkdirAll(filepath.Dir(link(store)), 0o700); err == nil {
		err = os.Symlink(folder, link(store))
	}
	if err != nil {
		os.RemoveAll(folder)
		return ""
	}
	return folder
}

// End removes the folder and the link, once the server has stopped.
func End(store string) {
	if folder := Folder(store); folder != "" {
		os.RemoveAll(folder)
		os.Remove(link(store))
	}
}
