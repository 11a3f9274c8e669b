package faults

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sys/unix"

	"github.com/stafett/stafett/pkg/verify"
	"github.com/stafett/stafett/tools/chaos/internal/system"
	"github.com/stafett/stafett/tools/internal/programs"
)

// backedUp runs a platform, copies its folder while it is down, and runs it on.
func (t *Trial) backedUp(ctx context.Context) error {
	s, err := system.Together(t.Programs, t.Folder)
	if err != nil {
		return err
	}
	if err := t.begin(ctx, s); err != nil {
		return err
	}
	if err := errors.Join(s.Stop(ctx), os.CopyFS(t.in("copy"), os.DirFS(s.Data))); err != nil {
		return err
	}
	if err := s.Start(ctx); err != nil {
		return err
	}
	return t.moment(ctx)
}

func checkpoint(data string) string { return filepath.Join(data, "audit", "checkpoint") }

// signed is how many commits the newest checkpoint is over.
func signed(data string) int64 {
	text, err := os.ReadFile(checkpoint(data))
	if err != nil {
		return 0
	}
	c, err := verify.UnverifiedCheckpoint(text)
	if err != nil {
		return 0
	}
	return c.Size
}

func (t *Trial) until(ctx context.Context, otherwise string, done func() bool) error {
	ctx, cancel := context.WithTimeout(ctx, servedWithin)
	defer cancel()
	for !done() {
		select {
		case <-ctx.Done():
			return fmt.Errorf("%s: %w", otherwise, ctx.Err())
		case <-time.After(20 * time.Millisecond):
		}
	}
	return nil
}

// rollback puts back the log's folder alone. The platform must refuse it.
func rollback(ctx context.Context, t *Trial) error {
	if err := t.backedUp(ctx); err != nil {
		return err
	}
	t.system.Kill()
	return t.older(ctx)
}

// older puts the older log back, and recovers.
func (t *Trial) older(ctx context.Context) error {
	if err := programs.Replace(t.system.Stored, filepath.Join(t.in("copy"), "log")); err != nil {
		return err
	}
	if err := t.refuses(ctx); err != nil {
		return err
	}
	return t.recovered(ctx)
}

// refuses starts the platform, which must not serve.
func (t *Trial) refuses(ctx context.Context) error {
	if err := t.system.Start(ctx); err == nil {
		return errors.New("the platform serves an older log")
	}
	if err := t.system.Stopped(ctx); err != nil {
		return err
	}
	if t.named(system.Altered(t.system.Said.Text())); !t.Result.Noticed {
		return fmt.Errorf("it refuses, and names no position: %s", t.system.Said.Last())
	}
	return nil
}

// rollbackAll puts back the whole folder. Without a witness, only a checkpoint that was kept elsewhere can tell.
func rollbackAll(ctx context.Context, t *Trial) error {
	if err := t.backedUp(ctx); err != nil {
		return err
	}
	// What is lost before more is signed than the copy has, nobody can prove.
	newest := int64(t.load.Newest())
	if err := t.until(ctx, "nothing is signed", func() bool { return signed(t.system.Data) >= newest }); err != nil {
		return err
	}
	t.system.Kill()
	kept, err := os.ReadFile(checkpoint(t.system.Data))
	if err != nil {
		return err
	}
	if err := errors.Join(os.WriteFile(t.in("kept"), kept, 0o600), programs.Replace(t.system.Data, t.in("copy"))); err != nil {
		return err
	}
	return t.recovered(ctx, "--checkpoint", t.in("kept"))
}

// recovered opens a new log, which must name what is lost, and serves it.
func (t *Trial) recovered(ctx context.Context, more ...string) error {
	over := time.Now()
	said, err := t.system.Command(ctx, append([]string{"recover", "--data", t.system.Data, "--yes"}, more...)...)
	if err != nil {
		return err
	}
	if t.named(system.FirstPosition(said)); !t.Result.Noticed {
		return fmt.Errorf("the recovery names no position: %s%s", said, t.says())
	}
	if err := t.system.Start(ctx); err != nil {
		return err
	}
	if err := t.served(ctx, over); err != nil {
		return err
	}
	return t.check(ctx)
}

// removed deletes a folder in which a running program still makes files.
func removed(folder string) (err error) {
	for range 100 {
		if err = os.RemoveAll(folder); !errors.Is(err, unix.ENOTEMPTY) {
			break
		}
	}
	return err
}

// unlink deletes the log's folder under the running platform, which must stop.
func unlink(ctx context.Context, t *Trial) error {
	if err := t.backedUp(ctx); err != nil {
		return err
	}
	if err := errors.Join(removed(t.system.Stored), t.system.Stopped(ctx)); err != nil {
		return err
	}
	return t.older(ctx)
}
