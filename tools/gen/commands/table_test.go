package main

import (
	"os"
	"testing"

	"github.com/stafett/stafett/pkg/handover/command"
	"github.com/stafett/stafett/tools/internal/marked"
)

func TestTheTableOfCommandsIsCurrent(t *testing.T) {
	text, err := os.ReadFile("../../../docs/life-of-a-handover.md")
	if err != nil {
		t.Fatal(err)
	}
	want, err := marked.Replace(string(text), "commands", table(command.Definitions()))
	if err != nil || string(text) != want {
		t.Errorf("run go run ./tools/gen: docs/life-of-a-handover.md does not list the commands as the catalogue does (%v)", err)
	}
}

func TestEverySideHasAName(t *testing.T) {
	for _, d := range command.Definitions() {
		if givers[d.Side] == "" {
			t.Errorf("the giver of %s has no name", d.Name)
		}
	}
}
