package topics_test

import (
	"strings"
	"testing"

	"google.golang.org/protobuf/encoding/protojson"

	triagev1 "github.com/stafett/stafett/proto/stafett/triage/v1"
	"github.com/stafett/stafett/tools/stafett/internal/cli"
	"github.com/stafett/stafett/tools/stafett/internal/clitest"
)

const ownTopics = `version: oslo-3
topics:
  FR.x_new_family: {parent: FR, nb: Ny familie, da: Ny familie, en: New family, sv: Ny familj}
  FR.x_step_parent: {parent: FR.x_new_family, nb: Steforelder, da: Stedforælder, en: Step-parent}
`

func TestTopicsCheck(t *testing.T) {
	sound := clitest.Write(t, "own.yaml", ownTopics)
	out, err := clitest.Run(t, "topics", "check", sound)
	if err != nil || !strings.Contains(out, "is valid: version 1+oslo-3, 2 topics in addition") {
		t.Errorf("%q, %v", out, err)
	}
	circle := clitest.Write(t, "circle.yaml", strings.Replace(ownTopics, "parent: FR,", "parent: FR.x_step_parent,", 1))
	out, err = clitest.Run(t, "topics", "check", circle)
	if err == nil || !strings.HasPrefix(err.Error(), "circle.yaml:3:29: FR.x_new_family is below itself") || out != "" || cli.ExitCode(err) != cli.ExitFailed {
		t.Errorf("%q, %v", out, err)
	}
	for _, args := range [][]string{{"topics", "check"}, {"topics", "check", sound + ".not"}, {"topics", "list", sound + ".not"}, {"topics", "list", "--lang", "sv"}} {
		if _, err := clitest.Run(t, args...); cli.ExitCode(err) != cli.ExitUsage {
			t.Errorf("%v: %v", args, err)
		}
	}
}

func TestTopicsList(t *testing.T) {
	own := clitest.Write(t, "own.yaml", ownTopics)
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
		out, err := clitest.Run(t, append([]string{"topics", "list"}, test.args...)...)
		if err != nil || !strings.Contains(strings.Join(strings.Fields(out), " "), test.want) {
			t.Errorf("%v: %v, without %q:\n%s", test.args, err, test.want, out)
		}
	}
	out, err := clitest.Run(t, "topics", "list", "-o", "jsonl", own)
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
