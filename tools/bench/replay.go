package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/stafett/stafett/pkg/client"
	auditv1 "github.com/stafett/stafett/proto/stafett/audit/v1"
	"github.com/stafett/stafett/tools/bench/internal/report"
	"github.com/stafett/stafett/tools/internal/replay"
)

// replays compares a replay over gRPC with reading the same number of messages from the
// stream.
func (b *bench) replays(ctx context.Context) error {
	if err := b.fill(ctx); err != nil {
		return err
	}
	auditor, err := b.ours.Peer("auditor", "auditor")
	if err != nil {
		return err
	}
	var floors, ours series
	for range b.rounds {
		plain, err := timed(ctx, func(ctx context.Context) error { return b.raw.read(ctx, b.replay) })
		if err != nil {
			return err
		}
		replayed, err := timed(ctx, func(ctx context.Context) error { return read(ctx, auditor, b.replay) })
		if err != nil {
			return err
		}
		floors.add(plain)
		ours.add(replayed)
	}
	b.add(report.Compare(fmt.Sprintf("replay of %d commits", b.replay), "a plain consumer of as many messages", report.Seconds, floors, ours))
	return nil
}

// read replays the first commits of the history.
func read(ctx context.Context, auditor *client.Platform, count int) error {
	stream, err := auditor.Audit.ReplayCommits(ctx, &auditv1.ReplayCommitsRequest{UntilPosition: uint64(count), Purpose: replay.Exercise()})
	if err != nil {
		return err
	}
	for {
		if _, err := stream.Recv(); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
	}
}

// fill appends until both histories are long enough.
func (b *bench) fill(ctx context.Context) error {
	for _, caller := range []func() call{b.raw.caller, func() call { return b.client.caller("assess") }} {
		callers := make([]call, b.callers)
		for i := range callers {
			callers[i] = caller()
		}
		for made := 0.0; made < float64(b.replay); {
			began := time.Now()
			m, err := turn(ctx, callers, b.each, func(context.Context) error { return nil })
			if err != nil {
				return err
			}
			made += m.rate * time.Since(began).Seconds()
			b.progress.Show("filling the history: %.0f of %d", made, b.replay)
		}
	}
	return nil
}
