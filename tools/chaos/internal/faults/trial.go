// Package faults does to a platform under load what machines and people do: it kills, stops,
// cuts, flips, fills and takes away, and checks that nothing acknowledged is lost unnoticed.
package faults

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"time"

	"github.com/stafett/stafett/tools/chaos/internal/load"
	"github.com/stafett/stafett/tools/chaos/internal/system"
	"github.com/stafett/stafett/tools/internal/programs"
)

// Trial is one fault at one time, on a platform of its own.
type Trial struct {
	Programs programs.Folder
	Folder   string
	Random   *rand.Rand
	Result   Result

	system *system.System
	load   *load.Load
}

// Result is what came of a trial.
type Result struct {
	load.Found
	// Noticed: the platform, or its recovery, said that the log was altered, or refused with a
	// reason, as the fault demands.
	Noticed bool
	// Harmless: the damage met nothing that was acknowledged, so there was nothing to notice.
	Harmless bool
	// From is the position from which the log was said to be altered. 0: none was named.
	From   uint64
	Served time.Duration
}

// Unannounced are the missing positions that nobody named.
func (r Result) Unannounced() (positions []uint64) {
	for _, at := range r.Missing {
		if r.From == 0 || at < r.From {
			positions = append(positions, at)
		}
	}
	return positions
}

// begin starts a system and its load, and waits until some random moment.
func (t *Trial) begin(ctx context.Context, s *system.System) (err error) {
	t.system = s
	if err := s.Start(ctx); err != nil {
		return err
	}
	if t.load, err = load.Start(s.Addresses, s.Identity); err != nil {
		return err
	}
	return t.moment(ctx)
}

// moment waits for some commands more, and then a random time.
func (t *Trial) moment(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, servedWithin)
	defer cancel()
	if err := t.load.Reach(ctx, t.load.Acknowledged()+20+t.Random.IntN(100)); err != nil {
		return fmt.Errorf("no load: %w", err)
	}
	time.Sleep(t.between(0, 300*time.Millisecond))
	return nil
}

func (t *Trial) between(least, most time.Duration) time.Duration {
	return least + time.Duration(t.Random.Int64N(int64(most-least)))
}

// servedWithin is how long a platform may take until it serves again.
const servedWithin = time.Minute

// served waits until the platform serves after the fault was over, or the person had acted.
func (t *Trial) served(ctx context.Context, over time.Time) (err error) {
	ctx, cancel := context.WithTimeout(ctx, servedWithin)
	defer cancel()
	if t.Result.Served, err = t.load.Served(ctx, over); err != nil {
		return fmt.Errorf("nothing is acknowledged any more: %w%s", err, t.says())
	}
	return nil
}

// says is what the platform says of itself, if that is known.
func (t *Trial) says() string {
	if t.system == nil {
		return ""
	}
	return "; it says: " + t.system.Said.Last()
}

// check ends the load and looks for what it was told.
func (t *Trial) check(ctx context.Context) (err error) {
	t.load.Stop()
	t.Result.Found, err = t.load.Check(ctx)
	return err
}

// end stops what still runs.
func (t *Trial) end() {
	if t.load != nil {
		t.load.Close()
	}
	if t.system != nil {
		t.system.Kill()
	}
	os.RemoveAll(t.Folder)
}

func (t *Trial) in(name string) string { return filepath.Join(t.Folder, name) }
