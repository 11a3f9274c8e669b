package story

import (
	"testing"

	"github.com/stafett/stafett/pkg/handover/command"
)

func TestEveryVerbStandsForAnRPC(t *testing.T) {
	for name, verb := range verbs {
		if sends := verb.sends != nil; sends != (name.Sent() && name != Repeat && name != Call) {
			t.Errorf("%q sends a request of its own: %t", name, sends)
		} else if sends && Method(verb.sends) == nil {
			t.Errorf("%q sends a %T, which no RPC takes", name, verb.sends)
		}
	}
}

// A new command needs no verb: a step can call its RPC. It needs a story.
func TestEveryCommandIsToldInAStory(t *testing.T) {
	names := []string{"play/testdata/withdrawn.yaml"}
	for _, info := range Shipped() {
		names = append(names, info.Name)
	}
	told := map[*command.Definition]bool{}
	for _, name := range names {
		s, err := Load(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, step := range s.Steps {
			if step.Request != nil {
				told[command.DefinitionOf(step.Request)] = true
			}
		}
	}
	for _, d := range command.Definitions() {
		if d.Method != nil && !told[d] {
			t.Errorf("no story has %s", d.Name)
		}
	}
}
