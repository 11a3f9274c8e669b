// Package boltfile opens a bbolt file only where all of its pages are whole, so that a
// page that is bad, or goes bad while the file is open, is an error and never the end of
// the process. bbolt itself believes its pages: a wrong bit in one makes it panic, run in
// circles, or write over what is needed, and one in its newest meta page makes it forget
// the last transaction. Its own check would meet the same pages.
//
// Looking at the pages reads all of the file once.
package boltfile

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"runtime/debug"
	"sync"
	"time"

	"go.etcd.io/bbolt"
	bbolterrors "go.etcd.io/bbolt/errors"
	"golang.org/x/sys/unix"
)

// ErrDamaged: a page is not as bbolt wrote it.
var ErrDamaged = errors.New("the file is damaged")

// File is an open file.
type File struct {
	db *bbolt.DB
	on *os.File

	mu sync.Mutex
	// broken is why a transaction could not be ended. bbolt's locks are held since
	// then, so it must not be asked for anything more.
	broken error
}

// patience is how long another process may still have the file.
const patience = 5 * time.Second

// Open opens a file whose pages are whole, or makes one. Errors: ErrDamaged.
func Open(path string) (*File, error) {
	if err := Check(path); err != nil {
		return nil, err
	}
	f := &File{}
	err := f.bbolt(path, false)
	return f, err
}

// Check looks at the pages while no other process can write them, for bbolt locks
// what it opens for reading, and reads no more than the first two. A file that is still
// to be made is whole. Errors: ErrDamaged.
func Check(path string) error {
	if info, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) || err == nil && info.Size() == 0 {
		return nil // it is to be made
	}
	f := &File{}
	if err := f.bbolt(path, true); err != nil {
		return err
	}
	defer f.db.Close()
	return wholePages(f.on)
}

// bbolt opens the file with bbolt.
func (f *File) bbolt(path string, readOnly bool) error {
	options := &bbolt.Options{Timeout: patience, FreelistType: bbolt.FreelistMapType, ReadOnly: readOnly}
	options.OpenFile = func(path string, flag int, mode os.FileMode) (on *os.File, err error) {
		f.on, err = os.OpenFile(path, flag, mode)
		return f.on, err
	}
	panicked, err := guard(func() (err error) {
		f.db, err = bbolt.Open(path, 0o600, options)
		return err
	})
	if panicked {
		f.on.Close()
	}
	var system *fs.PathError
	if err == nil || errors.Is(err, bbolterrors.ErrTimeout) || errors.As(err, &system) || errors.Is(err, ErrDamaged) {
		return err
	}
	return fmt.Errorf("%w: %w", ErrDamaged, err)
}

// guard does what reads the file, which lies in memory. bbolt panics where it is
// wrong, and the machine faults where it cannot be read; both come back as
// ErrDamaged.
func guard(do func() error) (panicked bool, err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if why := recover(); why != nil {
			panicked, err = true, fmt.Errorf("%w: %v", ErrDamaged, why)
		}
	}()
	return false, do()
}

// View reads in a transaction. Errors: ErrDamaged.
func (f *File) View(do func(*bbolt.Tx) error) error {
	return f.guarded(func() error { return f.db.View(do) })
}

// Update writes in a transaction. Errors: ErrDamaged.
func (f *File) Update(do func(*bbolt.Tx) error) error {
	return f.guarded(func() error { return f.db.Update(do) })
}

// guarded does nothing once something panicked.
func (f *File) guarded(do func() error) error {
	if err := f.why(); err != nil {
		return err
	}
	panicked, err := guard(do)
	if panicked {
		f.mu.Lock()
		f.broken = err
		f.mu.Unlock()
	}
	return err
}

func (f *File) why() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.broken
}

// Close closes the file. One that broke stays in memory until the process ends, because
// bbolt would wait for itself; it is unlocked, so that it can be set aside.
func (f *File) Close() error {
	if f.why() == nil {
		return f.db.Close()
	}
	return errors.Join(unix.Flock(int(f.on.Fd()), unix.LOCK_UN), f.on.Close())
}
