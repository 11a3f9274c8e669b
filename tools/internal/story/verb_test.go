package story

import (
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
)

func TestEveryVerbHasASentence(t *testing.T) {
	if told := slices.Sorted(maps.Keys(sentences)); !slices.Equal(told, Verbs()) {
		t.Errorf("sentences are for %v, want %v", told, Verbs())
	}
}

// The readme is what people write stories from, so it has every verb and key.
func TestTheReadmeHasEveryVerbAndKey(t *testing.T) {
	content, err := os.ReadFile("../../stories/README.md")
	if err != nil {
		t.Fatal(err)
	}
	readme := string(content)
	for verb, about := range verbs {
		if !strings.Contains(readme, "`"+string(verb)+"`") {
			t.Errorf("the verb %q is not in it", verb)
		}
		for _, key := range about.keys {
			if !strings.Contains(readme, "`"+key.name+"`") && !strings.Contains(readme, key.name+":") {
				t.Errorf("the key %q of %q is not in it", key.name, verb)
			}
		}
	}
}

func TestTheReadmesExampleIsAStory(t *testing.T) {
	content, err := os.ReadFile("../../stories/README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, example, _ := strings.Cut(string(content), "```yaml\n")
	example, _, _ = strings.Cut(example, "```")
	if _, err := Parse("README.md", []byte(example)); err != nil {
		t.Error(err)
	}
}

func TestSentences(t *testing.T) {
	s, err := Load("violence")
	if err != nil {
		t.Fatal(err)
	}
	for number, want := range map[int]string{
		1:  "lerke (snakkommobbing) opens a conversation",
		10: "mina (snakkommobbing) tags V.physical",
		15: "mina (snakkommobbing) asks the child for consent to INTRO, ONE_LINE, FEEDBACK_OUTCOME",
		20: "jonas (alarmtelefonen) acknowledges the offer as ALERTING",
		25: "mina (snakkommobbing) writes to the counsellors alone",
	} {
		if got := s.Steps[number-1].Sentence(); got != want {
			t.Errorf("step %d is told as %q, want %q", number, got, want)
		}
	}
}
