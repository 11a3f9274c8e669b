// Package diskspace watches whether a folder's file system can take more: that it has room
// left, is not read-only and accepts a write. What cannot be recorded is refused while there
// still is room to close in order: a store that hits the end of its disk may keep failing
// after space was freed.
package diskspace

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"golang.org/x/sys/unix"

	"github.com/stafett/stafett/pkg/refusal"
)

// Reserve is the room in bytes that stays free by default. Closing needs a few MiB of it; the
// rest is for what other programs may write within a second.
const Reserve = 64 << 20

// every is the interval at which the file system is measured.
const every = time.Second

// Measure returns the room in bytes that a folder's file system has left, or why it takes no
// writes.
type Measure func(folder string) (free uint64, err error)

// Watch knows whether folders can take more. It is safe for concurrent use.
type Watch struct {
	folders []string
	reserve uint64
	measure Measure

	mu      sync.Mutex
	err     error         // why it cannot
	changed chan struct{} // closed once that changes
}

// New measures folders for the first time. A reserve of 0 means Reserve; a nil measure means
// Statfs.
func New(reserve uint64, measure Measure, folders ...string) *Watch {
	w := &Watch{folders: folders, reserve: reserve, measure: measure, changed: make(chan struct{})}
	if reserve == 0 {
		w.reserve = Reserve
	}
	if measure == nil {
		w.measure = Statfs
	}
	w.look()
	return w
}

// Err refuses with STORAGE_UNAVAILABLE while a folder cannot take more.
func (w *Watch) Err() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.err
}

// Run measures about once a second until the context ends.
func (w *Watch) Run(ctx context.Context) error {
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
			w.look()
		}
	}
}

// Tell tells how it stands, and then of each change that Run finds, until the context ends.
func (w *Watch) Tell(ctx context.Context, tell func(err error)) error {
	for {
		w.mu.Lock()
		now, changed := w.err, w.changed
		w.mu.Unlock()
		tell(now)
		select {
		case <-ctx.Done():
			return nil
		case <-changed:
		}
	}
}

// look measures. Once there was too little room, a quarter of the reserve more is required, so
// that the answer does not change with every file.
func (w *Watch) look() {
	needed := w.reserve
	if w.Err() != nil {
		needed += needed / 4
	}
	var err error
	for _, folder := range w.folders {
		if err == nil {
			err = w.room(folder, needed)
		}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if (err == nil) != (w.err == nil) {
		close(w.changed)
		w.changed = make(chan struct{})
	}
	w.err = err
}

func (w *Watch) room(folder string, needed uint64) error {
	free, err := w.measure(folder)
	if err != nil {
		return refuse(fmt.Sprintf("the disk of %s takes no writes: %v", folder, err))
	}
	if free < needed {
		return refuse(fmt.Sprintf("the disk of %s has %d MiB left and needs %d; free some space", folder, free>>20, needed>>20))
	}
	return nil
}

func refuse(why string) error {
	refused := refusal.StorageUnavailable("nothing can be recorded: " + why + "; the platform continues by itself, so ask again with the same request id")
	refused.RetryAfter = 5 * time.Second
	return refused
}

// Failed reports whether an error says that the disk took no write. The write can be repeated
// once it does.
func Failed(err error) bool {
	return slices.ContainsFunc([]error{unix.ENOSPC, unix.EDQUOT, unix.EROFS, unix.EIO}, func(e error) bool { return errors.Is(err, e) })
}

// Statfs asks the file system, and writes a little and waits for the disk.
func Statfs(folder string) (free uint64, err error) {
	var stat unix.Statfs_t
	if err := unix.Statfs(folder, &stat); err != nil {
		return 0, err
	}
	probe := filepath.Join(folder, "disk.probe")
	err = write(probe)
	if errors.Is(err, unix.ENOSPC) || errors.Is(err, unix.EDQUOT) {
		return 0, removed(probe)
	}
	return stat.Bavail * uint64(stat.Bsize), errors.Join(err, removed(probe))
}

// write waits for the disk: a system that delays writes reports a failure only to callers that sync.
func write(path string) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	block := make([]byte, 4096)
	rand.Read(block) // some disks keep no block that is empty
	_, err = file.Write(block)
	return errors.Join(err, file.Sync(), file.Close())
}

func removed(path string) error {
	if err := os.Remove(path); !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}
