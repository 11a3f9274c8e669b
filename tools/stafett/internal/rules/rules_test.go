package rules_test

import (
	"strings"
	"testing"
	"time"

	"github.com/jonboulle/clockwork"

	"github.com/stafett/stafett/pkg/directory/rules"
	"github.com/stafett/stafett/tools/stafett/internal/cli"
	"github.com/stafett/stafett/tools/stafett/internal/clitest"
)

// ownRules do not look at ages.
func ownRules() string {
	return strings.NewReplacer("version: routing", "version: my-town", `AGE: "!age_known || min_age <= child_min_age && child_max_age <= max_age"`, `AGE: "true"`).Replace(rules.File())
}

func TestRulesCheck(t *testing.T) {
	own := clitest.Write(t, "own.yaml", ownRules())
	read, err := rules.Parse("own.yaml", []byte(ownRules()))
	if err != nil {
		t.Fatal(err)
	}
	if out, err := clitest.Run(t, "rules", "check", own); err != nil || out != own+" is valid: version "+read.Version()+"\n" || read.Version() == rules.Default().Version() {
		t.Errorf("%q, %v", out, err)
	}
	bad := clitest.Write(t, "bad.yaml", strings.Replace(ownRules(), "TOPIC: for_topic", "TOPIC: for_topics", 1))
	if out, err := clitest.Run(t, "rules", "check", bad); cli.ExitCode(err) != cli.ExitFailed || !strings.HasPrefix(err.Error(), "bad.yaml:") || out != "" {
		t.Errorf("%q, %v", out, err)
	}
	for _, args := range [][]string{{"rules", "check"}, {"rules", "check", own + ".not"}, {"rules", "show", own}, {"rules", "list"}} {
		if _, err := clitest.Run(t, args...); cli.ExitCode(err) != cli.ExitUsage {
			t.Errorf("%v: %v", args, err)
		}
	}
}

// TestRulesShow: what is shown is the file that ships, so one can begin from it.
func TestRulesShow(t *testing.T) {
	shown, err := clitest.Run(t, "rules", "show")
	if err != nil {
		t.Fatal(err)
	}
	if out, err := clitest.Run(t, "rules", "check", clitest.Write(t, "same.yaml", shown)); err != nil || !strings.HasSuffix(out, " is valid: version "+rules.Default().Version()+"\n") {
		t.Errorf("%q, %v", out, err)
	}
}

// TestRouteByOwnRules: somebody of 40 may be sent to a line for young people.
func TestRouteByOwnRules(t *testing.T) {
	clock := clockwork.NewFakeClockAt(time.Date(2026, 11, 23, 18, 30, 0, 0, time.UTC))
	old := []string{"route", "--topics", "FR.x_parent_substance_use", "--ages", "40", "--language", "da", "--lines", clitest.ExampleLines, "--assume-seats"}
	if out, err := clitest.RunAt(t, clock, old...); err != nil || !strings.Contains(out, "No line may be asked.") {
		t.Errorf("by the rules that ship: %v\n%s", err, out)
	}
	out, err := clitest.RunAt(t, clock, append(old, "--rules", clitest.Write(t, "own.yaml", ownRules()))...)
	if err != nil || !strings.Contains(out, "1. BRUS") || !strings.Contains(out, "+my-town/") {
		t.Errorf("by others: %v\n%s", err, out)
	}
	if _, err := clitest.RunAt(t, clock, append(old, "--rules", clitest.Write(t, "bad.yaml", "rules: 1\n"))...); cli.ExitCode(err) != cli.ExitUsage || !strings.Contains(err.Error(), "bad.yaml:1:") {
		t.Errorf("a file with a mistake: %v", err)
	}
}
