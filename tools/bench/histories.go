package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"

	"github.com/stafett/stafett/tools/bench/internal/longhistory"
	"github.com/stafett/stafett/tools/internal/progress"
)

// ofHistories measures platforms with histories of several lengths.
func ofHistories(ctx context.Context, list string) error {
	var counts []int
	for _, text := range strings.Split(list, ",") {
		count, err := strconv.Atoi(text)
		if err != nil || count < longhistory.Fewest {
			return fmt.Errorf("-history %q: %q is not a number of conversations from %d on; use for example 1000,10000", list, text, longhistory.Fewest)
		}
		counts = append(counts, count)
	}
	return longhistory.Measure(ctx, os.Stdout, progress.To(os.Stderr), counts)
}

// histories measures one history along: what a start, a rebuild and the first answers of
// watches cost, and how large projections are.
func (b *bench) histories(ctx context.Context) error {
	rows, err := longhistory.Compare(ctx, b.progress, b.history, b.rounds)
	b.add(rows...)
	return err
}

// onePass is what ofHistories runs in processes of their own.
func onePass(ctx context.Context, kind, data string) error {
	pass, err := longhistory.Run(ctx, kind, data)
	if err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(pass)
}
