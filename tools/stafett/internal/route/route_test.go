package route_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/jonboulle/clockwork"

	"github.com/stafett/stafett/tools/stafett/internal/cli"
	"github.com/stafett/stafett/tools/stafett/internal/clitest"
)

var need = []string{"route", "--topics", "FR.x_parent_substance_use", "--channel", "chat", "--ages", "13-15", "--language", "da"}

// TestRouteExplain: the same decision in three languages, with seats, a unit on duty and
// the times for later.
func TestRouteExplain(t *testing.T) {
	h := clitest.New(t)
	h.Free(t, "brus", 2, 0)
	h.Free(t, "cyberhus", 1, 3)
	for _, lang := range []string{"nb", "da", "en"} {
		clitest.Golden(t, "route-explain-"+lang+".txt", h.Must(t, append(need, "--explain", "--slots", "--lang", lang)...))
	}
	clitest.Golden(t, "route-short.txt", h.Must(t, need...))
	clitest.Golden(t, "route-closed.txt", h.Must(t, "route", "--explain", "--from", "alarmtelefonen", "--topics", "MH", "--ages", "14", "--language", "nb",
		"--risk", "r1", "--area", "0301", "--at", "21:30", "--slots"))
	var messages []map[string]any
	if err := json.Unmarshal([]byte(h.Must(t, append(need, "-o", "json", "--slots")...)), &messages); err != nil || len(messages) < 2 || messages[0]["candidates"] == nil || messages[1]["slot"] == nil {
		t.Errorf("as json: %v, %v", messages, err)
	}
}

func TestRouteRefuses(t *testing.T) {
	h := clitest.New(t)
	for text, args := range map[string][]string{
		"--topics is missing":         {},
		"use a group such as MH":      {"--topics", "violence"},
		"use one of CHAT,":            {"--topics", "MH", "--channel", "fax"},
		"put the youngest first":      {"--topics", "MH", "--ages", "15-13"},
		"use whole years":             {"--topics", "MH", "--ages", "teen"},
		"use one of R0, R1,":          {"--topics", "MH", "--risk", "R5"},
		"no such line":                {"--topics", "MH", "--lines", clitest.ExampleLines, "--from", "nobody"},
		"has no certificate":          {"--topics", "MH", "--from", "nobody"},
		"is not a time zone":          {"--topics", "MH", "--zone", "Oslo"},
		"are for --lines":             {"--topics", "MH", "--assume-seats"},
		"--rules are for --lines":     {"--topics", "MH", "--rules", "rules.yaml"},
		"is not in the taxonomy; see": {"--topics", "MH.nothing", "--lines", clitest.ExampleLines},
	} {
		h.Refuses(t, cli.ExitUsage, text, append([]string{"route"}, args...)...)
	}
	h.Refuses(t, cli.ExitRefused, "TOPIC_UNKNOWN", "route", "--topics", "MH.nothing")
}

// TestRouteOffline ranks a file: seats are unknown unless they are assumed.
func TestRouteOffline(t *testing.T) {
	clock := clockwork.NewFakeClockAt(time.Date(2026, 11, 23, 18, 30, 0, 0, time.UTC))
	offline := append(need, "--explain", "--lines", clitest.ExampleLines)
	unknown, err := clitest.RunAt(t, clock, offline...)
	if err != nil || !strings.Contains(unknown, "No line may be asked.") || !strings.Contains(unknown, "With --assume-seats every line counts as having some.") {
		t.Errorf("without seats: %v\n%s", err, unknown)
	}
	assumed, err := clitest.RunAt(t, clock, append(offline, "--assume-seats", "--slots")...)
	if err != nil {
		t.Fatal(err)
	}
	clitest.Golden(t, "route-offline.txt", assumed)
	if _, err := clitest.RunAt(t, clock, append(need, "--lines", clitest.Write(t, "bad.yaml", "lines: 1\n"))...); cli.ExitCode(err) != cli.ExitUsage || !strings.Contains(err.Error(), "bad.yaml:1:8") {
		t.Errorf("a file with a mistake: %v", err)
	}
}
