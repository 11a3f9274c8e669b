package schedule

import (
	"fmt"
	"runtime"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

const thousands = 5000

func fullLines() []*handoverv1.Line {
	zones := []string{"Europe/Oslo", "Europe/Copenhagen"}
	var lines []*handoverv1.Line
	for i := range thousands {
		lines = append(lines, proto.CloneOf(full(zones[i%2])))
	}
	return lines
}

// BenchmarkOpenAt asks 5,000 lines with full schedules in one operation and, for comparison,
// only visits each line's data.
func BenchmarkOpenAt(b *testing.B) {
	lines := fullLines()
	before := heap()
	plans := make([]*Plan, len(lines))
	evening := instant(b, "2026-03-03T19:40:00+01:00")
	for i, line := range lines {
		plans[i] = Compile(line, chat)
		plans[i].OpenAt(evening)
	}
	each := float64(heap()-before) / thousands
	for name, at := range map[string]time.Time{"all open": evening, "all closed": instant(b, "2026-03-03T12:00:00+01:00")} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				for _, plan := range plans {
					plan.OpenAt(at)
				}
			}
			b.ReportMetric(each, "B/line")
		})
	}
	b.Run("plain scan", func(b *testing.B) {
		found := 0
		for b.Loop() {
			for _, line := range lines {
				if line.GetName() == "lines/none" {
					found++
				}
			}
		}
	})
	runtime.KeepAlive(plans)
}

func heap() uint64 {
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.HeapAlloc
}

func BenchmarkNext(b *testing.B) {
	closed := full("Europe/Oslo")
	closed.Exceptions = append(closed.Exceptions, &handoverv1.ScheduleException{
		Recurrence: &handoverv1.Schedule{Freq: handoverv1.Frequency_FREQUENCY_DAILY, ValidFrom: "2026-07-01", ValidTo: "2026-07-31"},
	})
	plan := Compile(closed, chat)
	for _, at := range []string{"2026-03-07T13:00:00+01:00", "2026-07-01T12:00:00+02:00"} {
		b.Run(fmt.Sprint(at), func(b *testing.B) {
			from := instant(b, at)
			for b.Loop() {
				plan.Next(from)
			}
		})
	}
}

func BenchmarkUntil(b *testing.B) {
	plan := Compile(lineOf(&handoverv1.Window{Weekdays: []int32{1, 2, 3, 4, 5, 6, 7}, ClosesMinute: 1440}), chat)
	at := time.Date(2026, 3, 3, 12, 0, 0, 0, time.UTC)
	for b.Loop() {
		plan.Until(at)
	}
}

func BenchmarkCompile(b *testing.B) {
	line := full("Europe/Oslo")
	at := instant(b, "2026-03-29T12:59:00Z")
	for b.Loop() {
		Compile(line, chat).OpenAt(at)
	}
}
