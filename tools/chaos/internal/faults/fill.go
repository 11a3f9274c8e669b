package faults

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"golang.org/x/sys/unix"

	"github.com/stafett/stafett/tools/chaos/internal/system"
)

// ErrNotHere means that this machine does not allow a fault.
var ErrNotHere = errors.New("this machine does not allow it")

// The reasons for which a platform must refuse on a full disk, and where its log is on one. There a service
// is also not ready, because nothing new vouches for the log.
const (
	noSpace  = "STORAGE_UNAVAILABLE"
	noLog    = "LOG_UNAVAILABLE"
	notReady = "NOT_READY"
)

// fill fills the small file system of a platform, and frees the space again.
func fill(ctx context.Context, t *Trial) error {
	s, err := system.Together(t.Programs, t.Folder)
	if err != nil {
		return err
	}
	if err := mount(s.Data); err != nil {
		return err
	}
	defer unix.Unmount(s.Data, unix.MNT_DETACH)
	return t.mounted(ctx, s, func() (time.Time, error) { return t.filled(ctx, s.Data, noSpace) })
}

// fillLog fills the file system of a nats-server of its own. Its store keeps failing when there is
// space again, so a person restarts it.
func fillLog(ctx context.Context, t *Trial) error {
	s, err := system.Apart(ctx, t.Programs, t.Folder)
	if err != nil {
		return err
	}
	if err := mount(s.Stored); err != nil {
		return err
	}
	defer unix.Unmount(s.Stored, unix.MNT_DETACH)
	return t.mounted(ctx, s, func() (over time.Time, err error) {
		if over, err = t.filled(ctx, s.Stored, noLog, notReady); err != nil {
			return over, err
		}
		s.Process("nats-server").Kill()
		over = time.Now()
		return over, s.Start(ctx)
	})
}

// filled fills a file system until the platform refuses for one of some reasons, and frees the space after
// up to three seconds. It returns when that was.
func (t *Trial) filled(ctx context.Context, folder string, reasons ...string) (over time.Time, err error) {
	ballast := folder + "/ballast"
	if err := fillUp(ballast); err != nil {
		return over, err
	}
	if err := t.noticed(ctx, reasons...); err != nil {
		return over, err
	}
	time.Sleep(t.between(0, 3*time.Second))
	return time.Now(), os.Remove(ballast)
}

// mount makes a file system of 256 MiB in memory.
func mount(folder string) error {
	if err := os.Mkdir(folder, 0o700); err != nil {
		return err
	}
	if err := unix.Mount("tmpfs", folder, "tmpfs", 0, "size=256m"); err != nil {
		return fmt.Errorf("%w: mount a tmpfs: %w", ErrNotHere, err)
	}
	return nil
}

// fillUp writes until nothing more fits.
func fillUp(path string) error {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer file.Close()
	block := make([]byte, 1<<20)
	for err == nil {
		_, err = file.Write(block)
	}
	if !errors.Is(err, unix.ENOSPC) {
		return err
	}
	return nil
}
