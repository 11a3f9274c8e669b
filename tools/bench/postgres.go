package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/stafett/stafett/pkg/client"
	"github.com/stafett/stafett/tools/bench/internal/postgres"
	"github.com/stafett/stafett/tools/bench/internal/report"
	"github.com/stafett/stafett/tools/bench/internal/stafett"
	"github.com/stafett/stafett/tools/bench/internal/stats"
	"github.com/stafett/stafett/tools/bench/internal/warm"
)

// besidePostgresIfThere measures the rest where PostgreSQL is not installed.
func (b *bench) besidePostgresIfThere(ctx context.Context) error {
	err := b.besidePostgres(ctx)
	if errors.Is(err, postgres.ErrMissing) {
		fmt.Fprintln(os.Stderr, "bench: not measured:", err)
		return nil
	}
	return err
}

// besidePostgres compares whole handovers with the same on PostgreSQL, turn by turn.
func (b *bench) besidePostgres(ctx context.Context) (err error) {
	b.progress.Show("starting PostgreSQL")
	theirs, err := postgres.Start(ctx, func(service string) client.Credentials { return b.ours.Credentials("service", service) })
	if err != nil {
		return fmt.Errorf("handovers beside PostgreSQL: %w", err)
	}
	defer func() { err = errors.Join(err, theirs.Stop()) }()
	pairs, err := b.pairs()
	if err != nil {
		return err
	}
	var others []warm.Pair
	for i := range pairs {
		pair, err := theirs.Pair(ctx, stafett.Sender(i), stafett.Receiver(i), func(id string) client.Credentials { return b.ours.Credentials("line", id) })
		if err != nil {
			return err
		}
		others = append(others, pair)
	}
	for _, callers := range []int{1, b.callers} {
		if err := b.handovers(ctx, callers, pairs, others); err != nil {
			return err
		}
	}
	return nil
}

// played are the handovers of one side, turn by turn.
type played struct{ rate, command, offer series }

// handovers takes turns between the two sides, after a warm-up.
func (b *bench) handovers(ctx context.Context, callers int, pairs, others []warm.Pair) error {
	var ours, theirs played
	for round := -1; round < b.rounds; round++ {
		b.progress.Show("handovers beside PostgreSQL, %d at once: turn %d of %d", callers, round+1, b.rounds)
		for _, side := range []struct {
			pairs []warm.Pair
			to    *played
		}{{others, &theirs}, {pairs, &ours}} {
			if err := side.to.turn(ctx, callers, b.each, side.pairs, round >= 0); err != nil {
				return err
			}
		}
	}
	name := fmt.Sprintf("whole warm handover, %d callers", callers)
	b.add(report.Compare(name, "the same on PostgreSQL 15", report.PerSecond, theirs.rate, ours.rate),
		report.Compare(name+", a command, p50", "the same on PostgreSQL 15", report.Seconds, theirs.command, ours.command),
		report.Compare(name+", request to offer seen, p50", "the same on PostgreSQL 15", report.Seconds, theirs.offer, ours.offer))
	return nil
}

// turn plays handovers with several callers for a while.
func (p *played) turn(ctx context.Context, callers int, lasts time.Duration, pairs []warm.Pair, counts bool) error {
	perCaller := make([][]warm.Times, callers)
	began := time.Now()
	_, err := together(callers, func(i int) (time.Duration, error) {
		for len(perCaller[i]) == 0 || time.Since(began) < lasts {
			_, times, err := pairs[i%len(pairs)].Handover(ctx)
			if err != nil {
				return 0, err
			}
			perCaller[i] = append(perCaller[i], times)
		}
		return 0, nil
	})
	if err != nil || !counts {
		return err
	}
	p.add(perCaller, time.Since(began))
	return nil
}

func (p *played) add(perCaller [][]warm.Times, took time.Duration) {
	var commands, offers []time.Duration
	for _, all := range perCaller {
		for _, times := range all {
			commands, offers = append(commands, times.Commands...), append(offers, times.Offer)
		}
	}
	p.rate = append(p.rate, float64(len(offers))/took.Seconds())
	p.command.add(stats.Median(commands))
	p.offer.add(stats.Median(offers))
}
