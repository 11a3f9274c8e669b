package linefile

import (
	"fmt"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/taxonomy"
)

func TestALineFitsIntoOneAppend(t *testing.T) {
	empty, err := parse("lines.yaml", []byte(good+`    alert: "x"`))
	if err != nil {
		t.Fatal(err)
	}
	room := maxLine - proto.Size(empty[0]) - 2 // its length takes two bytes more
	fits := good + `    alert: "x` + strings.Repeat("x", room) + `"`
	lines, err := parse("lines.yaml", []byte(fits))
	if err != nil || proto.Size(lines[0]) != maxLine {
		t.Fatal(err)
	}
	_, err = parse("lines.yaml", []byte(strings.Replace(fits, "xx", "xxx", 1)))
	want := "lines.yaml:2:5: this line has 49153 bytes when it is stored; write at most 49152, with shorter notes or fewer schedules, exceptions and doors"
	if err == nil || err.Error() != want {
		t.Errorf("%v\nwant %s", err, want)
	}
}

// TestADirectoryOfTwentyThousandLines has one mistake near its end, which is named; one line more
// is too many.
func TestADirectoryOfTwentyThousandLines(t *testing.T) {
	if testing.Short() {
		t.Skip("reads megabytes")
	}
	var text strings.Builder
	text.WriteString("lines:\n")
	_, line, _ := strings.Cut(good, "\n")
	for i := range Bounds.Members {
		one := strings.Replace(line, "night-line", fmt.Sprintf("line-%d", i), 1)
		if i == Bounds.Members-2 {
			one = strings.Replace(one, "Europe/Oslo", "Europe/Olso", 1)
		}
		text.WriteString(one)
	}
	_, err := parse("lines.yaml", []byte(text.String()))
	if err == nil || !strings.Contains(err.Error(), `time zone "Europe/Olso" is not known`) || strings.Contains(err.Error(), "\n") {
		t.Errorf("%.300v", err)
	}
	text.WriteString(line)
	if _, err := parse("lines.yaml", []byte(text.String())); err == nil || !strings.Contains(err.Error(), "more than 20000 members") {
		t.Errorf("%.300v", err)
	}
}

func TestAPartMayNameOtherLines(t *testing.T) {
	text := []byte(good + "    receives_from: {elsewhere: signpost}\n")
	known := func(id string) bool { return id == "elsewhere" }
	if _, err := ParsePart("lines.yaml", text, taxonomy.Default(), known); err != nil {
		t.Error(err)
	}
	if _, err := parse("lines.yaml", text); err == nil {
		t.Error("a whole directory names a line that it does not have")
	}
}

// A name or an alert cannot look different from its text, and a name is one line.
func TestHiddenCharacters(t *testing.T) {
	for text, want := range map[string]string{
		strings.Replace(good, "Nattlinjen", `"Natt\u202elinjen"`, 1):                "lines.yaml:3:17: the text has the character U+202E, which no reader sees; remove it",
		strings.Replace(good, "Nattlinjen", `"Natt\nlinjen"`, 1):                    "lines.yaml:3:17: the text has a line break or a tab; write it on one line",
		strings.Replace(good, "Example municipality", `"Example\tmunicipality"`, 1): "lines.yaml:4:15: the text has a line break or a tab; write it on one line",
		good + `    alert: "We\u001b[2J answer"`:                                    "lines.yaml:17:12: the text has the character U+001B, which no reader sees; remove it",
		strings.Replace(good, "Europe/Oslo", "posix/Europe/Oslo", 1):                `lines.yaml:6:16: time zone "posix/Europe/Oslo" is not known; write an IANA name, for example Europe/Oslo`,
	} {
		if _, err := parse("lines.yaml", []byte(text)); err == nil || err.Error() != want {
			t.Errorf("%v\nwant %s", err, want)
		}
	}
	if _, err := parse("lines.yaml", []byte(good+"    alert: |\n      First line.\n      Second line.\n")); err != nil {
		t.Error(err)
	}
}
