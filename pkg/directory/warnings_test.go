package directory

import (
	"slices"
	"testing"

	"github.com/stafett/stafett/pkg/directory/internal/directorytest"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// TestWallsOnlyWarn where the sender names the line, where an emergency line is asked for a
// child in danger, and where the child may be of an age that the line takes. What does not fit
// is shown.
func TestWallsOnlyWarn(t *testing.T) {
	language, age, topic := handoverv1.Verdict_VERDICT_LANGUAGE, handoverv1.Verdict_VERDICT_AGE, handoverv1.Verdict_VERDICT_TOPIC
	for name, c := range map[string]struct {
		line           string
		need           func(*Need)
		failed, warned []handoverv1.Verdict
	}{
		"another language":         {"alarmtelefonen", func(n *Need) { n.Header.LanguageCode = "ar" }, []handoverv1.Verdict{language}, nil},
		"in danger":                {"alarmtelefonen", func(n *Need) { n.Header.LanguageCode, n.Header.Risk = "ar", imminent }, nil, []handoverv1.Verdict{language}},
		"asked before in danger":   {"alarmtelefonen", func(n *Need) { n.Asked, n.Header.Risk = map[string]bool{"alarmtelefonen": true}, imminent }, nil, []handoverv1.Verdict{handoverv1.Verdict_VERDICT_ASKED_BEFORE}},
		"overridden":               {"alarmtelefonen", func(n *Need) { n.Header.LanguageCode, n.Overridden = "ar", true }, nil, []handoverv1.Verdict{language}},
		"named":                    {"alarmtelefonen", func(n *Need) { n.Header.LanguageCode, n.Named = "ar", []string{"alarmtelefonen"} }, nil, []handoverv1.Verdict{language}},
		"asked before and named":   {"alarmtelefonen", func(n *Need) { n.Asked, n.Named = map[string]bool{"alarmtelefonen": true}, []string{"alarmtelefonen"} }, nil, []handoverv1.Verdict{handoverv1.Verdict_VERDICT_ASKED_BEFORE}},
		"full and named in danger": {"alarmtelefonen", func(n *Need) { n.Named, n.Header.Risk = []string{"alarmtelefonen"}, imminent }, nil, nil},
		"another topic in danger":  {"alarmtelefonen", func(n *Need) { n.Topics, n.Header.Risk = []string{"MH.suicidal_thoughts"}, imminent }, nil, []handoverv1.Verdict{topic}},
		"in danger elsewhere":      {"snakkompsyken", func(n *Need) { n.Header.LanguageCode, n.Header.Risk = "ar", imminent; n.Topics = []string{"MH.mood"} }, []handoverv1.Verdict{language}, nil},
		"a band that overlaps": {"snakkompsyken", func(n *Need) {
			n.Header.AgeBand, n.Topics = &handoverv1.AgeBand{MinYears: 18, MaxYears: 25}, []string{"MH.mood"}
		}, nil, []handoverv1.Verdict{age}},
		"a band outside": {"snakkompsyken", func(n *Need) {
			n.Header.AgeBand, n.Topics = &handoverv1.AgeBand{MinYears: 40, MaxYears: 45}, []string{"MH.mood"}
		}, []handoverv1.Verdict{age}, nil},
	} {
		need := Need{Header: header("nb", 14), Topics: []string{"V.physical"}}
		c.need(&need)
		got := seatedAll([]*handoverv1.Line{directorytest.Line(t, c.line)}).Rank(need, directorytest.Instant(t, "2026-03-03T19:40:00+01:00")).Candidates[0]
		if !slices.Equal(got.Failed, c.failed) || !slices.Equal(got.Warnings, c.warned) {
			t.Errorf("%s: %s fails %v and warns of %v, want %v and %v", name, c.line, got.Failed, got.Warnings, c.failed, c.warned)
		}
	}
}

const imminent = handoverv1.RiskLevel_RISK_LEVEL_R4
