package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"google.golang.org/protobuf/encoding/protojson"

	triagev1 "github.com/stafett/stafett/proto/stafett/triage/v1"
)

const ownTopics = `version: oslo-3
topics:
  FR.x_new_family: {parent: FR, nb: Ny familie, da: Ny familie, en: New family, sv: Ny familj}
  FR.x_step_parent: {parent: FR.x_new_family, nb: Steforelder, da: Stedforælder, en: Step-parent}
`

// run runs a command line in this process.
func run(t *testing.T, args ...string) (string, error) {
	t.Helper()
	var out strings.Builder
	command := root()
	command.SetOut(&out)
	command.SetArgs(args)
	err := command.ExecuteContext(t.Context())
	return out.String(), err
}

func write(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestTopicsCheck(t *testing.T) {
	sound := write(t, "own.yaml", ownTopics)
	out, err := run(t, "topics", "check", sound)
	if err != nil || !strings.Contains(out, "is sound: version 1+oslo-3, 2 topics besides") {
		t.Errorf("%q, %v", out, err)
	}
	circle := write(t, "circle.yaml", strings.Replace(ownTopics, "parent: FR,", "parent: FR.x_step_parent,", 1))
	out, err = run(t, "topics", "check", circle)
	if err == nil || !strings.HasPrefix(err.Error(), "circle.yaml:3:29: FR.x_new_family lies below itself") || out != "" || exitCode(err) != exitFailed {
		t.Errorf("%q, %v", out, err)
	}
	for _, args := range [][]string{{"topics", "check"}, {"topics", "check", sound + ".not"}, {"topics", "list", sound + ".not"}, {"topics", "list", "--lang", "sv"}} {
		if _, err := run(t, args...); exitCode(err) != exitUsage {
			t.Errorf("%v: %v", args, err)
		}
	}
}

func TestTopicsList(t *testing.T) {
	own := write(t, "own.yaml", ownTopics)
	for _, test := range []struct {
		args []string
		want string
	}{
		{nil, "V.bullying V Mobbing"},
		{[]string{"--lang", "da"}, "V.bullying V Mobning"},
		{[]string{"--lang", "en", own}, "FR.x_step_parent FR.x_new_family Step-parent"},
		{[]string{"--lang", "sv", own}, "FR.x_new_family FR Ny familj"},
		{[]string{own}, "TOPIC PARENT LABEL, VERSION 1+oslo-3"},
	} {
		out, err := run(t, append([]string{"topics", "list"}, test.args...)...)
		if err != nil || !strings.Contains(strings.Join(strings.Fields(out), " "), test.want) {
			t.Errorf("%v: %v, without %q:\n%s", test.args, err, test.want, out)
		}
	}
	out, err := run(t, "topics", "list", "-o", "jsonl", own)
	found := false
	for line := range strings.Lines(out) {
		var topic triagev1.Topic
		if err := protojson.Unmarshal([]byte(line), &topic); err != nil {
			t.Fatal(err)
		}
		found = found || topic.Code == "FR.x_step_parent" && topic.Local && topic.Parent == "FR.x_new_family"
	}
	if err != nil || !found {
		t.Errorf("%v:\n%s", err, out)
	}
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
		if test.want != "" && (exitCode(err) != exitUsage || !strings.Contains(err.Error(), test.want)) {
			t.Errorf("%v: %v", test.files, err)
		}
	}
}
