package projection

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"

	"github.com/natefinch/atomic"
	"go.etcd.io/bbolt"
)

// sessionFile lies beside a read model while it is in use, and says under which
// boot of the machine it is written. It is a file of its own, because a torn
// read model cannot be asked.
func sessionFile(path string) string { return path + ".session" }

// beginSession marks the file as in use, and from then on leaves it to the
// system to write it out.
func beginSession(db *bbolt.DB) error {
	err := atomic.WriteFile(sessionFile(db.Path()), bytes.NewReader(boot()))
	if err == nil {
		err = syncFolder(filepath.Dir(db.Path()))
	}
	db.NoSync, db.NoGrowSync = true, true
	return err
}

// syncFolder makes a new file in a folder last.
func syncFolder(path string) error {
	folder, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}

// endSession writes the file out and then takes the mark away, in this order.
func endSession(db *bbolt.DB) error {
	if err := db.Sync(); err != nil {
		return err
	}
	return os.Remove(sessionFile(db.Path()))
}

// whole says whether a file has everything that was written to it: it was closed
// in order, or the machine has not been down since.
func whole(path string) bool {
	session, err := os.ReadFile(sessionFile(path))
	if errors.Is(err, os.ErrNotExist) {
		return true
	}
	return err == nil && len(session) > 0 && bytes.Equal(session, boot())
}

// boot tells this boot of the machine from every other. It is empty where the
// system does not tell, and then a file that was not closed in order is rebuilt.
func boot() []byte {
	id, err := os.ReadFile("/proc/sys/kernel/random/boot_id")
	if err != nil {
		return []byte{}
	}
	return bytes.TrimSpace(id)
}
