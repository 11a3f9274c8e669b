package main

import (
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"google.golang.org/protobuf/encoding/protojson"

	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
)

const exampleLines = "../../pkg/directory/lines.yaml"

// changedLines is the example directory with a changed line and another name for one.
func changedLines(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(exampleLines)
	if err != nil {
		t.Fatal(err)
	}
	changes := strings.NewReplacer("id: barnevernvakten-oslo", "id: barnevernvakten-nittedal", "retention: 72h #", "alert: Vent litt #",
		"[V.bullying, V.cyberbullying]", "[V.bullying]")
	return write(t, "lines.yaml", changes.Replace(string(text)))
}

func TestLinesList(t *testing.T) {
	h := newHelpdesk(t)
	h.free(t, "snakkompsyken", 3, 1)
	h.must(t, "lines", "close", "cyberhus", "--reason", "SHORT_STAFFED", "--until", "21:00", "--channel", "chat")
	for _, lang := range []string{"nb", "da", "en"} {
		golden(t, "lines-list-"+lang+".txt", h.must(t, "lines", "list", "--lang", lang))
	}
	known := 0
	for line := range strings.Lines(h.must(t, "lines", "list", "-o", "jsonl")) {
		var a routingv1.Availability
		if err := protojson.Unmarshal([]byte(line), &a); err != nil {
			t.Fatal(err)
		}
		for _, channel := range a.Channels {
			if channel.FreeSeats != nil {
				known++
			}
		}
	}
	if known != 1 {
		t.Errorf("seats of %d channels are known, want 1", known)
	}
	h.refuses(t, exitUsage, "write nb, da or en", "lines", "list", "--lang", "sv")
	h.refuses(t, exitUsage, "has no certificate of line nobody", "lines", "list", "--as", "nobody")
}

func TestLinesShow(t *testing.T) {
	h := newHelpdesk(t)
	h.must(t, "lines", "close", "cyberhus", "--reason", "incident", "--from", "20:00", "--until", "2026-11-24 09:00")
	for line, lang := range map[string]string{"brus": "da", "cyberhus": "en", "alarmtelefonen": "nb", "barnevernvakten-trondheim": "en"} {
		golden(t, "lines-show-"+line+".txt", h.must(t, "lines", "show", line, "--lang", lang))
	}
	var both []map[string]any
	if err := json.Unmarshal([]byte(h.must(t, "lines", "show", "brus", "-o", "json")), &both); err != nil || len(both) != 2 || both[0]["name"] != "lines/brus" || both[1]["line"] != "lines/brus" {
		t.Errorf("as json: %v, %v", both, err)
	}
	h.refuses(t, exitRefused, "LINE_NOT_FOUND", "lines", "show", "nobody")
}

func TestLinesApply(t *testing.T) {
	h := newHelpdesk(t)
	file := changedLines(t)
	golden(t, "lines-apply.txt", h.must(t, "lines", "apply", file, "--remove-missing", "--dry-run"))
	h.refuses(t, exitUsage, "no terminal to ask at, so nothing was changed", "lines", "apply", file)
	if out := h.must(t, "lines", "apply", file, "--yes"); !strings.Contains(out, "applied, at position ") || !strings.HasSuffix(out, "stafett certify --platform "+h.data+" --lines "+file+"\n") {
		t.Errorf("applied: %s", out)
	}
	if out := h.must(t, "lines", "apply", file, "--yes"); out != "nothing differs\n" {
		t.Errorf("again: %s", out)
	}
	h.must(t, "lines", "show", "barnevernvakten-oslo")
	if out := h.must(t, "lines", "apply", file, "--yes", "--remove-missing"); !strings.HasPrefix(out, "- barnevernvakten-oslo\napplied") {
		t.Errorf("removed: %s", out)
	}
	h.refuses(t, exitRefused, "LINE_NOT_FOUND", "lines", "show", "barnevernvakten-oslo")
	h.refuses(t, exitRefused, "FILE_INVALID: bad.yaml:1:8", "lines", "apply", write(t, "bad.yaml", "lines: 1\n"))
}

func TestLinesCloseAndReopen(t *testing.T) {
	h := newHelpdesk(t)
	golden(t, "lines-close.txt", h.must(t, "lines", "close", "brus", "--reason", "DRILL", "--until", "20:15", "--as", "brus")+h.must(t, "lines", "reopen", "brus"))
	h.refuses(t, exitUsage, "--reason is missing", "lines", "close", "brus", "--until", "21:00")
	h.refuses(t, exitUsage, "--until is missing", "lines", "close", "brus", "--reason", "DRILL")
	h.refuses(t, exitUsage, "write one of HOLIDAY,", "lines", "close", "brus", "--reason", "SCHEDULED", "--until", "21:00")
	h.refuses(t, exitUsage, "write one of CHAT,", "lines", "close", "brus", "--reason", "DRILL", "--until", "21:00", "--channel", "fax")
	h.refuses(t, exitUsage, `is over in Europe/Copenhagen; write the day as well, for example "2026-11-24 01:00"`, "lines", "close", "brus", "--reason", "DRILL", "--until", "19:00")
	h.refuses(t, exitUsage, "is no time; write", "lines", "close", "brus", "--reason", "DRILL", "--until", "soon")
	h.refuses(t, exitRefused, "LINE_NOT_YOURS", "lines", "close", "brus", "--reason", "DRILL", "--until", "21:00", "--as", "cyberhus")
}

