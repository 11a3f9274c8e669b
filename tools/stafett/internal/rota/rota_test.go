package rota_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stafett/stafett/pkg/rota"
	"github.com/stafett/stafett/tools/stafett/internal/cli"
	"github.com/stafett/stafett/tools/stafett/internal/clitest"
)

func TestRotaCheck(t *testing.T) {
	out, err := clitest.Run(t, "rota", "check", clitest.Write(t, "brus.yaml", rota.BrusFile()))
	if err != nil || !strings.HasSuffix(out, "brus.yaml is valid: rota of brus, 11 units, from 2026-01-01 to 2075-12-31 in Europe/Copenhagen\n") {
		t.Errorf("%v, %s", err, out)
	}
	bad := clitest.Write(t, "bad.yaml", strings.Replace(rota.BrusFile(), "    - odder", "    - oder", 1))
	if _, err := clitest.Run(t, "rota", "check", bad); cli.ExitCode(err) != cli.ExitFailed || !strings.Contains(err.Error(), "bad.yaml:32:7: ") {
		t.Errorf("a mistake: %v", err)
	}
	if _, err := clitest.Run(t, "rota", "check", bad+".not"); cli.ExitCode(err) != cli.ExitUsage {
		t.Errorf("no file: %v", err)
	}
}

func TestRotaShow(t *testing.T) {
	h := clitest.New(t)
	clitest.Golden(t, "rota-show.txt", h.Must(t, "rota", "show", "brus", "--until", "2026-11-27", "--lang", "da"))
	if lines := strings.Count(h.Must(t, "rota", "show", "brus", "-o", "jsonl"), "\n"); lines != 15 {
		t.Errorf("%d shifts in two weeks, want 15: the one that holds and those of 14 days", lines)
	}
	h.Refuses(t, cli.ExitRefused, "ROTA_MISSING", "rota", "show", "cyberhus")
	h.Refuses(t, cli.ExitUsage, "is not after", "rota", "show", "brus", "--until", "2026-11-01")
	h.Refuses(t, cli.ExitUsage, "more than 366 days", "rota", "show", "brus", "--until", "2028-11-01")
	h.Refuses(t, cli.ExitUsage, "is not a valid date", "rota", "show", "brus", "--from", "monday")
}

// TestRotaChanges: a counsellor is sick and well again, dates are swapped and covered.
func TestRotaChanges(t *testing.T) {
	h := clitest.New(t)
	clitest.Golden(t, "rota-change.txt", h.Must(t, "rota", "sick", "brus", "syddjurs", "--until", "2026-11-24 12:00", "--by", "kari")+
		h.Must(t, "rota", "well", "brus", "syddjurs", "--by", "kari")+
		h.Must(t, "rota", "swap", "brus", "2026-12-24", "2026-12-31", "--by", "kari")+
		h.Must(t, "rota", "cover", "brus", "2026-11-25", "nobody", "--from", "2026-11-25 20:00", "--by", "kari", "--as", "brus")+
		h.Must(t, "rota", "sick", "brus", "aarhus", "--from", "2026-12-01 08:00", "--until", "2026-12-02 08:00", "--by", "kari"))
	h.Refuses(t, cli.ExitUsage, "--by is missing", "rota", "well", "brus", "odder")
	h.Refuses(t, cli.ExitUsage, "use a pseudonym", "rota", "well", "brus", "odder", "--by", "Kari Lind")
	h.Refuses(t, cli.ExitUsage, "--until is missing", "rota", "sick", "brus", "odder", "--by", "kari")
	h.Refuses(t, cli.ExitUsage, "is not a valid date", "rota", "swap", "brus", "monday", "2026-12-31", "--by", "kari")
	h.Refuses(t, cli.ExitRefused, "ROTA_REFUSED", "rota", "cover", "brus", "2026-11-26", "oder", "--by", "kari")
	h.Refuses(t, cli.ExitUsage, `use "stafett rota swap LINE DATE DATE`, "rota", "swap", "brus", "2026-12-24", "--by", "kari")
}

