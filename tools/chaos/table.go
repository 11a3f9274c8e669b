package main

import (
	"fmt"
	"io"
	"slices"
	"text/tabwriter"
	"time"

	"github.com/stafett/stafett/tools/chaos/internal/faults"
)

// row is what came of a fault.
type row struct {
	fault   faults.Fault
	results []faults.Result
	wrong   []string
	notHere string
}

func sound(rows []*row) bool {
	return !slices.ContainsFunc(rows, func(r *row) bool { return len(r.wrong) > 0 })
}

// write prints the table, and below it what is wrong.
func write(out io.Writer, rows []*row) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "FAULT\tTRIED\tACKNOWLEDGED\tMISSING, TOLD\tMISSING, NOT TOLD\tDIFFERENT\tNOTICED\tSERVED AFTER\tTHE PERSON MUST")
	for _, r := range rows {
		fmt.Fprintln(table, r)
	}
	if err := table.Flush(); err != nil {
		return err
	}
	for _, r := range rows {
		for _, wrong := range r.wrong {
			fmt.Fprintln(out, wrong)
		}
	}
	return nil
}

// String is the row of the table.
func (r *row) String() string {
	if r.notHere != "" {
		return fmt.Sprintf("%s\t0\t%s", r.fault.Name, r.notHere)
	}
	acknowledged, told, untold, different, noticed, harmful := 0, 0, 0, 0, 0, 0
	for _, result := range r.results {
		acknowledged, different = acknowledged+result.Acknowledged, different+len(result.Different)
		unannounced := len(result.Unannounced())
		told, untold = told+len(result.Missing)-unannounced, untold+unannounced
		if result.Noticed {
			noticed++
		}
		if !result.Harmless {
			harmful++
		}
	}
	return fmt.Sprintf("%s\t%d\t%d\t%d\t%d\t%d\t%s\t%s\t%s", r.fault.Name, len(r.results), acknowledged, told, untold, different,
		r.noticed(noticed, harmful), r.served(), r.fault.Person)
}

// noticed is empty where there is nothing to notice.
func (r *row) noticed(count, of int) string {
	if !r.fault.Notices {
		return "-"
	}
	return fmt.Sprintf("%d of %d", count, of)
}

// served is the median and the longest time until the platform served again.
func (r *row) served() string {
	times := []time.Duration{}
	for _, result := range r.results {
		if result.Served > 0 {
			times = append(times, result.Served)
		}
	}
	if len(times) == 0 {
		return "-"
	}
	slices.Sort(times)
	return fmt.Sprintf("%.2f s, at most %.2f s", times[len(times)/2].Seconds(), times[len(times)-1].Seconds())
}
