package longhistory

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/stafett/stafett/tools/bench/internal/report"
	"github.com/stafett/stafett/tools/internal/progress"
)

// Compare measures one history several times beside its floors.
func Compare(ctx context.Context, line progress.Line, count, rounds int) ([]report.Row, error) {
	folder, err := os.MkdirTemp("", "stafett-bench")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder)
	if _, err := Make(ctx, folder, count, line); err != nil {
		return nil, err
	}
	var all []comparison
	for round := range rounds {
		line.Show("a history of %d conversations: turn %d of %d", count, round+1, rounds)
		for _, kind := range []string{"rebuild", "again"} {
			pass, err := inProcess(ctx, kind, folder)
			if err != nil {
				return nil, err
			}
			all = append(all, compared(kind, pass)...)
		}
	}
	sizes, err := disk(folder)
	if err != nil {
		return nil, err
	}
	log, projections := Row{Disk: sizes}.log()
	all = append(all, comparison{"projections, size", "the log", report.Bytes, float64(log), float64(projections)})
	return summarized(fmt.Sprintf(" after %d conversations", count), all), nil
}

// comparison is one value and its floor.
type comparison struct {
	measure, floor string
	unit           report.Unit
	least, value   float64
}

func compared(kind string, p Pass) []comparison {
	took := func(measure, floor string, value, least time.Duration) comparison {
		return comparison{measure, floor, report.Seconds, least.Seconds(), value.Seconds()}
	}
	if kind == "rebuild" {
		return []comparison{took("rebuild of all projections", "a plain consumer of the log", p.Projected, p.Reading)}
	}
	return []comparison{
		took("start until a command is answered", "nats-server alone", p.Answering, p.NATS),
		took("first answer of WatchOffers, p50", "GetCustody of one conversation", p.Offers, p.Read),
		took("first answer of WatchCustody, p50", "GetCustody of one conversation", p.Custody, p.Read),
	}
}

// summarized makes a row for each measure, in the order in which they were first made.
func summarized(suffix string, all []comparison) (rows []report.Row) {
	of := map[string][]comparison{}
	for _, c := range all {
		of[c.measure] = append(of[c.measure], c)
	}
	for _, c := range all {
		turns := of[c.measure]
		if turns == nil {
			continue
		}
		delete(of, c.measure)
		var least, values []float64
		for _, turn := range turns {
			least, values = append(least, turn.least), append(values, turn.value)
		}
		rows = append(rows, report.Compare(c.measure+suffix, c.floor, c.unit, least, values))
	}
	return rows
}
