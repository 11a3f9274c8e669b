package yamlread

import (
	"fmt"
	"strings"
	"testing"
)

func TestSoManyMistakesAreTold(t *testing.T) {
	for _, mistakes := range []int{maxTold, maxTold + 1, maxTold + 7} {
		text := "id: a\n" + numbered("unknown%d: 1\n", mistakes)
		told := strings.Split(Read("f.yaml", []byte(text), visit).Error(), "\n")
		if !strings.HasPrefix(told[maxTold-1], fmt.Sprintf("f.yaml:%d:1: unknown key", maxTold+1)) {
			t.Errorf("of %d, the last told is %s", mistakes, told[maxTold-1])
		}
		rest := strings.Join(told[maxTold:], "\n")
		if want := fmt.Sprintf("and %d more mistakes; fix these first", mistakes-maxTold); mistakes > maxTold && rest != want || mistakes == maxTold && rest != "" {
			t.Errorf("after them: %q", rest)
		}
	}
}

func TestAByteOrderMarkIsSkipped(t *testing.T) {
	if err := Read("f.yaml", []byte("\ufeffid: brus\n"), visit); err != nil {
		t.Error(err)
	}
	err := Read("f.yaml", []byte("\ufeffidd: brus\n"), visit)
	if want := "f.yaml:1:1: unknown key \"idd\"; write one of id, on, list, names"; err == nil || !strings.Contains(err.Error(), want) {
		t.Error(err)
	}
	if err := Read("f.yaml", []byte("id: a\n\ufeffon: true\n"), visit); err == nil {
		t.Error("within the file it is taken")
	}
}

func TestHiddenCharacters(t *testing.T) {
	var hidden []rune
	for _, of := range [][2]rune{{0, 8}, {0xB, 0x1F}, {0x7F, 0x9F}, {0x200E, 0x200F}, {0x202A, 0x202E}, {0x2066, 0x2069}} {
		for r := of[0]; r <= of[1]; r++ {
			hidden = append(hidden, r)
		}
	}
	for _, r := range hidden {
		want := fmt.Sprintf("the text has the character %U, which no reader sees; remove it", r)
		for place, text := range map[string]string{
			"f.yaml:1:5: ": fmt.Sprintf(`id: "a\u%04xb"`, r),
			"f.yaml:2:9: ": fmt.Sprintf("id: a\nnames: {\"en\\u%04x\": Name}", r),
		} {
			if err := Read("f.yaml", []byte(text), visit); err == nil || err.Error() != place+want {
				t.Errorf("%q: %v", text, err)
			}
		}
	}
	for _, seen := range []string{"å", "\\t", "\\n", "\u00a0", "\u200d", "👩‍🚒"} {
		if err := Read("f.yaml", []byte(`id: "a`+seen+`b"`), visit); err != nil {
			t.Error(err)
		}
	}
	if err := Read("f.yaml", []byte("id: |\n  a\x1b[2J\n"), visit); err == nil {
		t.Error("in a block it is taken")
	}
}

func TestLinesStandOnOneLine(t *testing.T) {
	read := func(root Value) { root.Names("{en: Name}") }
	if err := Read("f.yaml", []byte("{en: Name, nb: Navn}"), read); err != nil {
		t.Error(err)
	}
	err := Read("f.yaml", []byte(`{en: "Na\nme", nb: "Na\tvn"}`), read)
	const says = "the text has a line break or a tab; write it on one line"
	if err == nil || err.Error() != "f.yaml:1:6: "+says+"\nf.yaml:1:20: "+says {
		t.Error(err)
	}
}
