package directory

import (
	"fmt"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/durationpb"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// longestEvent is less than what the log takes as one message, with room for the offers
// that go with a ranking.
const longestEvent = 50 << 10

// TestADecisionFitsIntoTheLog however many lines there are and however long their ids,
// and says of each whether it may be asked or how many were like it.
func TestADecisionFitsIntoTheLog(t *testing.T) {
	for name, need := range map[string]Need{
		"few fit":  {Header: header("nb", 14), Topics: []string{"V.physical"}},
		"many fit": {Header: header("", 14, "MH", "V", "FR")},
		"none fit": {Header: header("fi", 14), Topics: []string{"NC"}},
	} {
		decision := crowded().Rank(need, instant(t, "2026-03-03T19:40:00+01:00"))
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

// crowded has thousands of lines with ids as long as can be and everything that a
// candidate may say.
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
