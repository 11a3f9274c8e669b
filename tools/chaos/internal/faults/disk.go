package faults

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"github.com/stafett/stafett/tools/chaos/internal/system"
)

// disk is a compressed one in memory (zram) with a file system of its own. The kernel fails its writes as those of a
// worn disk: a program learns of it when it syncs.
type disk struct {
	name, folder string
	// option says what the kernel does when a write of its own fails.
	option string
}

const (
	zram     = "/sys/class/zram-control"
	diskSize = "512M"
)

// newDisk makes a disk and mounts it on a new folder.
func newDisk(folder, option string) (d disk, err error) {
	number, err := os.ReadFile(filepath.Join(zram, "hot_add"))
	if err != nil {
		return d, fmt.Errorf("%w: a disk in memory (zram): %w", ErrNotHere, err)
	}
	d = disk{"zram" + strings.TrimSpace(string(number)), folder, option}
	err = errors.Join(os.Mkdir(folder, 0o700), d.set("disksize", diskSize))
	if err == nil {
		err = run("mkfs.ext4", "-q", "-O", "^has_journal", d.device())
	}
	if err = errors.Join(err, d.mount()); err != nil {
		return d, fmt.Errorf("%w: %w", ErrNotHere, errors.Join(err, d.remove()))
	}
	return d, nil
}

func (d disk) device() string { return "/dev/" + d.name }

func (d disk) mount() error { return unix.Mount(d.device(), d.folder, "ext4", 0, d.option) }

// set sets one of the kernel's files about the disk.
func (d disk) set(file, value string) error {
	return os.WriteFile(filepath.Join("/sys/block", d.name, file), []byte(value), 0o200)
}

// fails makes every write fail with an I/O error, or lets them succeed again.
func (d disk) fails(on bool) error {
	if on {
		return d.set("mem_limit", "1")
	}
	return d.set("mem_limit", "0")
}

// readOnly has the kernel find a fault in the file system, which nobody may write to from then on.
func (d disk) readOnly() error {
	return os.WriteFile(filepath.Join("/sys/fs/ext4", d.name, "trigger_fs_error"), []byte("1"), 0o200)
}

// mended is what a person does when nothing uses the disk.
func (d disk) mended() error {
	if err := unix.Unmount(d.folder, 0); err != nil {
		return err
	}
	var exit *exec.ExitError
	if err := run("fsck.ext4", "-y", d.device()); err != nil && (!errors.As(err, &exit) || exit.ExitCode() != 1) { // 1: mended
		return err
	}
	return d.mount()
}

func (d disk) remove() error {
	unix.Unmount(d.folder, unix.MNT_DETACH)
	return errors.Join(d.set("reset", "1"), os.WriteFile(filepath.Join(zram, "hot_remove"), []byte(strings.TrimPrefix(d.name, "zram")), 0o200))
}

func run(program string, args ...string) error {
	if out, err := exec.Command(program, args...).CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w: %s", program, err, out)
	}
	return nil
}

// ioErrors has the disk of a platform fail for up to three seconds. The file system stays writable; readOnly is
// about one that does not.
func ioErrors(ctx context.Context, t *Trial) error {
	return t.onDisk(ctx, "errors=continue", func(d disk) (over time.Time, err error) {
		if err := d.fails(true); err != nil {
			return over, err
		}
		if err := t.noticed(ctx, noSpace); err != nil {
			return over, err
		}
		time.Sleep(t.between(0, 3*time.Second))
		return time.Now(), d.fails(false)
	})
}

// readOnly makes the kernel turn the file system read-only. Only a new mount can be written to, so a person
// stops the platform, mends the disk and starts it again.
func readOnly(ctx context.Context, t *Trial) error {
	return t.onDisk(ctx, "errors=remount-ro", func(d disk) (over time.Time, err error) {
		if err := d.readOnly(); err != nil {
			return over, err
		}
		if err := t.noticed(ctx, noSpace); err != nil {
			return over, err
		}
		t.system.Kill()
		if err := d.mended(); err != nil {
			return over, err
		}
		over = time.Now()
		return over, t.system.Start(ctx)
	})
}

// onDisk runs a platform on a disk of its own, and does something to that.
func (t *Trial) onDisk(ctx context.Context, option string, do func(disk) (over time.Time, err error)) error {
	s, err := system.Together(t.Programs, t.Folder)
	if err != nil {
		return err
	}
	d, err := newDisk(s.Data, option)
	if err != nil {
		return err
	}
	defer d.remove()
	return t.mounted(ctx, s, func() (time.Time, error) { return do(d) })
}

// mounted runs a platform on a file system of its own, and has something done to that. It leaves nothing
// running there, since it is unmounted next.
func (t *Trial) mounted(ctx context.Context, s *system.System, do func() (over time.Time, err error)) error {
	defer s.Kill()
	if err := t.begin(ctx, s); err != nil {
		return err
	}
	over, err := do()
	if err != nil {
		return err
	}
	if err := t.served(ctx, over); err != nil {
		return err
	}
	return t.check(ctx)
}

// noticed waits until the platform refuses for one of some reasons.
func (t *Trial) noticed(ctx context.Context, reasons ...string) error {
	before, acknowledged := t.load.Refused(reasons...), t.load.Acknowledged()
	err := t.until(ctx, "the full or failing disk is not noticed", func() bool { return t.load.Refused(reasons...) > before })
	if t.Result.Noticed = err == nil; err != nil {
		return fmt.Errorf("%w; acknowledged since: %d; refused so far, by reason: %v", err, t.load.Acknowledged()-acknowledged, t.load.Reasons())
	}
	return nil
}
