package faults

import (
	"context"
	"syscall"
	"time"

	"github.com/stafett/stafett/tools/chaos/internal/system"
)

// either is the whole platform in one process, or in several, at random.
func (t *Trial) either(ctx context.Context) (*system.System, error) {
	if t.Random.IntN(2) == 0 {
		return system.Together(t.Programs, t.Folder)
	}
	return system.Apart(ctx, t.Programs, t.Folder)
}

// onOneProcess does something to one of the processes at a random moment.
func (t *Trial) onOneProcess(ctx context.Context, strike func(name string) error) error {
	s, err := t.either(ctx)
	if err != nil {
		return err
	}
	if err := t.begin(ctx, s); err != nil {
		return err
	}
	names := s.Names()
	if err := strike(names[t.Random.IntN(len(names))]); err != nil {
		return err
	}
	return t.check(ctx)
}

// kill sends SIGKILL to one process, and starts it again.
func kill(ctx context.Context, t *Trial) error {
	return t.onOneProcess(ctx, func(name string) error {
		t.system.Process(name).Kill()
		over := time.Now()
		if err := t.system.Start(ctx); err != nil {
			return err
		}
		return t.served(ctx, over)
	})
}

// stop holds one process up for up to five seconds.
func stop(ctx context.Context, t *Trial) error {
	return t.onOneProcess(ctx, func(name string) error {
		p := t.system.Process(name)
		if err := p.Signal(syscall.SIGSTOP); err != nil {
			return err
		}
		time.Sleep(t.between(100*time.Millisecond, 5*time.Second))
		over := time.Now()
		if err := p.Signal(syscall.SIGCONT); err != nil {
			return err
		}
		return t.served(ctx, over)
	})
}
