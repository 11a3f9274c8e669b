package main

import (
	"context"
	"fmt"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/stafett/stafett/tools/bench/internal/report"
	"github.com/stafett/stafett/tools/bench/internal/stafett"
	"github.com/stafett/stafett/tools/bench/internal/stats"
	"github.com/stafett/stafett/tools/bench/internal/warm"
)

const offerFloor = "three raw synced appends in a row + a delivery"

// pairs connects the platform's pairs of lines.
func (b *bench) pairs() (all []warm.Pair, err error) {
	for i := range stafett.Pairs {
		pair, err := b.ours.Pair(i)
		if err != nil {
			return nil, err
		}
		all = append(all, pair)
	}
	return all, nil
}

// offers measures how long a lone child's consent takes to become an offer that the receiver
// sees.
func (b *bench) offers(ctx context.Context) error {
	pairs, err := b.pairs()
	if err != nil {
		return err
	}
	var floors, ours series
	for round := range b.rounds {
		b.progress.Show("handovers, alone: turn %d of %d", round+1, b.rounds)
		var seen, least []time.Duration
		for until := time.Now().Add(b.each); len(seen) == 0 || time.Now().Before(until); {
			_, times, err := pairs[0].Handover(ctx)
			if err != nil {
				return err
			}
			rest()
			floor, err := timed(ctx, b.raw.delivered)
			if err != nil {
				return err
			}
			seen, least = append(seen, times.Offer), append(least, floor)
		}
		ours.add(stats.Median(seen))
		floors.add(stats.Median(least))
	}
	b.add(report.Compare("request to offer seen, alone, p50", offerFloor, report.Seconds, floors, ours))
	return nil
}

// offersAtOnce measures the same of handovers that begin together.
func (b *bench) offersAtOnce(ctx context.Context) error {
	pairs, err := b.pairs()
	if err != nil {
		return err
	}
	var floors, ours series
	for round := range b.rounds {
		b.progress.Show("%d handovers at once: turn %d of %d", b.callers, round+1, b.rounds)
		seen, err := together(b.callers, func(i int) (time.Duration, error) {
			_, times, err := pairs[i%len(pairs)].Handover(ctx)
			return times.Offer, err
		})
		if err != nil {
			return err
		}
		least, err := together(b.callers, func(int) (time.Duration, error) { return timed(ctx, b.raw.delivered) })
		if err != nil {
			return err
		}
		ours.add(stats.Quantile(seen, 0.95))
		floors.add(stats.Quantile(least, 0.95))
	}
	b.add(report.Compare(fmt.Sprintf("request to offer seen, %d handovers at once, p95", b.callers), offerFloor+", as many at once", report.Seconds, floors, ours))
	return nil
}

// together does something several times at once.
func together(count int, do func(i int) (time.Duration, error)) ([]time.Duration, error) {
	all := make([]time.Duration, count)
	var group errgroup.Group
	for i := range count {
		group.Go(func() (err error) {
			all[i], err = do(i)
			return err
		})
	}
	return all, group.Wait()
}
