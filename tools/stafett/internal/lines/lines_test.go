package lines_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"google.golang.org/protobuf/encoding/protojson"

	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	"github.com/stafett/stafett/tools/stafett/internal/cli"
	"github.com/stafett/stafett/tools/stafett/internal/clitest"
)

// changedLines is the example directory with a changed line and another name for one.
func changedLines(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(clitest.ExampleLines)
	if err != nil {
		t.Fatal(err)
	}
	changes := strings.NewReplacer("id: barnevernvakten-oslo", "id: barnevernvakten-nittedal", "retention: 72h #", "alert: Vent litt #",
		"[V.bullying, V.cyberbullying]", "[V.bullying]")
	return clitest.Write(t, "lines.yaml", changes.Replace(string(text)))
}

func TestLinesList(t *testing.T) {
	h := clitest.New(t)
	h.Free(t, "snakkompsyken", 3, 1)
	h.Must(t, "lines", "close", "cyberhus", "--reason", "SHORT_STAFFED", "--until", "21:00", "--channel", "chat")
	for _, lang := range []string{"nb", "da", "en"} {
		clitest.Golden(t, "lines-list-"+lang+".txt", h.Must(t, "lines", "list", "--lang", lang))
	}
	known := 0
	for line := range strings.Lines(h.Must(t, "lines", "list", "-o", "jsonl")) {
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
	h.Refuses(t, cli.ExitUsage, "use nb, da or en", "lines", "list", "--lang", "sv")
	h.Refuses(t, cli.ExitUsage, "has no certificate for line nobody", "lines", "list", "--as", "nobody")
}

func TestLinesShow(t *testing.T) {
	h := clitest.New(t)
	h.Must(t, "lines", "close", "cyberhus", "--reason", "incident", "--from", "20:00", "--until", "2026-11-24 09:00")
	for line, lang := range map[string]string{"brus": "da", "cyberhus": "en", "alarmtelefonen": "nb", "barnevernvakten-trondheim": "en"} {
		clitest.Golden(t, "lines-show-"+line+".txt", h.Must(t, "lines", "show", line, "--lang", lang))
	}
	var both []map[string]any
	if err := json.Unmarshal([]byte(h.Must(t, "lines", "show", "brus", "-o", "json")), &both); err != nil || len(both) != 2 || both[0]["name"] != "lines/brus" || both[1]["name"] != "lines/brus/availability" {
		t.Errorf("as json: %v, %v", both, err)
	}
	h.Refuses(t, cli.ExitRefused, "LINE_NOT_FOUND", "lines", "show", "nobody")
}

func TestLinesApply(t *testing.T) {
	h := clitest.New(t)
	file := changedLines(t)
	clitest.Golden(t, "lines-apply.txt", h.Must(t, "lines", "apply", file, "--remove-missing", "--dry-run"))
	h.Refuses(t, cli.ExitUsage, "no terminal to ask at, so nothing was changed", "lines", "apply", file)
	if out := h.Must(t, "lines", "apply", file, "--yes"); !strings.Contains(out, "applied, at position ") || !strings.HasSuffix(out, "stafett certify --platform "+h.Data+" --lines "+file+"\n") {
		t.Errorf("applied: %s", out)
	}
	if out := h.Must(t, "lines", "apply", file, "--yes"); out != "nothing differs\n" {
		t.Errorf("again: %s", out)
	}
	h.Must(t, "lines", "show", "barnevernvakten-oslo")
	if out := h.Must(t, "lines", "apply", file, "--yes", "--remove-missing"); !strings.HasPrefix(out, "- barnevernvakten-oslo\napplied") {
		t.Errorf("removed: %s", out)
	}
	h.Refuses(t, cli.ExitRefused, "LINE_NOT_FOUND", "lines", "show", "barnevernvakten-oslo")
	h.Refuses(t, cli.ExitRefused, "FILE_INVALID: bad.yaml:1:8", "lines", "apply", clitest.Write(t, "bad.yaml", "lines: 1\n"))
}

func TestLinesCloseAndReopen(t *testing.T) {
	h := clitest.New(t)
	clitest.Golden(t, "lines-close.txt", h.Must(t, "lines", "close", "brus", "--reason", "DRILL", "--until", "20:15", "--as", "brus")+h.Must(t, "lines", "reopen", "brus"))
	h.Refuses(t, cli.ExitUsage, "--reason is missing", "lines", "close", "brus", "--until", "21:00")
	h.Refuses(t, cli.ExitUsage, "--until is missing", "lines", "close", "brus", "--reason", "DRILL")
	h.Refuses(t, cli.ExitUsage, "use one of HOLIDAY,", "lines", "close", "brus", "--reason", "SCHEDULED", "--until", "21:00")
	h.Refuses(t, cli.ExitUsage, "use one of CHAT,", "lines", "close", "brus", "--reason", "DRILL", "--until", "21:00", "--channel", "fax")
	h.Refuses(t, cli.ExitUsage, `has passed in Europe/Copenhagen; give the date as well, for example "2026-11-24 01:00"`, "lines", "close", "brus", "--reason", "DRILL", "--until", "19:00")
	h.Refuses(t, cli.ExitUsage, "is not a valid time; use", "lines", "close", "brus", "--reason", "DRILL", "--until", "soon")
	h.Refuses(t, cli.ExitRefused, "LINE_NOT_YOURS", "lines", "close", "brus", "--reason", "DRILL", "--until", "21:00", "--as", "cyberhus")
}

func TestLinesDoor(t *testing.T) {
	h := clitest.New(t)
	for area, want := range map[string]string{"0301": "(barnevernvakten-oslo) answers\n", "4204": "(alarmtelefonen) answers\n"} {
		if out := h.Must(t, "lines", "door", "116111", "--area", area); !strings.Contains(out, want) {
			t.Errorf("from %s: %s", area, out)
		}
	}
	h.Refuses(t, cli.ExitRefused, "DOOR_NOT_FOUND", "lines", "door", "22334455")
	h.Refuses(t, cli.ExitRefused, "area", "lines", "door", "116111", "--area", "Oslo")
}

func TestLinesExport(t *testing.T) {
	h := clitest.New(t)
	path := filepath.Join(t.TempDir(), "lines.json")
	h.Must(t, "lines", "export", "-o", path)
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
	files := names([]byte(h.Must(t, "lines", "export", "--offline", clitest.ExampleLines)))
	if len(files) != 8 || !files["BRUS"] || len(names(platforms)) != len(files) {
		t.Errorf("a file's lines are %v, the platform's %v", files, names(platforms))
	}
}

func TestLinesCheck(t *testing.T) {
	h := clitest.New(t)
	at := func(args ...string) (string, error) {
		return clitest.RunAt(t, h.Clock, append([]string{"lines", "check"}, args...)...)
	}
	text, err := os.ReadFile(clitest.ExampleLines)
	if err != nil {
		t.Fatal(err)
	}
	doubtful := strings.NewReplacer("ages: 7-25 # F\n", "ages: 7-25\n    assured_date: 2025-01-01\n", `["every day 18:00-21:00"]`, `[{freq: DAILY, opens_at: "18:00", closes_at: "21:00", valid_to: 2026-01-01, valid_from: 2025-01-01}]`)
	file := clitest.Write(t, "doubtful.yaml", doubtful.Replace(string(text)))
	out, err := at(file)
	if err != nil {
		t.Fatal(err)
	}
	clitest.Golden(t, "lines-check.txt", strings.ReplaceAll(out, file, "doubtful.yaml"))
	_, err = at(clitest.Write(t, "bad.yaml", "lines:\n  - id: x\n    ages: 9-1\n"))
	if cli.ExitCode(err) != cli.ExitFailed || !strings.Contains(err.Error(), `bad.yaml:3:11: ages "9-1" are reversed; write the youngest first: 1-9`) || !strings.Contains(err.Error(), "bad.yaml:2:5: names is missing") {
		t.Errorf("mistakes: %v", err)
	}
	huge := clitest.Write(t, "huge.yaml", "")
	if err := os.Truncate(huge, 100<<20); err != nil {
		t.Fatal(err)
	}
	if _, err := at(huge); err == nil || !strings.Contains(err.Error(), "104857600 bytes") {
		t.Errorf("100 MB: %v", err)
	}
	long := clitest.Write(t, "long.yaml", string(text)+strings.Repeat("# long\n", 40<<10))
	if out, err := at(long); err != nil || !strings.Contains(out, "a platform accepts at most 245760") {
		t.Errorf("more than a platform takes: %v, %s", err, out)
	}
	h.Refuses(t, cli.ExitUsage, "a platform accepts at most 245760", "lines", "apply", long)
	for _, args := range [][]string{{}, {"a", "b"}, {huge + ".not"}} {
		if _, err := at(args...); cli.ExitCode(err) != cli.ExitUsage {
			t.Errorf("%v: %v", args, err)
		}
	}
	if _, err := clitest.RunAt(t, h.Clock, "lines", "chekc"); cli.ExitCode(err) != cli.ExitUsage {
		t.Errorf("an unknown command: %v", err)
	}
}
