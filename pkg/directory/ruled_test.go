package directory

import (
	"os"
	"strings"
	"testing"

	"github.com/stafett/stafett/pkg/directory/internal/directorytest"
	"github.com/stafett/stafett/pkg/directory/rules"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// ruled returns the built-in rules with some changes.
func ruled(t testing.TB, changes ...string) *rules.Rules {
	t.Helper()
	text, err := os.ReadFile("rules/rules.yaml")
	if err != nil {
		t.Fatal(err)
	}
	by, err := rules.Parse("rules.yaml", []byte(strings.NewReplacer(changes...).Replace(string(text))))
	if err != nil {
		t.Fatal(err)
	}
	return by
}

// A directory decides by the rules that it was given, and keeps them when it changes.
func TestOtherRulesDecideOtherwise(t *testing.T) {
	by := ruled(t, "routing/7", "my-town/1", "AGE: \"!age_known ||", "AGE: \"emergency ||", "points: 8", "points: 64", "LANGUAGE: \"!language_known || speaks\"", "LANGUAGE: \"true\"")
	all := New(nil, By(by)).With("brus", directorytest.Line(t, "brus"), someSeats())
	decision := all.Rank(Need{Header: header("nb", 12), Topics: []string{"FR.x_parent_substance_use"}}, directorytest.Instant(t, "2026-03-03T19:00:00+01:00"))
	if got := told(decision.Candidates)[0]; got != "brus 64 +SPECIALIST" {
		t.Error(got)
	}
	if decision.RulesVersion != by.Version() || !strings.HasPrefix(by.Version(), "routing/7+my-town/1+") {
		t.Errorf("made by %q", decision.RulesVersion)
	}
	unknown := all.Rank(Need{Header: header("nb", 0), Topics: []string{"FR.x_parent_substance_use"}}, directorytest.Instant(t, "2026-03-03T19:00:00+01:00"))
	if got := told(unknown.Candidates)[0]; got != "brus 0 -AGE" {
		t.Error(got)
	}
}

// No file can remove what the protocol demands.
func TestRulesThatAllowEverythingDoNot(t *testing.T) {
	everything := ruled(t,
		"for_topic\n", "\"true\"\n", "\"!language_known || speaks\"", "\"true\"", "answers_channel", "\"true\"", "in_area && has_door", "\"true\"",
		"received", "\"true\"", "risk <= max_risk", "\"true\"", "!seated ||", "true ||", "!age_known ||", "true ||")
	tuesday, night := "2026-03-03T19:00:00+01:00", "2026-03-03T23:00:00+01:00"
	inactive := directorytest.Line(t, "brus")
	inactive.Status = handoverv1.LineStatus_LINE_STATUS_INACTIVE
	for name, test := range map[string]struct {
		line    *handoverv1.Line
		live    Live
		need    Need
		at      string
		want    string
		channel handoverv1.Channel
	}{
		"open":                     {directorytest.Line(t, "brus"), Live{}, Need{}, tuesday, "brus 0", 0},
		"closed":                   {directorytest.Line(t, "brus"), Live{}, Need{}, night, "brus 0 -CLOSED", 0},
		"at short notice":          {directorytest.Line(t, "brus"), Live{Closures: []*handoverv1.Closure{{}}}, Need{}, tuesday, "brus 0 -CLOSED", 0},
		"nobody there":             {directorytest.Line(t, "brus"), Live{Staffing: shift{}}, Need{}, tuesday, "brus 0 -CLOSED", 0},
		"on no channel of its own": {directorytest.Line(t, "brus"), Live{}, Need{}, tuesday, "brus 0 -CLOSED", phone},
		"itself":                   {directorytest.Line(t, "brus"), Live{}, Need{FromLine: "brus"}, tuesday, "brus 0 -SAME_LINE", 0},
		"asked before":             {directorytest.Line(t, "brus"), Live{}, Need{Asked: map[string]bool{"brus": true}}, tuesday, "brus 0 -ASKED_BEFORE", 0},
		"not named":                {directorytest.Line(t, "brus"), Live{}, Need{Named: []string{"cyberhus"}}, tuesday, "brus 0 -NOT_NAMED", 0},
		"inactive":                 {inactive, Live{}, Need{}, tuesday, "brus 0 -CLOSED -INACTIVE", 0},
	} {
		test.need.Header = &handoverv1.PacketHeader{Channel: max(test.channel, chat)}
		decision := New(nil, By(everything)).With("brus", test.line, test.live).Rank(test.need, directorytest.Instant(t, test.at))
		if got := told(decision.Candidates)[0]; got != test.want {
			t.Errorf("%s: %s, want %s", name, got, test.want)
		}
	}
}
