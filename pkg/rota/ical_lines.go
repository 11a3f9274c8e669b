package rota

import (
	"bytes"
	"fmt"
	"iter"
	"strings"
	"unicode/utf8"

	ics "github.com/arran4/golang-ical"
	"github.com/stafett/stafett/pkg/yamlread"
)

const (
	// MaxCalendarBytes is the size of the largest calendar that is read.
	MaxCalendarBytes = 8 << 20
	// maxLine is the longest line that is read, unfolded. The library's time grows with
	// its square. Lines that say nothing about shifts may be longer.
	maxLine = 1000
	// maxMistakes are told at once, after that a reader has had enough.
	maxMistakes = 100
)

var bom = []byte("\ufeff")

// calendarText is the text without what editors put before it, or one mistake.
func calendarText(name string, text []byte) ([]byte, error) {
	text = bytes.TrimPrefix(text, bom)
	mistake := &yamlread.Error{File: name, Line: 1, Column: 1}
	switch {
	case len(text) > MaxCalendarBytes:
		mistake.Message = fmt.Sprintf("the calendar has %d bytes; export at most %d, fewer years at a time", len(text), MaxCalendarBytes)
	case bytes.HasPrefix(text, []byte("\xff\xfe")) || bytes.HasPrefix(text, []byte("\xfe\xff")):
		mistake.Message = "the calendar is UTF-16; save it as UTF-8"
	case !utf8.Valid(text):
		mistake.Line = badLine(text)
		mistake.Message = "the line is not UTF-8; save the calendar as UTF-8"
	default:
		return text, nil
	}
	return nil, mistake
}

func badLine(text []byte) int {
	for i, line := range bytes.Split(text, []byte("\n")) {
		if !utf8.Valid(line) {
			return i + 1
		}
	}
	return 1
}

// unfold gives each content line with the number of the line where it begins. Lines
// are joined before anything is read in them: a fold may split a name.
func unfold(text string) iter.Seq2[int, string] {
	return func(yield func(int, string) bool) {
		var content strings.Builder
		begins, number := 1, 0
		for line := range strings.Lines(text) {
			number++
			line = strings.TrimSuffix(strings.TrimSuffix(line, "\n"), "\r")
			if folded := line != "" && (line[0] == ' ' || line[0] == '\t'); folded {
				content.WriteString(line[1:])
				continue
			}
			if content.Len() > 0 && !yield(begins, content.String()) {
				return
			}
			content.Reset()
			content.WriteString(line)
			begins = number
		}
		if content.Len() > 0 {
			yield(begins, content.String())
		}
	}
}

// property is a line that says something.
type property struct {
	line int
	*ics.BaseProperty
}

// parseLine reads one content line. The library reads names as they are written;
// RFC 5545 does not care about their case.
func parseLine(number int, content string) (property, error) {
	if len(content) > maxLine {
		return property{}, fmt.Errorf("the line has %d bytes, unfolded; write at most %d", len(content), maxLine)
	}
	name, rest := splitName(content)
	parsed, err := ics.ParseProperty(ics.ContentLine(name + rest))
	if err != nil || parsed == nil {
		return property{}, fmt.Errorf("%.60q is no iCalendar line; write NAME:value", content)
	}
	return property{number, parsed}, nil
}

// splitName gives the name that a content line begins with in capitals, and the rest.
func splitName(content string) (name, rest string) {
	end := strings.IndexAny(content, ":;")
	if end < 0 {
		end = len(content)
	}
	return strings.ToUpper(content[:end]), content[end:]
}

// param is a parameter's value, whatever the case of its name.
func (p property) param(name string) string {
	for key, values := range p.ICalParameters {
		if strings.EqualFold(key, name) && len(values) > 0 {
			return values[0]
		}
	}
	return ""
}
