package longhistory

import (
	"fmt"
	"io"
	"text/tabwriter"
	"time"
)

// table writes one column for each history.
func table(out io.Writer, rows []Row) error {
	w := tabwriter.NewWriter(out, 0, 0, 3, ' ', tabwriter.AlignRight)
	line := func(name string, cell func(Row) string) {
		fmt.Fprintf(w, "%-46s\t", name)
		for _, row := range rows {
			fmt.Fprintf(w, "%s\t", cell(row))
		}
		fmt.Fprintln(w)
	}
	line("CONVERSATIONS", func(r Row) string { return fmt.Sprint(r.Conversations) })
	line("commits in the log", func(r Row) string { return fmt.Sprint(r.Again.Commits) })
	line("copied, commits/s", func(r Row) string { return fmt.Sprintf("%.0f", float64(r.Rebuilt.Commits)/r.Filling.Seconds()) })
	starts(line, "rebuild", func(r Row) Pass { return r.Rebuilt })
	line("  reading the log alone (floor)", func(r Row) string { return seconds(r.Rebuilt.Reading) })
	line("  all projected / reading", func(r Row) string { return ratio(r.Rebuilt.Projected, r.Rebuilt.Reading) })
	starts(line, "start again", func(r Row) Pass { return r.Again })
	line("WatchOffers, first answer p50", func(r Row) string { return micros(r.Again.Offers) })
	line("WatchCustody, first answer p50", func(r Row) string { return micros(r.Again.Custody) })
	line("worklist, a page of 10, p50", func(r Row) string { return micros(r.Again.Worklist) })
	line("command alone, p50", func(r Row) string { return micros(r.Again.Command) })
	line("CPU per command, whole process", func(r Row) string { return micros(r.Again.CommandCPU) })
	sizes(line, rows)
	return w.Flush()
}

type liner func(name string, cell func(Row) string)

// starts writes how a start went.
func starts(line liner, name string, of func(Row) Pass) {
	line(name+": nats-server alone (floor)", func(r Row) string { return seconds(of(r).NATS) })
	line("  a command is answered", func(r Row) string { return seconds(of(r).Answering) })
	line("  all projected", func(r Row) string { return seconds(of(r).Projected) })
	line("  all signed", func(r Row) string { return seconds(of(r).Signed) })
	line("  audit has compared all that was signed", func(r Row) string { return seconds(of(r).Compared) })
	line("  CPU until then", func(r Row) string { return seconds(of(r).CPU) })
	line("  memory: own, mapped files, peak of both", func(r Row) string {
		return fmt.Sprintf("%s, %s, %s", megabytes(of(r).Anonymous), megabytes(of(r).Mapped), megabytes(of(r).Peak))
	})
}

// sizes writes what is on disk.
func sizes(line liner, rows []Row) {
	if len(rows) == 0 {
		return
	}
	for i := range rows[0].Disk {
		line("disk: "+rows[0].Disk[i].What, func(r Row) string { return megabytes(r.Disk[i].Bytes) })
	}
	line("  projections / log", func(r Row) string {
		log, projections := r.log()
		return fmt.Sprintf("%.2f", float64(projections)/float64(log))
	})
	line("  all, per conversation", func(r Row) string {
		log, projections := r.log()
		return fmt.Sprintf("%.1f kB", float64(log+projections+r.Disk[1].Bytes)/1e3/float64(r.Conversations))
	})
}

// log returns the sizes of the log and of all projections.
func (r Row) log() (log, projections int64) {
	for _, size := range r.Disk[2:] {
		projections += size.Bytes
	}
	return r.Disk[0].Bytes, projections
}

func seconds(d time.Duration) string      { return fmt.Sprintf("%.2f s", d.Seconds()) }
func micros(d time.Duration) string       { return fmt.Sprintf("%d us", d.Microseconds()) }
func megabytes(b int64) string            { return fmt.Sprintf("%.1f MB", float64(b)/1e6) }
func ratio(a, floor time.Duration) string { return fmt.Sprintf("%.2f", a.Seconds()/floor.Seconds()) }
