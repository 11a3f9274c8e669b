package longhistory

import (
	"context"
	"errors"
	"time"

	"github.com/jonboulle/clockwork"

	"github.com/stafett/stafett/services/measure/fill"
	"github.com/stafett/stafett/tools/bench/internal/stafett"
	"github.com/stafett/stafett/tools/internal/progress"
)

// Make makes the data folder of a platform with a history of count conversations, which ended
// just now, and returns how long copying took.
func Make(ctx context.Context, folder string, count int, line progress.Line) (time.Duration, error) {
	began := time.Now().Add(-time.Duration(count+1)*fill.Apart - time.Minute)
	sample, err := play(ctx, folder, clockwork.NewFakeClockAt(began))
	if err != nil {
		return 0, err
	}
	filling := time.Now()
	_, err = fill.Fill(ctx, folder, sample, count, func(made int) { line.Show("%d of %d conversations made", made, count) })
	return time.Since(filling), err
}

// play records the conversations that are copied.
func play(ctx context.Context, folder string, clock clockwork.Clock) (sample fill.Sample, err error) {
	p, err := stafett.Start(ctx, folder, clock)
	if err != nil {
		return sample, err
	}
	defer func() { err = errors.Join(err, p.Stop()) }()
	pair, err := p.Pair(0)
	if err != nil {
		return sample, err
	}
	if sample.Whole, _, err = pair.Handover(ctx); err != nil {
		return sample, err
	}
	if sample.Short, err = pair.Short(ctx); err != nil {
		return sample, err
	}
	if sample.Open, err = pair.Open(ctx); err != nil {
		return sample, err
	}
	return sample, p.Settled(ctx)
}
