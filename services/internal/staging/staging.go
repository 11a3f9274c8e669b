// Package staging lets an embedded nats-server stage batches of commits in memory.
//
// A batch that is staged on the disk costs about eight syncs, in memory one, the log's own. Each
// start of the server finishes a batch that a kill interrupted. A power cut takes what is staged
// away, and leaves the first commits of a batch at most. Each is whole, nobody was told that it
// is stored, and nobody has read it.
package staging

import (
	"os"
	"path/filepath"

	"github.com/stafett/stafett/services/internal/eventlog"
)

// memory is a folder that Linux keeps in memory.
const memory = "/dev/shm"

// link is where the server stages batches.
func link(store string) string {
	return filepath.Join(store, "jetstream", "$G", "streams", eventlog.Name, "batches")
}

// Folder returns the folder in memory in which the server of a store stages, or staged when it was
// killed; an empty string if there is none.
func Folder(store string) string {
	folder, err := os.Readlink(link(store))
	if err != nil || filepath.Dir(folder) != memory {
		return ""
	}
	return folder
}

// Begin makes a folder in memory and lets the server of a store stage in it, until that starts
// again. It returns an empty string where that cannot be had, and the server stages on the disk.
func Begin(store string) string {
	folder, err := os.MkdirTemp(memory, "stafett-")
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
