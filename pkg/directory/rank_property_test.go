package directory

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/testing/protocmp"
	"pgregory.net/rapid"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// A line that may be asked fails none of the hard rules, as they are read here once
// more from the line itself; and every line that fails none may be asked.
func TestARankedPlanHasNoLineThatFailsAHardRule(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lines, at := drawLines(t), drawEvening(t)
		for range 15 {
			checkPlan(t, lines, drawNeed(t), at)
		}
	})
}

func checkPlan(t *rapid.T, lines []*handoverv1.Line, need Need, at time.Time) {
	decision := New(lines).Rank(need, at)
	if len(decision.Candidates) != len(lines) {
		t.Fatalf("%d candidates of %d lines", len(decision.Candidates), len(lines))
	}
	for _, candidate := range decision.Candidates {
		line := lines[slices.IndexFunc(lines, func(l *handoverv1.Line) bool { return ID(l) == candidate.Line })]
		reason := unfit(line, need, at)
		if (reason == "") != (len(candidate.Failed) == 0) {
			t.Fatalf("%s fails %v; read again: %q", candidate.Line, candidate.Failed, reason)
		}
	}
	shuffled := rapid.Permutation(lines).Draw(t, "order")
	if diff := cmp.Diff(decision, New(shuffled).Rank(need, at), protocmp.Transform()); diff != "" {
		t.Fatal("the same lines in another order: " + diff)
	}
}

// A directory that has decided before decides as a new one does.
func TestADirectoryThatWasAskedBeforeDecidesTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lines, at := drawLines(t), drawEvening(t)
		asked := New(lines)
		for range 5 {
			need := drawNeed(t)
			at = at.Add(time.Duration(rapid.IntRange(-30, 600).Draw(t, "minutes")) * time.Minute)
			if diff := cmp.Diff(New(lines).Rank(need, at), asked.Rank(need, at), protocmp.Transform()); diff != "" {
				t.Fatalf("at %s: %s", at, diff)
			}
		}
	})
}

// unfit is why a line may not be asked, read slowly and apart from the rules. Empty
// where it may.
func unfit(line *handoverv1.Line, need Need, at time.Time) string {
	id, h := ID(line), need.Header
	topics := slices.DeleteFunc(slices.Clone(need.Topics), func(topic string) bool { return topic == "V.bullying" || topic[0] != 'V' })
	if len(topics) == 0 {
		topics = need.Topics
	}
	norwegian := strings.HasPrefix(strings.Join(line.Languages, " "), "nb")
	switch {
	case id == need.FromLine || need.Asked[id] || len(need.Named) > 0 && !slices.Contains(need.Named, id):
		return "the sender does not want it"
	case line.Status > handoverv1.LineStatus_LINE_STATUS_ACTIVE:
		return "status"
	case !OpenAt(line, h.Channel, at):
		return "closed"
	case !slices.ContainsFunc(line.Topics, func(of string) bool {
		return of == "*" || slices.ContainsFunc(topics, func(topic string) bool { return of == topic || of == topic[:2] })
	}):
		return "topic"
	case h.AgeBand.MinYears < line.Ages.MinYears || h.AgeBand.MaxYears > line.Ages.MaxYears:
		return "age"
	case h.Language == "nn" && !norwegian || h.Language == "da" && !slices.Contains(line.Languages, "da"):
		return "language"
	case h.Area == "0301" && !anyOf(line.ServiceAreas, "", "NO", "NO-03", "0301"), h.Area == "DK" && !anyOf(line.ServiceAreas, "", "DK"):
		return "area"
	}
	for _, from := range line.ReceivesFrom {
		if from.Line == need.FromLine {
			if from.Way != warm {
				return "direction: a signpost"
			}
			return ""
		}
	}
	if need.FromLine != "" && len(line.ReceivesFrom) > 0 {
		return "direction: it is not named"
	}
	return ""
}

// anyOf says whether one of some is in a list; empty text is in an empty list.
func anyOf(list []string, some ...string) bool {
	return len(list) == 0 && slices.Contains(some, "") || slices.ContainsFunc(list, func(of string) bool { return slices.Contains(some, of) })
}

// drawLines are the example lines with some of their facts drawn anew.
func drawLines(t *rapid.T) []*handoverv1.Line {
	var lines []*handoverv1.Line
	for _, example := range Example() {
		line := proto.CloneOf(example)
		line.Status = handoverv1.LineStatus(rapid.SampledFrom([]int32{0, 1, 1, 1, 1, 2, 3, 4}).Draw(t, "status"))
		line.ServiceAreas = rapid.SampledFrom([][]string{nil, {"NO"}, {"DK"}, {"NO-03"}, {"0301", "5001"}, {"5001"}}).Draw(t, "areas")
		line.ReceivesFrom = nil
		if rapid.IntRange(0, 2).Draw(t, "receives") == 0 {
			line.ReceivesFrom = []*handoverv1.Reception{{
				Line: rapid.SampledFrom([]string{"brus", "snakkompsyken"}).Draw(t, "from"),
				Way:  handoverv1.ReceptionWay(rapid.Int32Range(1, 2).Draw(t, "way")),
			}}
		}
		lines = append(lines, line)
	}
	return lines
}

func drawNeed(t *rapid.T) Need {
	ids := []string{"alarmtelefonen", "snakkompsyken", "snakkommobbing", "brus", "cyberhus"}
	age := rapid.SampledFrom([]int32{6, 7, 9, 14, 19, 20, 25, 26}).Draw(t, "age")
	need := Need{
		Header:   header(rapid.SampledFrom([]string{"", "nn", "da"}).Draw(t, "language"), age),
		Topics:   rapid.SliceOfN(rapid.SampledFrom([]string{"V.physical", "V.bullying", "MH.mood", "FR.x_parent_substance_use"}), 1, 2).Draw(t, "topics"),
		FromLine: rapid.SampledFrom([]string{"", "snakkompsyken", "brus", "cyberhus"}).Draw(t, "sender"),
		Asked:    map[string]bool{rapid.SampledFrom(ids).Draw(t, "asked"): rapid.Bool().Draw(t, "was asked")},
	}
	need.Header.AgeBand.MaxYears += rapid.Int32Range(0, 1).Draw(t, "older")
	need.Header.Area = rapid.SampledFrom([]string{"", "0301", "DK"}).Draw(t, "area")
	need.Header.Channel = rapid.SampledFrom([]handoverv1.Channel{chat, chat, handoverv1.Channel_CHANNEL_PHONE}).Draw(t, "channel")
	if rapid.IntRange(0, 3).Draw(t, "named") == 0 {
		need.Named = rapid.SliceOfNDistinct(rapid.SampledFrom(ids), 1, 3, rapid.ID).Draw(t, "names")
	}
	return need
}

// drawEvening is a time at which some lines are open, around the edges of their hours.
func drawEvening(t *rapid.T) time.Time {
	day := time.Date(2026, 3, 23, 0, 0, 0, 0, time.UTC).AddDate(0, 0, rapid.IntRange(0, 20).Draw(t, "day"))
	return day.Add(time.Duration(rapid.IntRange(13*60, 22*60).Draw(t, "minute")) * time.Minute)
}
