package main

import (
	"context"
	"errors"
	"os"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/stafett/stafett/tools/bench/internal/report"
	"github.com/stafett/stafett/tools/bench/internal/stafett"
	"github.com/stafett/stafett/tools/bench/internal/stats"
)

const (
	// floods is how many calls the flooding line has open at once.
	floods = 32
	// pace is the pause of the neighbour between commands, so that its own limits do not count.
	pace = 20 * time.Millisecond
)

// neighbours measures a line's commands without and with another that floods the platform, under the limits that are
// documented. The flood takes its processor time from the same machine.
func (b *bench) neighbours(ctx context.Context) (err error) {
	data, err := os.MkdirTemp("", "stafett-bench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(data)
	p, err := stafett.StartLimited(ctx, data)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.Stop()) }()
	command, flood, err := besideEachOther(ctx, p)
	if err != nil {
		return err
	}
	var quiet, flooded [2]series
	for round := range b.rounds {
		b.progress.Show("a flooded line's neighbour: turn %d of %d", round+1, b.rounds)
		if err := paced(ctx, command, b.each, &quiet); err != nil {
			return err
		}
		stop := flooding(ctx, flood)
		err := paced(ctx, command, b.each, &flooded)
		stop()
		if err != nil {
			return err
		}
	}
	for i, name := range []string{"p50", "p95"} {
		b.add(report.Compare("command while another line floods, "+name, "the same without the flood", report.Seconds, quiet[i], flooded[i]))
	}
	return nil
}

// besideEachOther returns a command of one line, and one of another that uses up its allowance.
func besideEachOther(ctx context.Context, p *stafett.Platform) (command, flood call, err error) {
	var pair [2]*commander
	for i := range pair {
		if pair[i], err = newCommander(p, i); err != nil {
			return nil, nil, err
		}
	}
	conversation, err := pair[0].open(ctx)
	made := 0
	command = func(ctx context.Context) error { made++; return pair[0].assess(ctx, conversation, made) }
	return command, pair[1].caller("open"), err
}

// paced adds the median and the 95th percentile of a turn.
func paced(ctx context.Context, one call, lasts time.Duration, into *[2]series) error {
	var took []time.Duration
	for until := time.Now().Add(lasts); len(took) == 0 || time.Now().Before(until); {
		time.Sleep(pace)
		d, err := timed(ctx, one)
		if err != nil {
			return err
		}
		took = append(took, d)
	}
	into[0].add(stats.Median(took))
	into[1].add(stats.Quantile(took, 0.95))
	return nil
}

// flooding calls without a pause, whatever the answers, until it is stopped.
func flooding(ctx context.Context, one call) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	var group errgroup.Group
	for range floods {
		group.Go(func() error {
			for ctx.Err() == nil {
				one(ctx) // mostly refused
			}
			return nil
		})
	}
	return func() { cancel(); group.Wait() }
}
