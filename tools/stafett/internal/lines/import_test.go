package lines_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/jonboulle/clockwork"

	"github.com/stafett/stafett/tools/stafett/internal/cli"
	"github.com/stafett/stafett/tools/stafett/internal/clitest"
)

const twoServices = `{"total_pages": 2, "page_number": 1, "contents": [
{"id": "7a1f3c52-94b1-4c0e-8a77-0d1f5b6f2c10", "name": "Night Line", "status": "active", "minimum_age": 9, "maximum_age": 19,
 "organization": {"name": "Example"}, "languages": [{"code": "nb"}], "service_areas": [{"extent": "NO"}],
 "phones": [{"number": "116 123", "type": "voice"}, {"number": "116 124", "type": "fax"}],
 "attributes": [{"taxonomy_term": {"code": "MH", "taxonomy": "Stafett topics 1"}}],
 "schedules": [{"id": "s1", "freq": "WEEKLY", "byday": "MO", "opens_at": "10:00", "closes_at": "18:00"}]},
{"id": "7a1f3c52-94b1-4c0e-8a77-0d1f5b6f2c11", "name": "Food Bank", "status": "active"}]}`

// What is missing is named, and "lines check" accepts the file once a person has given it.
func TestLinesImport(t *testing.T) {
	clock := clockwork.NewFakeClock()
	from, to := clitest.Write(t, "services.json", twoServices), filepath.Join(t.TempDir(), "lines.yaml")
	out, err := clitest.RunAt(t, clock, "lines", "import", "--hsds", from, "-o", to)
	if err != nil {
		t.Fatal(err)
	}
	clitest.Golden(t, "lines-import.txt", out)
	if _, err := clitest.RunAt(t, clock, "lines", "check", to); cli.ExitCode(err) != cli.ExitFailed || !strings.Contains(err.Error(), "names is missing") {
		t.Errorf("checked with names missing: %v", err)
	}
	out, err = clitest.RunAt(t, clock, "lines", "import", "--hsds", from, "-o", to, "--language", "nb", "--country", "NO", "--zone", "Europe/Oslo", "--channel", "phone")
	if err != nil || strings.Contains(out, "missing: ") {
		t.Fatalf("%v: %s", err, out)
	}
	if out, err := clitest.RunAt(t, clock, "lines", "check", to); err != nil || !strings.HasPrefix(out, to+" is valid: 1 line\n") {
		t.Errorf("%v: %s", err, out)
	}
}

func TestLinesImportRefuses(t *testing.T) {
	clock := clockwork.NewFakeClock()
	good := clitest.Write(t, "services.json", twoServices)
	for want, args := range map[string][]string{
		"--hsds is missing":                {},
		"is not a country":                 {"--hsds", good, "--country", "Norge"},
		"use one of CHAT,":                 {"--hsds", good, "--channel", "fax"},
		"no such file":                     {"--hsds", good + ".not"},
		"this is not JSON":                 {"--hsds", clitest.Write(t, "lines.yaml", "lines: []\n")},
		"no line was imported, so no file": {"--hsds", clitest.Write(t, "none.json", "[]"), "-o", filepath.Join(t.TempDir(), "l.yaml")},
	} {
		_, err := clitest.RunAt(t, clock, append([]string{"lines", "import"}, args...)...)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: %v, want %q", args, err, want)
		}
	}
}
