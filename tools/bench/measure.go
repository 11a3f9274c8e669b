package main

import (
	"context"
	"fmt"
	"os"
	"slices"
	"text/tabwriter"
	"time"

	"golang.org/x/sync/errgroup"
)

// call performs one measured operation.
type call func(context.Context) error

type measured struct {
	median time.Duration
	rate   float64 // calls per second
}

// turn runs the callers concurrently for the given time.
func turn(ctx context.Context, callers []call, lasts time.Duration) (measured, error) {
	took := make([][]time.Duration, len(callers))
	began := time.Now()
	var group errgroup.Group
	for i, one := range callers {
		group.Go(func() (err error) {
			took[i], err = repeat(ctx, one, began.Add(lasts))
			return err
		})
	}
	err := group.Wait()
	all := slices.Concat(took...)
	return measured{median: median(all), rate: float64(len(all)) / time.Since(began).Seconds()}, err
}

func repeat(ctx context.Context, one call, until time.Time) (took []time.Duration, err error) {
	for begin := time.Now(); begin.Before(until); begin = time.Now() {
		if err := one(ctx); err != nil {
			return nil, err
		}
		took = append(took, time.Since(begin))
	}
	return took, nil
}

func median[T time.Duration | float64](all []T) T {
	if len(all) == 0 {
		return 0
	}
	slices.Sort(all)
	return all[len(all)/2]
}

// caller makes calls that may run concurrently.
type caller interface{ caller(kind string) call }

func several(from caller, kind string, count int) []call {
	callers := make([]call, count)
	for i := range callers {
		callers[i] = from.caller(kind)
	}
	return callers
}

// pair holds the results of raw and Stafett, turn by turn.
type pair struct{ raw, ours []measured }

// inTurn alternates between raw and Stafett several times, so that both see the same
// machine load. The first turn of each is a warm-up.
func inTurn(ctx context.Context, s sizes, kind string, count int, raw, ours caller) (pair, error) {
	rawCallers, ourCallers := several(raw, kind, count), several(ours, kind, count)
	var p pair
	for round := -1; round < s.rounds; round++ {
		fmt.Fprintf(os.Stderr, "\r%s, %d at once: turn %d of %d   ", kind, count, round+1, s.rounds)
		r, err := turn(ctx, rawCallers, s.each)
		if err != nil {
			return p, err
		}
		o, err := turn(ctx, ourCallers, s.each)
		if err != nil {
			return p, err
		}
		if round >= 0 {
			p.raw, p.ours = append(p.raw, r), append(p.ours, o)
		}
	}
	fmt.Fprint(os.Stderr, "\r\033[K")
	return p, nil
}

// commands compares a command with a conditional publish.
func commands(ctx context.Context, s sizes, raw *raw, ours *stafett) error {
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	defer w.Flush()
	fmt.Fprintln(w, "COMMAND\tCALLERS\tRAW MEDIAN\tSTAFETT MEDIAN\tRATIO\tRAW /s\tSTAFETT /s\tRATIO")
	for _, kind := range []string{"open", "assess"} {
		for _, count := range []int{1, s.callers} {
			p, err := inTurn(ctx, s, kind, count, raw, ours)
			if err != nil {
				return err
			}
			printPair(w, kind, count, p)
		}
	}
	return nil
}

func printPair(w *tabwriter.Writer, kind string, count int, p pair) {
	latency := func(m measured) float64 { return m.median.Seconds() }
	rate := func(m measured) float64 { return m.rate }
	fmt.Fprintf(w, "%s\t%d\t%.0f us\t%.0f us\t%.2f\t%.0f\t%.0f\t%.2f\n", kind, count,
		middle(p.raw, latency)*1e6, middle(p.ours, latency)*1e6, ratio(p, latency),
		middle(p.raw, rate), middle(p.ours, rate), ratio(p, rate))
}

func middle(all []measured, of func(measured) float64) float64 {
	var values []float64
	for _, m := range all {
		values = append(values, of(m))
	}
	return median(values)
}

// ratio returns the median ratio of Stafett to raw across turns.
func ratio(p pair, of func(measured) float64) float64 {
	var values []float64
	for i := range p.raw {
		values = append(values, of(p.ours[i])/of(p.raw[i]))
	}
	return median(values)
}

// reader replays a history.
type reader interface {
	read(ctx context.Context, count int) error
}

// replays compares a replay over gRPC with reading the same number of messages from the
// stream.
func replays(ctx context.Context, s sizes, raw *raw, ours *stafett) error {
	if err := fill(ctx, s, raw, ours); err != nil {
		return err
	}
	var p pair
	for range s.rounds {
		r, err := reading(ctx, raw, s.history)
		if err != nil {
			return err
		}
		o, err := reading(ctx, ours, s.history)
		if err != nil {
			return err
		}
		p.raw, p.ours = append(p.raw, r), append(p.ours, o)
	}
	rate := func(m measured) float64 { return m.rate }
	fmt.Printf("\nREPLAY of %d commits: raw %.0f/s, Stafett %.0f/s, ratio %.2f\n",
		s.history, middle(p.raw, rate), middle(p.ours, rate), ratio(p, rate))
	return nil
}

func reading(ctx context.Context, from reader, count int) (measured, error) {
	began := time.Now()
	err := from.read(ctx, count)
	return measured{rate: float64(count) / time.Since(began).Seconds()}, err
}

// fill commits until both histories are long enough.
func fill(ctx context.Context, s sizes, raw *raw, ours *stafett) error {
	for _, from := range []caller{raw, ours} {
		callers := several(from, "assess", s.callers)
		for made := 0.0; made < float64(s.history); {
			m, err := turn(ctx, callers, s.each)
			if err != nil {
				return err
			}
			made += m.rate * s.each.Seconds()
			fmt.Fprintf(os.Stderr, "\rfilling the history: %.0f   ", made)
		}
	}
	fmt.Fprint(os.Stderr, "\r\033[K")
	return nil
}
