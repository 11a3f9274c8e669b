package picture_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stafett/stafett/pkg/i18n"
	auditv1 "github.com/stafett/stafett/proto/stafett/audit/v1"
	"github.com/stafett/stafett/tools/stafett/internal/audit/picture"
	"github.com/stafett/stafett/tools/stafett/internal/audit/report"
	"github.com/stafett/stafett/tools/stafett/internal/historytest"
)

var update = flag.Bool("update", false, "write the golden pictures; look at them before you commit them")

var oslo = func() *time.Location {
	zone, err := time.LoadLocation("Europe/Oslo")
	if err != nil {
		panic(err)
	}
	return zone
}()

// golden compares a picture with the one that somebody has looked at.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name+".svg")
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s is drawn otherwise; run with -update, look at it, and commit it if it is right", path)
	}
	wellFormed(t, got)
}

// wellFormed expects XML that loads nothing from elsewhere and runs nothing.
func wellFormed(t *testing.T, svg []byte) {
	t.Helper()
	for in := xml.NewDecoder(bytes.NewReader(svg)); ; {
		token, err := in.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		if element, ok := token.(xml.StartElement); ok && strings.Contains("script image use foreignObject a style", element.Name.Local) {
			t.Errorf("it has a %s", element.Name.Local)
		}
	}
}

func draw(t *testing.T, commits []*auditv1.StoredCommit, language i18n.Language) []byte {
	t.Helper()
	var svg bytes.Buffer
	if err := picture.Conversation(&svg, commits, language, oslo); err != nil {
		t.Fatal(err)
	}
	return svg.Bytes()
}

func TestConversations(t *testing.T) {
	for name, language := range map[string]i18n.Language{
		"1-violence": "nb", "0-1-nobody-answers": "en", "1-hand-back": "da", "0-1-imminent": "en", "0-1-laptop": "nb",
	} {
		t.Run(name, func(t *testing.T) {
			golden(t, name, draw(t, historytest.History(t, name), language))
		})
	}
}

// TestUpToAnInstant: what had not come by then is not drawn.
func TestUpToAnInstant(t *testing.T) {
	commits := historytest.History(t, "1-violence")
	svg := string(draw(t, commits[:len(commits)/2], "en"))
	if strings.Contains(svg, "outcome reported") || !strings.Contains(svg, "conversation opens at snakkommobbing") {
		t.Error("half of it shows the end, or lacks the beginning")
	}
}

// TestAHoleIsNotDrawnOver: a picture of something incomplete would tell lies.
func TestAHoleIsNotDrawnOver(t *testing.T) {
	commits := historytest.History(t, "1-violence")
	for name, part := range map[string][]*auditv1.StoredCommit{
		"nothing": nil, "without its beginning": commits[1:], "with a hole": append(commits[:3:3], commits[4:]...),
	} {
		if err := picture.Conversation(io.Discard, part, "en", oslo); err == nil {
			t.Errorf("%s is drawn", name)
		}
	}
}

func TestAnEvening(t *testing.T) {
	custody := &report.Custody{}
	for _, name := range []string{"1-violence", "1-hand-back", "0-1-nobody-answers", "0-1-crash", "0-1-laptop"} {
		for _, stored := range historytest.History(t, name) {
			if err := custody.Add(stored); err != nil {
				t.Fatal(err)
			}
		}
	}
	from := time.Date(2026, 3, 3, 19, 30, 0, 0, oslo)
	for _, language := range i18n.Languages {
		var svg bytes.Buffer
		if err := picture.Evening(&svg, custody, from, from.Add(90*time.Minute), language, oslo); err != nil {
			t.Fatal(err)
		}
		golden(t, "evening-"+string(language), svg.Bytes())
	}
	if err := picture.Evening(io.Discard, custody, from, from, "en", oslo); err == nil {
		t.Error("an evening of no length is drawn")
	}
}
