// Package report writes what was measured beside its floors, one row for each measure.
package report

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"text/tabwriter"

	"github.com/stafett/stafett/tools/bench/internal/stats"
)

// Row is one measure of Stafett and its floor, in turns of one run.
type Row struct {
	Measure string  `json:"measure"`
	Floor   string  `json:"floor"` // what the floor is
	Unit    Unit    `json:"unit"`
	Least   float64 `json:"floor_value"` // median of the floor over the turns
	Value   float64 `json:"value"`       // median of Stafett
	Ratio   float64 `json:"ratio"`       // median of the turns' ratios
	Low     float64 `json:"ratio_min"`
	High    float64 `json:"ratio_max"`
	Turns   int     `json:"turns"`
}

// Unit says in what a value is counted.
type Unit string

const (
	Seconds   Unit = "s"
	PerSecond Unit = "/s"
	Bytes     Unit = "B"
)

// Compare makes the row of what was measured turn by turn.
func Compare(measure, floor string, unit Unit, least, values []float64) Row {
	ratios := make([]float64, len(values))
	for i := range ratios {
		ratios[i] = values[i] / least[i]
	}
	return Row{
		Measure: measure, Floor: floor, Unit: unit, Least: stats.Median(least), Value: stats.Median(values),
		Ratio: stats.Median(ratios), Low: slices.Min(ratios), High: slices.Max(ratios), Turns: len(ratios),
	}
}

// Formats are the ways to write rows.
var Formats = []string{"table", "json"}

// Write writes rows in a format.
func Write(out io.Writer, format string, rows []Row) error {
	if format == "json" {
		encoder := json.NewEncoder(out)
		encoder.SetIndent("", "  ")
		return encoder.Encode(rows)
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "MEASURE\tSTAFETT\tFLOOR\tRATIO\tMIN..MAX\tTURNS\tWHAT THE FLOOR IS")
	for _, r := range rows {
		fmt.Fprintf(w, "%s\t%s\t%s\t%.2f\t%.2f..%.2f\t%d\t%s\n", r.Measure, r.Unit.text(r.Value), r.Unit.text(r.Least), r.Ratio, r.Low, r.High, r.Turns, r.Floor)
	}
	return w.Flush()
}

func (u Unit) text(v float64) string {
	switch {
	case u == PerSecond:
		return fmt.Sprintf("%.0f/s", v)
	case u == Bytes:
		return fmt.Sprintf("%.2f MB", v/1e6)
	case v < 10e-3:
		return fmt.Sprintf("%.1f us", v*1e6)
	case v < 10:
		return fmt.Sprintf("%.1f ms", v*1e3)
	}
	return fmt.Sprintf("%.1f s", v)
}
