package directory

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/directory/internal/directorytest"
	"github.com/stafett/stafett/pkg/directory/internal/fit"
	"github.com/stafett/stafett/pkg/directory/linefile"
	"github.com/stafett/stafett/pkg/directory/openinghours"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

const thousands = 5000

// fullLines returns lines that use every field: hours of several kinds on every channel,
// exceptions, areas and receptions. Hardly any two are equal.
func fullLines() []*handoverv1.Line {
	lines := manyLines(thousands)
	for i, line := range lines {
		for _, hours := range line.Hours {
			hours.Schedules = append(hours.Schedules, &handoverv1.Schedule{
				Freq: handoverv1.Frequency_FREQUENCY_MONTHLY, Byday: []string{"1SA"}, OpensAt: "10:00", ClosesAt: "12:00",
			})
			shift := int32(i % 90)
			for _, w := range hours.Windows {
				w.OpensMinute, w.ClosesMinute = w.OpensMinute+shift, min(w.ClosesMinute+shift, 2880)
			}
		}
		line.Exceptions = append(line.Exceptions,
			&handoverv1.ScheduleException{Holidays: line.Country},
			&handoverv1.ScheduleException{Recurrence: &handoverv1.Schedule{Freq: handoverv1.Frequency_FREQUENCY_YEARLY, Dtstart: "2026-12-24"}})
		line.ReceivesFrom = []*handoverv1.Reception{{Line: fmt.Sprintf("sender-%d", i%100), Way: fit.Warm}, {Line: "*", Way: fit.Warm}}
		line.Capacity = []*handoverv1.Capacity{{Channel: chat, Seats: int32(1 + i%9)}}
		line.Ages.MinYears, line.Ages.MaxYears = line.Ages.MinYears+int32(i%5), line.Ages.MaxYears-int32(i%3)
		if i%3 == 0 {
			line.ServiceAreas = append(slices.Clone(line.ServiceAreas), fmt.Sprintf("%04d", 1000+i%357))
		}
	}
	return lines
}

// BenchmarkRank decides over 5,000 lines with full schedules and, for comparison, only visits
// their ids.
func BenchmarkRank(b *testing.B) {
	lines := fullLines()
	before := heap()
	d := liveAll(lines)
	each := float64(heap()-before) / thousands
	evening := directorytest.Instant(b, "2026-03-03T19:40:00+01:00")
	violence := Need{Header: header("nb", 14), Topics: []string{"V.physical"}, FromLine: "snakkommobbing", Asked: map[string]bool{"brus": true}}
	anything := Need{Header: header("", 14, "MH", "V", "FR"), FromLine: "snakkommobbing"}
	anything.Header.Area = "0301"
	for name, test := range map[string]struct {
		need Need
		at   time.Time
	}{
		"few fit": {violence, evening}, "many fit": {anything, evening}, "many are closed": {anything, evening.Add(6 * time.Hour)},
	} {
		b.Run(name, func(b *testing.B) {
			benchmarkRank(b, d, test.need, test.at)
			b.ReportMetric(each, "B/line")
		})
	}
	b.Run("another instant each time", func(b *testing.B) {
		at := evening
		for b.Loop() {
			at = at.Add(time.Duration(rand.IntN(7*24*60)) * time.Minute)
			d.Rank(anything, at)
		}
	})
	b.Run("nothing is remembered of the rules", func(b *testing.B) {
		for b.Loop() {
			d.basis.rules().Judge() // is not given back
			d.Rank(anything, evening)
		}
	})
	b.Run("plain scan", func(b *testing.B) { plainScan(b, lines) })
	runtime.KeepAlive(d)
}

// benchmarkRank reports the median in addition to the mean.
func benchmarkRank(b *testing.B, d *Directory, need Need, at time.Time) {
	d.Rank(need, at)
	b.ReportAllocs()
	var took []time.Duration
	for b.Loop() {
		began := time.Now()
		d.Rank(need, at)
		took = append(took, time.Since(began))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds()), "µs-median")
}

func plainScan(b *testing.B, lines []*handoverv1.Line) {
	found := 0
	for b.Loop() {
		for _, line := range lines {
			if ID(line) == "none" {
				found++
			}
		}
	}
}

func BenchmarkNew(b *testing.B) {
	lines := fullLines()
	for b.Loop() {
		New(lines)
	}
}

// BenchmarkNextOpen asks when a line with full schedules, a closure and a rota opens next,
// each time for another instant.
func BenchmarkNextOpen(b *testing.B) {
	line := fullLines()[1]
	evening := directorytest.Instant(b, "2026-03-03T22:00:00+01:00")
	live := Live{
		Closures: []*handoverv1.Closure{directorytest.Closed(b, "2026-03-04T15:00:00+01:00", "2026-03-05T15:00:00+01:00", incident)},
		Staffing: shift{"one", evening.Add(-24 * time.Hour), evening.Add(30 * 24 * time.Hour)},
	}
	of := openinghours.Of(line).Now(live.Closures, live.Staffing)
	for b.Loop() {
		of.NextOpen(chat, evening.Add(time.Duration(rand.IntN(7*24*60))*time.Minute))
	}
}

// BenchmarkWith adds one report from one line's desks.
func BenchmarkWith(b *testing.B) {
	d := liveAll(fullLines())
	line := d.Lines()[thousands/2]
	b.ReportAllocs()
	for b.Loop() {
		d = d.With(ID(line), line, someSeats())
	}
}

// liveAll returns a directory in which every line has reported its own seats.
func liveAll(lines []*handoverv1.Line) *Directory {
	d := New(lines)
	for i, line := range d.Lines() {
		live := someSeats()
		live.Seats[chat] = Seats{Free: int32(i % 12), Leased: int32(i % 3), Queue: int32(i % 7)}
		live.FactsPosition = uint64(i + 1)
		d = d.With(ID(line), line, live)
	}
	return d
}

func heap() uint64 {
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.HeapAlloc
}

// manyLines repeats the example directory under new ids.
func manyLines(count int) []*handoverv1.Line {
	var lines []*handoverv1.Line
	examples := linefile.Example()
	for i := range count {
		line := proto.CloneOf(examples[i%len(examples)])
		line.Name += fmt.Sprintf("-%d", i)
		lines = append(lines, line)
	}
	return slices.Clip(lines)
}
