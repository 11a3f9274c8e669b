package server

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stafett/stafett/tools/stafett/internal/cli"
)

const ownTopics = `version: oslo-3
topics:
  FR.x_new_family: {parent: FR, nb: Ny familie, da: Ny familie, en: New family, sv: Ny familj}
  FR.x_step_parent: {parent: FR.x_new_family, nb: Steforelder, da: Stedforælder, en: Step-parent}
`

func write(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// The lines of a file are for the topics of the other, and neither is read where it is
// too large.
func TestFilesOfADirectory(t *testing.T) {
	huge := write(t, "huge.yaml", "")
	if err := os.Truncate(huge, 100<<20); err != nil {
		t.Fatal(err)
	}
	lines := write(t, "lines.yaml", `lines:
  - {id: family, names: {nb: F}, operator: test, country: "NO", time_zone: Europe/Oslo, topics: [FR.x_step_parent], ages: 0-25, languages: [nb], hours: {chat: ["every day 00:00-24:00"]}}
`)
	own := write(t, "own.yaml", ownTopics)
	for _, test := range []struct {
		files directoryFiles
		want  string
	}{
		{directoryFiles{lines: lines, topics: own}, ""},
		{directoryFiles{lines: lines}, `topic "FR.x_step_parent" is not in the taxonomy`},
		{directoryFiles{topics: own}, ""},
		{directoryFiles{lines: huge}, "huge.yaml:1:1: the file has 104857600 bytes"},
		{directoryFiles{topics: huge}, "huge.yaml:1:1: the file has 104857600 bytes"},
	} {
		read, err := test.files.read()
		if test.want == "" && (err != nil || len(read.lines) == 0 || (read.topics.Version() == "1") != (test.files.topics == "")) {
			t.Errorf("%v: %v", test.files, err)
		}
		if test.want != "" && (cli.ExitCode(err) != cli.ExitUsage || !strings.Contains(err.Error(), test.want)) {
			t.Errorf("%v: %v", test.files, err)
		}
	}
}
