package main

import (
	"context"
	"fmt"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/directory"
	"github.com/stafett/stafett/pkg/directory/linefile"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	"github.com/stafett/stafett/tools/bench/internal/report"
)

// directorySize is the number of lines that a decision ranks.
const directorySize = 5000

// decisions measures a routing decision next to a scan of the ids of the same lines.
func (b *bench) decisions(ctx context.Context) error {
	lines := manyLines()
	all := staffed(lines)
	need := directory.Need{
		Header: &handoverv1.PacketHeader{LanguageCode: "nb", AgeBand: &handoverv1.AgeBand{MinYears: 13, MaxYears: 15}, Channel: handoverv1.Channel_CHANNEL_CHAT},
		Topics: []string{"V.physical"}, FromLine: "snakkommobbing-1",
	}
	at := time.Now()
	var floors, ours series
	for range b.rounds {
		p50, err := b.rested(ctx, func(context.Context) error { all.Rank(need, at); return nil },
			func(context.Context) error { scan(lines); return nil })
		if err != nil {
			return err
		}
		ours.add(p50[0])
		floors.add(p50[1])
	}
	b.add(report.Compare(fmt.Sprintf("routing decision over %d lines, p50", directorySize), "a scan of their ids", report.Seconds, floors, ours))
	return nil
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