// TestRotaOfAnotherLine: who has which shift is told, and why is not.
func TestRotaOfAnotherLine(t *testing.T) {
	h := clitest.New(t)
	h.Must(t, "rota", "sick", "brus", "syddjurs", "--until", "2026-11-24 12:00", "--by", "kari")
	clitest.Golden(t, "rota-show-another.txt", h.Must(t, "rota", "show", "brus", "--until", "2026-11-27", "--as", "cyberhus"))
	h.Refuses(t, cli.ExitUsage, "is not shown to other lines", "rota", "export", "brus", "--as", "cyberhus")
}

func TestRotaApply(t *testing.T) {
	h := clitest.New(t)
	h.Must(t, "rota", "cover", "brus", "2026-11-25", "odder", "--by", "kari")
	same := clitest.Write(t, "brus.yaml", rota.BrusFile())
	if out := h.Must(t, "rota", "apply", same); out != "nothing differs: brus has this rota already, with 1 change\n" {
		t.Errorf("the same file: %s", out)
	}
	other := clitest.Write(t, "other.yaml", strings.Replace(rota.BrusFile(), "    - aarhus\n", "", 1))
	clitest.Golden(t, "rota-apply.txt", h.Must(t, "rota", "apply", other, "--dry-run"))
	h.Refuses(t, cli.ExitUsage, "no terminal to ask at", "rota", "apply", other)
	if out := h.Must(t, "rota", "apply", other, "--yes"); !strings.Contains(out, "1 change to the current rota will be dropped.\napplied, at position ") {
		t.Errorf("applied: %s", out)
	}
	first := clitest.Write(t, "first.yaml", strings.Replace(rota.BrusFile(), "line: brus", "line: cyberhus", 1))
	if out := h.Must(t, "rota", "apply", first, "--yes"); !strings.HasPrefix(out, "+ 2026-11-23 18:00-21:00 Europe/Copenhagen: ") {
		t.Errorf("a first rota: %s", out)
	}
}

func TestRotaCalendar(t *testing.T) {
	h := clitest.New(t)
	path := filepath.Join(t.TempDir(), "brus.ics")
	h.Must(t, "rota", "export", "brus", "--from", "2026-11-24", "--until", "2026-11-27", "--lang", "da", "-o", path)
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if out := h.Must(t, "rota", "import", "brus", path, "--by", "kari"); !strings.HasSuffix(out, ": not used, because the rota agrees already\nnothing differs\n") {
		t.Errorf("what was exported: %s", out)
	}
	tentative := clitest.Write(t, "tentative.ics", strings.Replace(string(text), "SUMMARY:Aarhus Kommune", "STATUS:TENTATIVE\r\nSUMMARY:samso", 1))
	if out := h.Must(t, "rota", "import", "brus", tentative, "--by", "kari", "--dry-run"); !strings.Contains(out, `"samso": not used, because it is tentative`) {
		t.Errorf("a tentative event: %s", out)
	}
	changed := clitest.Write(t, "changed.ics", strings.Replace(string(text), "SUMMARY:Aarhus Kommune", "SUMMARY:samso", 1))
	shown := h.Must(t, "rota", "import", "brus", changed, "--by", "kari", "--dry-run")
	clitest.Golden(t, "rota-import.txt", shown)
	h.Refuses(t, cli.ExitUsage, "no terminal to ask at", "rota", "import", "brus", changed, "--by", "kari")
	if out := h.Must(t, "rota", "import", "brus", changed, "--by", "kari", "--yes"); !strings.HasPrefix(out, shown+"changed, at position ") {
		t.Errorf("imported: %s", out)
	}
	if out := h.Must(t, "rota", "show", "brus", "--until", "2026-11-25"); !strings.Contains(out, "Samsø") {
		t.Errorf("after the import: %s", out)
	}
	h.Refuses(t, cli.ExitFailed, "changed.ics:", "rota", "import", "brus", clitest.Write(t, "changed.ics", strings.Replace(string(text), "SUMMARY:Aarhus Kommune", "SUMMARY:Oslo", 1)), "--by", "kari")
	h.Refuses(t, cli.ExitUsage, "--by is missing", "rota", "import", "brus", changed)
	h.Refuses(t, cli.ExitUsage, "use a pseudonym", "rota", "import", "brus", changed, "--by", "kari@brus.example")
}
