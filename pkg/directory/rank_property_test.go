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

	"github.com/stafett/stafett/pkg/directory/internal/fit"
	"github.com/stafett/stafett/pkg/directory/openinghours"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// A line that may be asked fails none of the hard rules, which this test evaluates
// independently from the line and its live state. Every line that fails none may be asked.
func TestARankedPlanHasNoLineThatFailsAHardRule(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lines, at := drawLines(t), drawEvening(t)
		all := drawLives(t, New(lines), at)
		for range 15 {
			checkPlan(t, all, drawNeed(t), at)
		}
	})
}

func checkPlan(t *rapid.T, all *Directory, need Need, at time.Time) {
	decision := all.Rank(need, at)
	if len(decision.Candidates) != len(all.Lines()) {
		t.Fatalf("%d candidates of %d lines", len(decision.Candidates), len(all.Lines()))
	}
	for _, candidate := range decision.Candidates {
		reason := unfit(all.Line(candidate.Line), all.Live(candidate.Line), need, at)
		if (reason == "") != (len(candidate.Failed) == 0) {
			t.Fatalf("%s fails %v; read again: %q", candidate.Line, candidate.Failed, reason)
		}
		overfull := slices.Contains(candidate.Warnings, handoverv1.Verdict_VERDICT_CAPACITY)
		if reason == "" && !overfull && all.CanTake(candidate.Line, need.Header.Channel, need.Header.Risk, at) != 0 {
			t.Fatalf("%s may be asked and cannot take anybody", candidate.Line)
		}
	}
}

// Equal lines with equal live state give the same decision, whatever their order, their
// earlier live state and earlier decisions.
func TestTheSameLinesDecideTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lines, at := drawLines(t), drawEvening(t)
		all := drawLives(t, New(lines), at)
		again := drawLives(t, New(rapid.Permutation(lines).Draw(t, "order")), at)
		again = again.With("snakkompsyken", nil, Live{}).With("extra", &handoverv1.Line{Name: "lines/extra", Topics: []string{"PH"}}, Live{})
		for _, id := range rapid.Permutation(idsOf(lines)).Draw(t, "order of reports") {
			again = again.With(id, all.Line(id), all.Live(id))
		}
		again = again.With("extra", nil, Live{})
		for range 5 {
			need := drawNeed(t)
			at = at.Add(time.Duration(rapid.IntRange(-30, 600).Draw(t, "minutes")) * time.Minute)
			want := all.Rank(need, at)
			if diff := cmp.Diff(want, again.Rank(need, at), protocmp.Transform()); diff != "" {
				t.Fatalf("at %s: %s", at, diff)
			}
			checkRoundTrip(t, want)
		}
	})
}

// checkRoundTrip requires that a decision survives storage in the log.
func checkRoundTrip(t *rapid.T, decision *handoverv1.RoutingDecision) {
	text, err := proto.Marshal(decision)
	if err != nil {
		t.Fatal(err)
	}
	read := &handoverv1.RoutingDecision{}
	if err := proto.Unmarshal(text, read); err != nil || !proto.Equal(read, decision) {
		t.Fatalf("read as %v, %v", read, err)
	}
}

func idsOf(lines []*handoverv1.Line) (ids []string) {
	for _, line := range lines {
		ids = append(ids, ID(line))
	}
	return ids
}

// unfit returns why a line may not be asked, or nothing if it may. It is slow and independent
// of the rules.
func unfit(line *handoverv1.Line, live Live, need Need, at time.Time) string {
	id, h := ID(line), need.Header
	topics := slices.DeleteFunc(slices.Clone(need.Topics), func(topic string) bool { return topic == "V.bullying" || topic[0] != 'V' })
	if len(topics) == 0 {
		topics = need.Topics
	}
	barred := !slices.Contains(need.Named, id) && !(line.Emergency && h.Risk == handoverv1.RiskLevel_RISK_LEVEL_R4)
	norwegian := strings.HasPrefix(strings.Join(line.Languages, " "), "nb")
	switch {
	case id == need.FromLine || need.Asked[id] && barred || len(need.Named) > 0 && !slices.Contains(need.Named, id):
		return "the sender does not want it"
	case line.Status > handoverv1.LineStatus_LINE_STATUS_ACTIVE:
		return "status"
	case !openinghours.OpenAt(line, h.Channel, at):
		return "closed"
	case closedNow(live, h.Channel, at):
		return "closed at short notice, or nobody is there"
	case !seatFor(live, h, line.Emergency, at) && (h.Risk != handoverv1.RiskLevel_RISK_LEVEL_R4 || !slices.Contains(need.Named, id)):
		return "no seat"
	case !barred:
		return ""
	case line.MaxRisk != 0 && line.MaxRisk != 6 && h.Risk != 6 && h.Risk > line.MaxRisk:
		return "risk"
	case !slices.ContainsFunc(line.Topics, func(of string) bool {
		return of == "*" || slices.ContainsFunc(topics, func(topic string) bool { return of == topic || of == topic[:2] })
	}):
		return "topic"
	case h.AgeBand.MaxYears < line.Ages.MinYears || h.AgeBand.MinYears > line.Ages.MaxYears:
		return "age"
	case h.LanguageCode == "nn" && !norwegian || h.LanguageCode == "da" && !slices.Contains(line.Languages, "da"):
		return "language"
	case h.Area == "0301" && !anyOf(line.ServiceAreas, "", "NO", "NO-03", "0301"), h.Area == "DK" && !anyOf(line.ServiceAreas, "", "DK"):
		return "area"
	case h.Channel == phone && strings.HasSuffix(id, "-oslo") && h.Area != "0301", h.Channel == phone && (strings.HasSuffix(id, "-bergen") || strings.HasSuffix(id, "-trondheim")):
		return "area: no door"
	}
	for _, from := range line.ReceivesFrom {
		if from.Line == need.FromLine {
			if from.Way != fit.Warm {
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

// anyOf reports whether a list contains any of some values; empty text is in an empty list.
func anyOf(list []string, some ...string) bool {
	return len(list) == 0 && slices.Contains(some, "") || slices.ContainsFunc(list, func(of string) bool { return slices.Contains(some, of) })
}

func closedNow(live Live, channel handoverv1.Channel, at time.Time) bool {
	for _, c := range live.Closures {
		about := len(c.Channels) == 0 || slices.Contains(c.Channels, channel)
		if about && !at.Before(c.StartTime.AsTime()) && at.Before(c.EndTime.AsTime()) {
			return true
		}
	}
	if live.Staffing != nil {
		_, _, staffed := live.Staffing.Staffs(at)
		return !staffed
	}
	return false
}

// seatFor is the seat rule in the terms of the decision record.
func seatFor(live Live, h *handoverv1.PacketHeader, emergency bool, at time.Time) bool {
	if h.Channel == sms {
		return true
	}
	if at.Before(live.SeatsUntil) {
		seats := live.Seats[h.Channel]
		return seats.Free > seats.Leased || emergency && h.Risk == handoverv1.RiskLevel_RISK_LEVEL_R4
	}
	return emergency
}