func TestLinesDoor(t *testing.T) {
	h := newHelpdesk(t)
	for area, want := range map[string]string{"0301": "(barnevernvakten-oslo) answers\n", "4204": "(alarmtelefonen) answers\n"} {
		if out := h.must(t, "lines", "door", "116111", "--area", area); !strings.Contains(out, want) {
			t.Errorf("from %s: %s", area, out)
		}
	}
	h.refuses(t, exitRefused, "DOOR_NOT_FOUND", "lines", "door", "22334455")
	h.refuses(t, exitRefused, "area", "lines", "door", "116111", "--area", "Oslo")
}

func TestLinesExport(t *testing.T) {
	h := newHelpdesk(t)
	path := filepath.Join(t.TempDir(), "lines.json")
	h.must(t, "lines", "export", "-o", path)
	platforms, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	names := func(text []byte) map[string]bool {
		var services []struct{ Name string }
		if err := json.Unmarshal(text, &services); err != nil {
			t.Fatal(err)
		}
		all := map[string]bool{}
		for _, s := range services {
			all[s.Name] = true
		}
		return all
	}
	files := names([]byte(h.must(t, "lines", "export", "--offline", exampleLines)))
	if len(files) != 8 || !files["BRUS"] || len(names(platforms)) != len(files) {
		t.Errorf("a file's lines are %v, the platform's %v", files, names(platforms))
	}
}

func TestLinesCheck(t *testing.T) {
	h := newHelpdesk(t)
	at := func(args ...string) (string, error) {
		return runAt(t, h.clock, append([]string{"lines", "check"}, args...)...)
	}
	text, err := os.ReadFile(exampleLines)
	if err != nil {
		t.Fatal(err)
	}
	doubtful := strings.NewReplacer("ages: 7-25 # F\n", "ages: 7-25\n    assured_date: 2025-01-01\n", `["every day 18:00-21:00"]`, `[{freq: DAILY, opens_at: "18:00", closes_at: "21:00", valid_to: 2026-01-01, valid_from: 2025-01-01}]`)
	file := write(t, "doubtful.yaml", doubtful.Replace(string(text)))
	out, err := at(file)
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "lines-check.txt", strings.ReplaceAll(out, file, "doubtful.yaml"))
	_, err = at(write(t, "bad.yaml", "lines:\n  - id: x\n    ages: 9-1\n"))
	if exitCode(err) != exitFailed || !strings.Contains(err.Error(), `bad.yaml:3:11: ages "9-1" are reversed; write the youngest first: 1-9`) || !strings.Contains(err.Error(), "bad.yaml:2:5: names is missing") {
		t.Errorf("mistakes: %v", err)
	}
	huge := write(t, "huge.yaml", "")
	if err := os.Truncate(huge, 100<<20); err != nil {
		t.Fatal(err)
	}
	if _, err := at(huge); err == nil || !strings.Contains(err.Error(), "104857600 bytes") {
		t.Errorf("100 MB: %v", err)
	}
	long := write(t, "long.yaml", string(text)+strings.Repeat("# long\n", 40<<10))
	if out, err := at(long); err != nil || !strings.Contains(out, "a platform takes at most 245760") {
		t.Errorf("more than a platform takes: %v, %s", err, out)
	}
	h.refuses(t, exitUsage, "a platform takes at most 245760", "lines", "apply", long)
	for _, args := range [][]string{{}, {"a", "b"}, {huge + ".not"}} {
		if _, err := at(args...); exitCode(err) != exitUsage {
			t.Errorf("%v: %v", args, err)
		}
	}
	if _, err := runAt(t, h.clock, "lines", "chekc"); exitCode(err) != exitUsage {
		t.Errorf("an unknown command: %v", err)
	}
}

func TestAskingAtATerminal(t *testing.T) {
	for answer, goesOn := range map[string]bool{"y\n": true, "YES\n": true, "ja\n": true, "j": true, "n\n": false, "\n": false, "": false, "yep\n": false} {
		if err := answered(strings.NewReader(answer), io.Discard); (err == nil) != goesOn {
			t.Errorf("%q: %v", answer, err)
		}
	}
}

// TestADirectoryThatChangedMeanwhile: what was applied is told where it is something else
// than was shown.
func TestADirectoryThatChangedMeanwhile(t *testing.T) {
	country := func(line, after string) *routingv1.ApplyLinesResponse {
		change := &routingv1.LineChange{Line: line, Kind: routingv1.LineChangeKind_LINE_CHANGE_KIND_CHANGED, Field: "country", Before: "NO", After: after}
		return &routingv1.ApplyLinesResponse{Changes: []*routingv1.LineChange{change}, Position: 7}
	}
	for want, done := range map[string]*routingv1.ApplyLinesResponse{
		"applied, at position 7 of the log\n": country("lines/a", "DK"),
		"\nThe directory has changed meanwhile. This is what was applied:\n~ a\n  ~ country: NO -> SE\napplied, at position 7 of the log\n": country("lines/a", "SE"),
		"\nThe directory has changed meanwhile. This is what was applied:\nnothing differs any more\n":                                      {},
	} {
		var out strings.Builder
		err := (&applying{caller: &caller{}}).tell(&out, "lines.yaml", country("lines/a", "DK"), done)
		if err != nil || out.String() != want {
			t.Errorf("%v: %q, want %q", err, out.String(), want)
		}
	}
}
