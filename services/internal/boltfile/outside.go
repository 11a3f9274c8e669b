package boltfile

import (
	"errors"
	"fmt"
	"sync"

	"golang.org/x/sys/unix"
)

// outside notices writes to an open file that are not its own: bbolt would follow a page that names
// itself until the stack is full, which ends the process. What Open has checked is checked again first.
type outside struct {
	mu      sync.Mutex
	writers int
	left    stamp // by the last own write, or when it was last checked
}

// stamp changes when a file is written.
type stamp struct {
	time unix.Timespec
	size int64
}

// begin checks the file, unless it is as the last own write has left it. While one is under way,
// nobody can tell.
func (f *File) begin(writers int) error {
	f.outside.mu.Lock()
	defer f.outside.mu.Unlock()
	if f.outside.writers == 0 {
		if err := f.unchanged(); err != nil {
			return err
		}
	}
	f.outside.writers += writers
	return nil
}

// end notes what an own write has left.
func (f *File) end() {
	f.outside.mu.Lock()
	defer f.outside.mu.Unlock()
	f.outside.writers--
	if now, err := f.stamp(); err == nil {
		f.outside.left = now
	}
}

func (f *File) unchanged() error {
	now, err := f.stamp()
	if err != nil || now == f.outside.left {
		return err
	}
	if err := f.check(); err != nil {
		if errors.Is(err, ErrDamaged) {
			f.breakWith(err)
		}
		return err
	}
	f.outside.left = now
	return nil
}

func (f *File) stamp() (stamp, error) {
	var stat unix.Stat_t
	if err := unix.Fstat(int(f.on.Fd()), &stat); err != nil {
		return stamp{}, fmt.Errorf("%s: %w", f.on.Name(), err)
	}
	return stamp{stat.Mtim, stat.Size}, nil
}
