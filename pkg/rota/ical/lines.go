package ical

import (
	"bytes"
	"fmt"
	"iter"
	"strings"
	"unicode/utf8"

	ics "github.com/arran4/golang-ical"
)

const (
	// MaxBytes is the size of the largest calendar that is read.
	MaxBytes = 8 << 20
	// maxLine is the longest line that is read, unfolded. The library's time grows with
	// its square. Lines that say nothing about shifts may be longer.
	maxLine = 1000
)

var bom = []byte("\ufeff")

// unmarked is the text without its byte order mark, or what is wrong with all of it.
func unmarked(text []byte) ([]byte, error) {
	switch {
	case len(text) > MaxBytes:
		return nil, fmt.Errorf("the calendar has %d bytes; export at most %d, fewer years at a time", len(text), MaxBytes)
	case bytes.HasPrefix(text, []byte("\xff\xfe")) || bytes.HasPrefix(text, []byte("\xfe\xff")):
		return nil, fmt.Errorf("the calendar is UTF-16; save it as UTF-8")
	}
	return bytes.TrimPrefix(text, bom), nil
}

// unfold gives each content line with the number of the line where it begins. Bytes are
// joined before anything is read in them: a fold may split a name, and a letter.
func unfold(text []byte) iter.Seq2[int, []byte] {
	return func(yield func(int, []byte) bool) {
		var content []byte
		begins, number := 1, 0
		for line := range bytes.Lines(text) {
			number++
			line = bytes.TrimRight(line, "\r\n")
			if folded := len(line) > 0 && (line[0] == ' ' || line[0] == '\t'); folded {
				content = append(content, line[1:]...)
				continue
			}
			if len(content) > 0 && !yield(begins, content) {
				return
			}
			content, begins = append(content[:0], line...), number
		}
		if len(content) > 0 {
			yield(begins, content)
		}
	}
}

// property is a line that says something. Its name is in capitals.
type property struct {
	line int
	*ics.BaseProperty
}

// parseLine reads one content line. The library reads names as they are written;
// RFC 5545 ignores their case.
func parseLine(number int, content string) (property, error) {
	if len(content) > maxLine {
		return property{}, fmt.Errorf("the line has %d bytes, unfolded; write at most %d", len(content), maxLine)
	}
	name, rest := splitName(content)
	parsed, err := ics.ParseProperty(ics.ContentLine(name + rest))
	if err != nil || parsed == nil || !utf8.ValidString(parsed.Value) {
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

// code is a value whose case does not matter.
func (p property) code() string { return strings.ToUpper(strings.TrimSpace(p.Value)) }
