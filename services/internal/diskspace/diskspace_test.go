package diskspace_test

import (
	"context"
	"path/filepath"
	"sync/atomic"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/stafett/stafett/pkg/refusal"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	"github.com/stafett/stafett/services/internal/diskspace"
)

// TestTheReserve refuses below it, and goes on only once a quarter more is free.
func TestTheReserve(t *testing.T) {
	readings := make(chan uint64, 8)
	for _, free := range []uint64{100, 99, 110, 125} {
		readings <- free
	}
	var last atomic.Uint64
	measure := func(string) (uint64, error) {
		select {
		case free := <-readings:
			last.Store(free)
		default:
		}
		return last.Load(), nil
	}
	ctx, cancel := context.WithCancel(t.Context())
	var told []bool
	w := diskspace.New(100, measure, "folder")
	go w.Run(ctx)
	if err := w.Tell(ctx, func(err error) {
		if told = append(told, err == nil); err != nil {
			if refusal.ReasonOf(err) != handoverv1.RefusalReason_REFUSAL_REASON_STORAGE_UNAVAILABLE || last.Load() != 99 {
				t.Errorf("at %d it refuses with %v", last.Load(), err)
			}
		}
		if len(told) == 3 {
			cancel()
		}
	}); err != nil {
		t.Error(err)
	}
	if !told[0] || told[1] || !told[2] || last.Load() != 125 {
		t.Errorf("told %v, the last time at %d", told, last.Load())
	}
}

func TestStatfs(t *testing.T) {
	if free, err := diskspace.Statfs(t.TempDir()); err != nil || free == 0 {
		t.Errorf("%d free, %v", free, err)
	}
	if _, err := diskspace.Statfs(filepath.Join(t.TempDir(), "missing")); err == nil {
		t.Error("a folder that is missing takes writes")
	}
}

func TestWhatCanBeRepeated(t *testing.T) {
	if !diskspace.Failed(unix.ENOSPC) || !diskspace.Failed(unix.EROFS) || diskspace.Failed(unix.ENOENT) || diskspace.Failed(nil) {
		t.Error("a full and a read-only disk can become writable, a missing file cannot")
	}
}
