package main

import (
	"fmt"
	"runtime"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/directory"
	"github.com/stafett/stafett/pkg/directory/linefile"
	"github.com/stafett/stafett/pkg/directory/openinghours"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// directorySize is the number of lines that a decision ranks.
const directorySize = 5000

// decisions measures a routing decision next to a scan of the ids of the same lines, and
// the query for when a line next opens.
func decisions(rounds int) {
	lines := manyLines()
	before := heap()
	all := staffed(lines)
	each := float64(heap()-before) / directorySize
	need := directory.Need{
		Header: &handoverv1.PacketHeader{LanguageCode: "nb", AgeBand: &handoverv1.AgeBand{MinYears: 13, MaxYears: 15}, Channel: handoverv1.Channel_CHANNEL_CHAT},
		Topics: []string{"V.physical"}, FromLine: "snakkommobbing-1",
	}
	at := time.Now()
	decided := timed(100*rounds, func() { all.Rank(need, at) })
	scanned := timed(100*rounds, func() { scan(lines) })
	next := timed(100*rounds, func() { openinghours.NextOpen(lines[1], handoverv1.Channel_CHANNEL_CHAT, at) })
	changed := timed(100*rounds, func() { all = all.With(directory.ID(lines[0]), lines[0], all.Live(directory.ID(lines[0]))) })
	fmt.Printf("\nrouting over %d lines, medians\n", directorySize)
	fmt.Printf("  look at the ids alone      %10s\n", scanned)
	fmt.Printf("  a decision                 %10s   %.1f times that (aim: under 1 ms)\n", decided, float64(decided)/float64(scanned))
	fmt.Printf("  one line reports           %10s\n", changed)
	fmt.Printf("  NextOpen of one line       %10s   from its facts (aim: under 50 µs)\n", next)
	fmt.Printf("  memory                     %10.0f   bytes a line\n", each)
	runtime.KeepAlive(all)
	runtime.KeepAlive(lines)
}

// manyLines repeats the example lines, giving each copy different hours.
func manyLines() []*handoverv1.Line {
	var lines []*handoverv1.Line
	examples := linefile.Example()
	for i := range directorySize {
		line := proto.CloneOf(examples[i%len(examples)])
		line.Name += fmt.Sprintf("-%d", i)
		for _, hours := range line.Hours {
			for _, window := range hours.Windows {
				window.ClosesMinute = max(window.OpensMinute+1, window.ClosesMinute-int32(i%90))
			}
		}
		lines = append(lines, line)
	}
	return lines
}

// staffed returns a directory in which every desk has reported its seats.
func staffed(lines []*handoverv1.Line) *directory.Directory {
	all := directory.New(lines)
	for i, line := range lines {
		all = all.With(directory.ID(line), line, directory.Live{
			SeatsUntil: time.Now().Add(time.Hour),
			Seats:      map[handoverv1.Channel]directory.Seats{handoverv1.Channel_CHANNEL_CHAT: {Free: int32(i % 12), Queue: int32(i % 7)}},
		})
	}
	return all
}

func scan(lines []*handoverv1.Line) (found int) {
	for _, line := range lines {
		if line.Name == "lines/none" {
			found++
		}
	}
	return found
}

// timed returns the median duration of do.
func timed(times int, do func()) time.Duration {
	took := make([]time.Duration, times)
	for i := range took {
		began := time.Now()
		do()
		took[i] = time.Since(began)
	}
	return median(took)
}

// heap returns the bytes in use after two garbage collections.
func heap() int64 {
	runtime.GC()
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return int64(stats.HeapAlloc)
}
