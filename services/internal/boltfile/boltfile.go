// Package boltfile opens a bbolt file only if all of its pages are intact, so that a page that
// is bad, or goes bad while the file is open, causes an error and never ends the process.
// bbolt itself does not validate pages: one flipped bit can make it panic, loop forever or
// overwrite live data, and in the newest meta page it makes bbolt lose the last transaction.
// bbolt's own check would trip over the same pages.
//
// Checking reads the whole file once, and again if somebody else has written to it.
package boltfile

import (
	"context"
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

// ErrDamaged: a page differs from what bbolt wrote.
var ErrDamaged = errors.New("the file is damaged")

type File struct {
	db *bbolt.DB
	on *os.File

	mu sync.Mutex
	// broken is the reason that a transaction could not be ended. bbolt's locks have been held
	// since, so it must not be used any more.
	broken error
	breaks chan struct{} // closed then

	batches batches
	outside outside
}

// patience is how long to wait for another process to release the file.
const patience = 5 * time.Second

// Open opens a file whose pages are intact, or creates one. Errors: ErrDamaged.
func Open(path string) (*File, error) {
	as, err := checked(path)
	if err != nil {
		return nil, err
	}
	f := &File{breaks: make(chan struct{}), outside: outside{left: as}}
	if err := f.bbolt(path, false); err != nil {
		return nil, err
	}
	return f, nil
}

// Check checks the pages while no other process can write them: bbolt locks a file that it
// opens for reading, and reads only the first two pages. A missing file passes. Errors:
// ErrDamaged.
func Check(path string) error {
	_, err := checked(path)
	return err
}

// checked returns what the file was like when it was checked.
func checked(path string) (as stamp, err error) {
	if info, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) || err == nil && info.Size() == 0 {
		return as, nil // Open will create it
	}
	f := &File{}
	if err := f.bbolt(path, true); err != nil {
		return as, err
	}
	defer f.db.Close()
	if as, err = f.stamp(); err != nil {
		return as, err
	}
	return as, f.check()
}

// check maps the file, because reading each page would take most of the time.
func (f *File) check() error {
	info, err := f.on.Stat()
	if err != nil {
		return err
	}
	file, err := unix.Mmap(int(f.on.Fd()), 0, int(info.Size()), unix.PROT_READ, unix.MAP_SHARED)
	if err != nil {
		return fmt.Errorf("map %s: %w", f.on.Name(), err)
	}
	defer unix.Munmap(file)
	_, err = guard(func() error { return wholePages(file) })
	return err
}

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

// guard runs a function that reads the memory-mapped file. bbolt panics on bad content, and
// the machine faults on unreadable memory; both come back as ErrDamaged.
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
	return f.guarded(0, func() error { return f.db.View(do) })
}

// Update writes in a transaction. Errors: ErrDamaged.
func (f *File) Update(do func(*bbolt.Tx) error) error {
	return f.guarded(1, func() error { return f.db.Update(do) })
}

// guarded does nothing after a panic, and nothing with a file that somebody else has damaged.
func (f *File) guarded(writers int, do func() error) error {
	if err := f.why(); err != nil {
		return err
	}
	if err := f.begin(writers); err != nil {
		return err
	}
	if writers > 0 {
		defer f.end()
	}
	panicked, err := guard(do)
	if panicked {
		f.breakWith(err)
	}
	return err
}

func (f *File) breakWith(err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.broken == nil {
		f.broken = err
		close(f.breaks)
	}
}

// Watch returns ErrDamaged once the file is found damaged, and nil when the context ends. The
// file must then be opened again.
func (f *File) Watch(ctx context.Context) error {
	select {
	case <-f.breaks:
		return f.why()
	case <-ctx.Done():
		return nil
	}
}

func (f *File) why() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.broken
}

// Path is the file's path.
func (f *File) Path() string { return f.db.Path() }

// Unsynced leaves it to the operating system when to write the file to disk. Sync writes it
// now.
func (f *File) Unsynced() { f.db.NoSync, f.db.NoGrowSync = true, true }

// Sync writes the file to disk. Errors: ErrDamaged.
func (f *File) Sync() error { return f.guarded(0, f.db.Sync) }

// Close closes the file. A broken file stays mapped until the process ends, because bbolt
// would wait for itself; it is unlocked, so that it can be moved away.
func (f *File) Close() error {
	if f.why() == nil {
		return f.db.Close()
	}
	return errors.Join(unix.Flock(int(f.on.Fd()), unix.LOCK_UN), f.on.Close())
}
