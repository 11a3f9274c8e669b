package recovery

import (
	"os"
	"path/filepath"
)

// forget removes from the copy what was derived from the earlier logs, and what names them: a new
// log has a name and a key of its own.
func (r *Recovery) forget() error {
	audit := filepath.Join(r.work, "audit")
	if err := remove(filepath.Join(r.work, "*", "model.db*")); err != nil {
		return err
	}
	if err := r.history.rename(audit); err != nil || r.accesses == nil {
		return err
	}
	accesses := filepath.Join(audit, "accesses")
	if err := remove(filepath.Join(accesses, "model.db*")); err != nil {
		return err
	}
	return r.accesses.rename(accesses)
}

// rename gives a log that audit keeps in a folder its new name.
func (e *earlier) rename(folder string) error {
	for _, pattern := range []string{"tree.db*", "checkpoint*", "log.vkey"} {
		if err := remove(filepath.Join(folder, pattern)); err != nil {
			return err
		}
	}
	if e.signed.key == "" {
		return nil // nobody knows its name
	}
	return os.WriteFile(filepath.Join(folder, "log.origin"), []byte(e.signed.successor()+"\n"), 0o600)
}

func remove(pattern string) error {
	paths, err := filepath.Glob(pattern)
	if err != nil {
		return err
	}
	for _, path := range paths {
		if err := os.RemoveAll(path); err != nil {
			return err
		}
	}
	return nil
}
