package directory

import (
	"fmt"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/durationpb"

	"github.com/stafett/stafett/pkg/directory/internal/directorytest"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// longestEvent is below the log's message limit and leaves room for the offers that accompany
// a ranking.
const longestEvent = 50 << 10

// A decision fits however many lines there are and however long their ids. It still shows for
// each line whether it may be asked, or counts it in its group.
func TestADecisionFitsIntoTheLog(t *testing.T) {
	for name, need := range map[string]Need{
		"few fit":  {Header: header("nb", 14), Topics: []string{"V.physical"}},
		"many fit": {Header: header("", 14, "MH", "V", "FR")},
		"none fit": {Header: header("fi", 14), Topics: []string{"NC"}},
	} {
		decision := crowded().Rank(need, directorytest.Instant(t, "2026-03-03T19:40:00+01:00"))
		told := int32(len(decision.Candidates))
		for _, group := range decision.Others {
			told += group.Count
			if int(group.Count) < len(group.Lines) {
				t.Errorf("%s: a group of %d names %d", name, group.Count, len(group.Lines))
			}
		}
		if size := proto.Size(decision); size > longestEvent || told != thousands {
			t.Errorf("%s: %d bytes for %d lines, of which %d are told", name, size, thousands, told)
		}
	}
}

// crowded returns a directory of thousands of lines with ids of maximum length and every
// field that a candidate can have.
func crowded() *Directory {
	lines := manyLines(thousands)
	for i, line := range lines {
		line.Name = "lines/" + fmt.Sprintf("l%04d-", i) + strings.Repeat("x", 57)
		minute := durationpb.New(61e9)
		line.Deadlines = &handoverv1.LineDeadlines{
			Consent: minute, Offer: minute, OfferPhone: minute, OfferImminent: minute, Join: minute, Briefing: minute,
			Bridge: minute, Confirm: minute, Overlap: minute, Outcome: minute, Slow: minute,
		}
	}
	d := New(lines)
	for i, line := range d.Lines() {
		live := someSeats()
		live.FactsPosition = 1 << 40
		live.Seats[chat] = Seats{Free: 10000, Queue: 100000 + int32(i)}
		d = d.With(ID(line), line, live)
	}
	return d
}
