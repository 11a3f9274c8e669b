package main

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/jonboulle/clockwork"
)

var need = []string{"route", "--topics", "FR.x_parent_substance_use", "--channel", "chat", "--ages", "13-15", "--language", "da"}

// TestRouteExplain: the same decision in three languages, with seats, a unit on duty and
// the times for later.
func TestRouteExplain(t *testing.T) {
	h := newHelpdesk(t)
	h.free(t, "brus", 2, 0)
	h.free(t, "cyberhus", 1, 3)
	for _, lang := range []string{"nb", "da", "en"} {
		golden(t, "route-explain-"+lang+".txt", h.must(t, append(need, "--explain", "--slots", "--lang", lang)...))
	}
	golden(t, "route-short.txt", h.must(t, need...))
	golden(t, "route-closed.txt", h.must(t, "route", "--explain", "--from", "alarmtelefonen", "--topics", "MH", "--ages", "14", "--language", "nb",
		"--risk", "r1", "--area", "0301", "--at", "21:30", "--slots"))
	var messages []map[string]any
	if err := json.Unmarshal([]byte(h.must(t, append(need, "-o", "json", "--slots")...)), &messages); err != nil || len(messages) < 2 || messages[0]["candidates"] == nil || messages[1]["slot"] == nil {
		t.Errorf("as json: %v, %v", messages, err)
	}
}

func TestRouteRefuses(t *testing.T) {
	h := newHelpdesk(t)
	for text, args := range map[string][]string{
		"--topics is missing":         {},
		"write a group such as MH":    {"--topics", "violence"},
		"write one of CHAT,":          {"--topics", "MH", "--channel", "fax"},
		"write the youngest first":    {"--topics", "MH", "--ages", "15-13"},
		"write whole years":           {"--topics", "MH", "--ages", "teen"},
		"write one of R0, R1,":        {"--topics", "MH", "--risk", "R5"},
		"there is no such line":       {"--topics", "MH", "--lines", exampleLines, "--from", "nobody"},
		"has no certificate":          {"--topics", "MH", "--from", "nobody"},
		"is no time zone":             {"--topics", "MH", "--zone", "Oslo"},
		"are for --lines":             {"--topics", "MH", "--assume-seats"},
		"--rules are for --lines":     {"--topics", "MH", "--rules", "rules.yaml"},
		"is not in the taxonomy; see": {"--topics", "MH.nothing", "--lines", exampleLines},
	} {
		h.refuses(t, exitUsage, text, append([]string{"route"}, args...)...)
	}
	h.refuses(t, exitRefused, "TOPIC_UNKNOWN", "route", "--topics", "MH.nothing")
}

// TestRouteOffline ranks a file: seats are unknown unless they are assumed.
func TestRouteOffline(t *testing.T) {
	clock := clockwork.NewFakeClockAt(time.Date(2026, 11, 23, 18, 30, 0, 0, time.UTC))
	offline := append(need, "--explain", "--lines", exampleLines)
	unknown, err := runAt(t, clock, offline...)
	if err != nil || !strings.Contains(unknown, "No line may be asked.") || !strings.Contains(unknown, "With --assume-seats every line counts as having some.") {
		t.Errorf("without seats: %v\n%s", err, unknown)
	}
	assumed, err := runAt(t, clock, append(offline, "--assume-seats", "--slots")...)
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "route-offline.txt", assumed)
	if _, err := runAt(t, clock, append(need, "--lines", write(t, "bad.yaml", "lines: 1\n"))...); exitCode(err) != exitUsage || !strings.Contains(err.Error(), "bad.yaml:1:8") {
		t.Errorf("a file with a mistake: %v", err)
	}
}
