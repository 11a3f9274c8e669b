package faults

import (
	"context"
	"os"
	"time"

	"github.com/stafett/stafett/tools/chaos/internal/system"
	"github.com/stafett/stafett/tools/internal/programs"
)

// cut takes bytes off the newest block while the nats-server is down.
func cut(ctx context.Context, t *Trial) error {
	return t.damaged(ctx, func(block []byte) []byte {
		return block[:len(block)-1-t.Random.IntN(min(2000, len(block)-1))]
	})
}

// flip alters one bit of the newest block.
func flip(ctx context.Context, t *Trial) error {
	return t.damaged(ctx, func(block []byte) []byte {
		block[t.Random.IntN(len(block))] ^= 1 << t.Random.IntN(8)
		return block
	})
}

// damaged kills the nats-server under the services, and starts it on a damaged log. All
// services must stop, if anything acknowledged is gone. Then a complete copy is put back, with which everything goes on.
func (t *Trial) damaged(ctx context.Context, alter func([]byte) []byte) error {
	s, err := system.Apart(ctx, t.Programs, t.Folder)
	if err != nil {
		return err
	}
	if err := t.begin(ctx, s); err != nil {
		return err
	}
	s.Process("nats-server").Kill()
	if err := os.CopyFS(t.in("copy"), os.DirFS(s.Stored)); err != nil {
		return err
	}
	if err := programs.Damage(s.Stored, alter); err != nil {
		return err
	}
	if err := s.Start(ctx); err != nil {
		return err
	}
	if err := s.Stopped(ctx); err != nil {
		return t.goesOn(ctx)
	}
	t.named(system.Altered(s.Said.Text()))
	return t.restored(ctx)
}

// goesOn is for damage to what nobody had acknowledged yet: the services need not stop. Started
// again, audit compares the log with what was signed.
func (t *Trial) goesOn(ctx context.Context) error {
	t.system.Kill()
	over := time.Now()
	if err := t.system.Start(ctx); err != nil {
		t.named(system.Altered(t.system.Said.Text()))
		return t.restored(ctx)
	}
	if err := t.served(ctx, over); err != nil {
		return err
	}
	t.Result.Harmless = true
	return t.check(ctx)
}

// restored puts the complete copy back.
func (t *Trial) restored(ctx context.Context) error {
	t.system.Kill()
	if err := programs.Replace(t.system.Stored, t.in("copy")); err != nil {
		return err
	}
	over := time.Now()
	if err := t.system.Start(ctx); err != nil {
		return err
	}
	if err := t.served(ctx, over); err != nil {
		return err
	}
	t.Result.From = 0 // with the copy nothing may be missing
	return t.check(ctx)
}

// named notes from which position somebody says that the log was altered; 0: nobody does.
func (t *Trial) named(from uint64) {
	t.Result.From = from
	t.Result.Noticed = from > 0
}
