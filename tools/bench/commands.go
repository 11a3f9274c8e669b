package main

import (
	"context"
	"fmt"
	"time"

	"github.com/stafett/stafett/tools/bench/internal/report"
	"github.com/stafett/stafett/tools/bench/internal/stats"
)

// kinds are the commands that are measured.
var kinds = []string{"open", "assess"}

// lone measures a command of one caller. Echo and append take turns with it, call by call, and
// all three are rested.
func (b *bench) lone(ctx context.Context) error {
	for _, kind := range kinds {
		var floors, ours series
		command, echo, raw := b.client.caller(kind), b.echo.caller(), b.raw.caller()
		for round := range b.rounds {
			b.progress.Show("%s, alone: turn %d of %d", kind, round+1, b.rounds)
			p50, err := b.rested(ctx, command, echo, raw)
			if err != nil {
				return err
			}
			ours.add(p50[0])
			floors.add(p50[1] + p50[2])
		}
		b.add(report.Compare(kind+" alone, p50", "gRPC+mTLS echo + raw synced append, both rested", report.Seconds, floors, ours))
	}
	return nil
}

// rested takes turns between calls, and returns the median of each.
func (b *bench) rested(ctx context.Context, calls ...call) ([]time.Duration, error) {
	took := make([][]time.Duration, len(calls))
	for until := time.Now().Add(b.each); len(took[0]) == 0 || time.Now().Before(until); {
		for i, one := range calls {
			rest()
			d, err := timed(ctx, one)
			if err != nil {
				return nil, err
			}
			took[i] = append(took[i], d)
		}
	}
	p50 := make([]time.Duration, len(calls))
	for i := range took {
		p50[i] = stats.Median(took[i])
	}
	return p50, nil
}

// crowds measures what a command costs the processors, and how many are answered a second.
func (b *bench) crowds(ctx context.Context) error {
	for _, callers := range []int{1, b.callers} {
		for _, kind := range kinds {
			raw, ours, err := b.inTurn(ctx, kind, callers)
			if err != nil {
				return err
			}
			b.add(report.Compare(fmt.Sprintf("%s, %d callers, CPU a command", kind, callers), "raw synced append, its CPU", report.Seconds, raw.cpu, ours.cpu),
				report.Compare(fmt.Sprintf("%s, %d callers, throughput", kind, callers), "raw single appends by as many", report.PerSecond, raw.rate, ours.rate))
		}
	}
	return nil
}

// crowd are the results of one side, turn by turn.
type crowd struct{ cpu, rate series }

func (c *crowd) add(m tempo) {
	c.cpu = append(c.cpu, m.cpu)
	c.rate = append(c.rate, m.rate)
}

// inTurn alternates between raw and Stafett, so that both see the same machine load. The first
// turn of each is a warm-up.
func (b *bench) inTurn(ctx context.Context, kind string, count int) (raw, ours crowd, err error) {
	appends, commands := make([]call, count), make([]call, count)
	for i := range count {
		appends[i], commands[i] = b.raw.caller(), b.client.caller(kind)
	}
	for round := -1; round < b.rounds; round++ {
		b.progress.Show("%s, %d at once: turn %d of %d", kind, count, round+1, b.rounds)
		r, err := turn(ctx, appends, b.each, func(context.Context) error { return nil })
		if err != nil {
			return raw, ours, err
		}
		o, err := turn(ctx, commands, b.each, b.ours.Settled)
		if err != nil {
			return raw, ours, err
		}
		if round >= 0 {
			raw.add(r)
			ours.add(o)
		}
	}
	return raw, ours, nil
}

// longConversation compares commands of a conversation that has had very many with those of a
// new one.
func (b *bench) longConversation(ctx context.Context) error {
	long, err := b.client.open(ctx)
	if err != nil {
		return err
	}
	for i := range b.conversation {
		b.progress.Show("a long conversation: command %d of %d", i+1, b.conversation)
		if err := b.client.assess(ctx, long, i); err != nil {
			return err
		}
	}
	var floors, ours series
	for range b.rounds {
		fresh, err := b.client.open(ctx)
		if err != nil {
			return err
		}
		made := 0
		p50, err := b.rested(ctx, func(ctx context.Context) error { made++; return b.client.assess(ctx, long, made) },
			func(ctx context.Context) error { return b.client.assess(ctx, fresh, made) })
		if err != nil {
			return err
		}
		ours.add(p50[0])
		floors.add(p50[1])
	}
	b.add(report.Compare(fmt.Sprintf("command of a conversation that had %d, p50", b.conversation), "of a new conversation", report.Seconds, floors, ours))
	return nil
}
