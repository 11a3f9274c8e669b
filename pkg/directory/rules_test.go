package directory

import (
	"strings"
	"testing"

	"github.com/stafett/stafett/pkg/directory/internal/directorytest"
	"github.com/stafett/stafett/pkg/directory/internal/fit"
	"github.com/stafett/stafett/pkg/directory/linefile"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// Each case changes one line, and one child asks for it on a Tuesday evening.
func TestTheRulesOfPlaceDirectionAndStatus(t *testing.T) {
	const fits = "snakkompsyken 12 +SPECIALIST +FIRST_LANGUAGE"
	signpost := handoverv1.ReceptionWay_RECEPTION_WAY_SIGNPOST
	status := func(s handoverv1.LineStatus) *handoverv1.Line { return &handoverv1.Line{Status: s} }
	for name, test := range map[string]struct {
		line       *handoverv1.Line
		from, area string
		want       string
	}{
		"from nowhere known":            {&handoverv1.Line{ServiceAreas: []string{"5001"}}, "", "", fits},
		"from within its area":          {&handoverv1.Line{ServiceAreas: []string{"NO-03"}}, "", "0301", fits},
		"from another municipality":     {&handoverv1.Line{ServiceAreas: []string{"5001"}}, "", "0301", "snakkompsyken 0 -AREA"},
		"from another country":          {&handoverv1.Line{ServiceAreas: []string{"NO"}}, "", "DK", "snakkompsyken 0 -AREA"},
		"for everywhere":                {&handoverv1.Line{}, "", "DK", fits},
		"receives from all":             {&handoverv1.Line{}, "brus", "", fits},
		"receives warmly":               {&handoverv1.Line{ReceivesFrom: []*handoverv1.Reception{{Line: "brus", Way: fit.Warm}}}, "brus", "", fits},
		"receives by signpost":          {&handoverv1.Line{ReceivesFrom: []*handoverv1.Reception{{Line: "brus", Way: signpost}, {Line: "*", Way: fit.Warm}}}, "brus", "", "snakkompsyken 0 -DIRECTION"},
		"receives from others by rule":  {&handoverv1.Line{ReceivesFrom: []*handoverv1.Reception{{Line: "brus", Way: signpost}, {Line: "*", Way: fit.Warm}}}, "cyberhus", "", fits},
		"receives from others":          {&handoverv1.Line{ReceivesFrom: []*handoverv1.Reception{{Line: "brus", Way: fit.Warm}}}, "cyberhus", "", "snakkompsyken 0 -DIRECTION"},
		"nobody hands over":             {&handoverv1.Line{ReceivesFrom: []*handoverv1.Reception{{Line: "brus", Way: fit.Warm}}}, "", "", fits},
		"agreed as a signpost":          {&handoverv1.Line{ReceivesFrom: []*handoverv1.Reception{{Line: "brus", Way: fit.Warm, Agreed: signpost}}}, "brus", "", fits},
		"active":                        {status(handoverv1.LineStatus_LINE_STATUS_ACTIVE), "", "", fits},
		"inactive":                      {status(handoverv1.LineStatus_LINE_STATUS_INACTIVE), "", "", "snakkompsyken 0 -CLOSED -INACTIVE"},
		"defunct":                       {status(handoverv1.LineStatus_LINE_STATUS_DEFUNCT), "", "", "snakkompsyken 0 -CLOSED -INACTIVE"},
		"temporarily closed":            {status(handoverv1.LineStatus_LINE_STATUS_TEMPORARILY_CLOSED), "", "", "snakkompsyken 0 -CLOSED"},
		"a status that nobody knows of": {status(9), "", "", "snakkompsyken 0 -CLOSED -INACTIVE"},
	} {
		line := directorytest.Line(t, "snakkompsyken")
		line.ServiceAreas, line.ReceivesFrom, line.Status = test.line.ServiceAreas, test.line.ReceivesFrom, test.line.Status
		need := Need{Header: header("no", 14), Topics: []string{"MH.mood"}, FromLine: test.from}
		need.Header.Area = test.area
		decision := seatedAll([]*handoverv1.Line{line}).Rank(need, directorytest.Instant(t, "2026-03-03T19:40:00+01:00"))
		if got := told(decision.Candidates)[0]; got != test.want {
			t.Errorf("%s: %s, want %s", name, got, test.want)
		}
	}
}

// The agreement between the two Norwegian lines is one-sided, but Stafett treats both
// directions alike.
func TestBothDirectionsOfTheNorwegianAgreementAreWarm(t *testing.T) {
	for _, test := range []struct{ from, topic, want string }{
		{"alarmtelefonen", "MH.mood", "snakkompsyken 12 +SPECIALIST +FIRST_LANGUAGE"},
		{"snakkompsyken", "V.physical", "alarmtelefonen 28 +EMERGENCY +SPECIALIST +FIRST_LANGUAGE"},
		{"snakkommobbing", "V.physical", "alarmtelefonen 28 +EMERGENCY +SPECIALIST +FIRST_LANGUAGE"},
	} {
		need := Need{Header: header("no", 14), Topics: []string{test.topic}, FromLine: test.from}
		decision := seatedAll(linefile.Example()).Rank(need, directorytest.Instant(t, "2026-03-03T19:40:00+01:00"))
		if got := told(decision.Candidates)[0]; got != test.want {
			t.Errorf("from %s: %s, want %s", test.from, got, test.want)
		}
	}
}

// The coverage of the Danish lines also follows from the file: a child who came through
// Cyberhus reaches BRUS, and one at BRUS with another worry reaches Cyberhus.
func TestTheDanishLinesPassToEachOther(t *testing.T) {
	for _, test := range []struct{ from, topic, want string }{
		{"cyberhus", "FR.x_parent_substance_use", "brus 12 +SPECIALIST +FIRST_LANGUAGE"},
		{"brus", "MH.mood", "cyberhus 4 +FIRST_LANGUAGE"},
	} {
		need := Need{Header: header("da", 14), Topics: []string{test.topic}, FromLine: test.from}
		plan := told(seatedAll(linefile.Example()).Rank(need, directorytest.Instant(t, "2026-03-03T19:40:00+01:00")).Candidates)
		if plan[0] != test.want || !strings.Contains(plan[1], " -") {
			t.Errorf("from %s: %s", test.from, plan)
		}
	}
}

func TestCandidatesSayWhenTheyCloseAndOpen(t *testing.T) {
	brus := seatedAll([]*handoverv1.Line{directorytest.Line(t, "brus")})
	need := Need{Header: header("da", 12), Topics: []string{"FR.x_parent_substance_use"}}
	closing := directorytest.Instant(t, "2026-03-03T21:00:00+01:00")
	open := brus.Rank(need, directorytest.Instant(t, "2026-03-03T20:59:00+01:00")).Candidates[0]
	if len(open.Failed) > 0 || !open.OpenUntil.AsTime().Equal(closing) || open.OpensAt != nil {
		t.Errorf("at 20:59: %v", open)
	}
	closed := brus.Rank(need, directorytest.Instant(t, "2026-03-03T21:01:00+01:00")).Candidates[0]
	if closed.OpenUntil != nil || !closed.OpensAt.AsTime().Equal(directorytest.Instant(t, "2026-03-04T18:00:00+01:00")) {
		t.Errorf("at 21:01: %v", closed)
	}
}
