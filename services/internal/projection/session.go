package projection

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"

	"github.com/natefinch/atomic"

	"github.com/stafett/stafett/services/internal/boltfile"
)

// sessionFile is beside a projection while it is in use, and records the boot of the machine
// under which it is written. It is a separate file, because a torn projection cannot be read.
func sessionFile(path string) string { return path + ".session" }

// beginSession marks the file as in use; from then on the operating system decides when to
// write it to disk.
func beginSession(db *boltfile.File) error {
	err := atomic.WriteFile(sessionFile(db.Path()), bytes.NewReader(boot()))
	if err == nil {
		err = syncFolder(filepath.Dir(db.Path()))
	}
	db.Unsynced()
	return err
}

// syncFolder makes a folder's new file durable.
func syncFolder(path string) error {
	folder, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}

// endSession syncs the file and then removes the mark, in this order.
func endSession(db *boltfile.File) error {
	if err := db.Sync(); err != nil {
		return err
	}
	return os.Remove(sessionFile(db.Path()))
}

// whole reports whether a file has everything that was written to it: it was closed cleanly,
// or the machine has not restarted since.
func whole(path string) bool {
	session, err := os.ReadFile(sessionFile(path))
	if errors.Is(err, os.ErrNotExist) {
		return true
	}
	return err == nil && len(session) > 0 && bytes.Equal(session, boot())
}

// boot identifies this boot of the machine. It is empty on systems that do not report one; a
// file that was not closed cleanly is then rebuilt.
func boot() []byte {
	id, err := os.ReadFile("/proc/sys/kernel/random/boot_id")
	if err != nil {
		return []byte{}
	}
	return bytes.TrimSpace(id)
}
