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

// noSpace is the reason for which a platform must refuse on a full disk.
const noSpace = "STORAGE_UNAVAILABLE"

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
	if err := t.begin(ctx, s); err != nil {
		return err
	}
	ballast := s.Data + "/ballast"
	if err := fillUp(ballast); err != nil {
		return err
	}
	if err := t.until(ctx, "a full disk is not noticed", func() bool { return t.load.Refused(noSpace) > 0 }); err != nil {
		return err
	}
	t.Result.Noticed = true
	time.Sleep(t.between(0, 3*time.Second))
	over := time.Now()
	if err := os.Remove(ballast); err != nil {
		return err
	}
	if err := t.served(ctx, over); err != nil {
		return err
	}
	err = t.check(ctx)
	t.system.Kill()
	return err
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
