package main

import (
	"context"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/stafett/stafett/tools/bench/internal/stats"
)

// call performs one measured operation.
type call func(context.Context) error

// tempo is what a turn of many calls measured.
type tempo struct {
	median time.Duration
	rate   float64 // calls per second
	cpu    float64 // seconds of the whole process, a call
}

// turn runs the callers concurrently for the given time. What the calls have left to do counts
// as processor time too: settle waits for it.
func turn(ctx context.Context, callers []call, lasts time.Duration, settle call) (tempo, error) {
	took := make([][]time.Duration, len(callers))
	before, began := stats.CPU(), time.Now()
	var group errgroup.Group
	for i, one := range callers {
		group.Go(func() (err error) {
			took[i], err = repeat(ctx, one, began.Add(lasts))
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return tempo{}, err
	}
	lasted := time.Since(began)
	if err := settle(ctx); err != nil {
		return tempo{}, err
	}
	all := slices.Concat(took...)
	calls := float64(len(all))
	return tempo{stats.Median(all), calls / lasted.Seconds(), (stats.CPU() - before).Seconds() / calls}, nil
}

func repeat(ctx context.Context, one call, until time.Time) (took []time.Duration, err error) {
	for begin := time.Now(); len(took) == 0 || begin.Before(until); begin = time.Now() {
		if err := one(ctx); err != nil {
			return nil, err
		}
		took = append(took, time.Since(begin))
	}
	return took, nil
}

func timed(ctx context.Context, one call) (time.Duration, error) {
	began := time.Now()
	err := one(ctx)
	return time.Since(began), err
}

// rest lets everything come to rest that a call leaves behind, so that the next one finds
// disk and processor as cold as a caller who comes alone.
func rest() { time.Sleep(time.Millisecond) }

// series are values of turns.
type series []float64

func (s *series) add(d time.Duration) { *s = append(*s, d.Seconds()) }
