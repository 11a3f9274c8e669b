package main

import (
	"os"
	"testing"

	"github.com/stafett/stafett/pkg/handover/command"
)

func TestTheTableOfCommandsIsCurrent(t *testing.T) {
	text, err := os.ReadFile("../../../docs/life-of-a-handover.md")
	if err != nil {
		t.Fatal(err)
	}
	want, err := replace(string(text), table(command.Definitions()))
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

func TestADocumentWithoutAPlaceIsRefused(t *testing.T) {
	for _, document := range []string{"", begins, ends, ends + begins} {
		if _, err := replace(document, ""); err == nil {
			t.Errorf("%q has a place for the commands", document)
		}
	}
}
