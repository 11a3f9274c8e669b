package linefile

import (
	"slices"
	"strings"
	"testing"

	"github.com/stafett/stafett/pkg/taxonomy"
)

func TestParseGoesByATaxonomy(t *testing.T) {
	text := []byte(strings.Replace(good, "V.bullying", "V.x_school", 1))
	if _, err := Parse("l.yaml", text, taxonomy.Default()); err == nil || !strings.HasPrefix(err.Error(), `l.yaml:7:18: topic "V.x_school" is not in the taxonomy`) {
		t.Errorf("under what ships: %v", err)
	}
	topics, err := taxonomy.Parse("t.yaml", []byte(`
version: test
topics:
  V.x_school: {parent: V.bullying, nb: Mobbing på skolen, da: Mobning i skolen, en: Bullying at school}
`))
	if err != nil {
		t.Fatal(err)
	}
	lines, err := Parse("l.yaml", text, topics)
	if err != nil || !slices.Contains(lines[0].Topics, "V.x_school") {
		t.Errorf("under a taxonomy with it: %v, %v", lines, err)
	}
}
