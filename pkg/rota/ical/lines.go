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
	// MaxBytes limits the size of a calendar.
	MaxBytes = 8 << 20
	// maxLine limits the length of an unfolded line, because the library's time grows with
	// its square. Lines that do not concern shifts may be longer.
	maxLine = 1000
)

var bom = []byte("\ufeff")

// unmarked returns the text without its byte order mark, or an error if the whole text is
// unusable.
func unmarked(text []byte) ([]byte, error) {
	switch {
	case len(text) > MaxBytes:
		return nil, fmt.Errorf("the calendar has %d bytes; export at most %d, fewer years at a time", len(text), MaxBytes)
	case bytes.HasPrefix(text, []byte("\xff\xfe")) || bytes.HasPrefix(text, []byte("\xfe\xff")):
		return nil, fmt.Errorf("the calendar is UTF-16; save it as UTF-8")
	}
	return bytes.TrimPrefix(text, bom), nil
}

// unfold yields each content line with the number of its first line. It joins bytes before
// decoding them, because a fold may split a name or a character.
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

// property is a parsed content line. Its name is in upper case.
type property struct {
	line int
	*ics.BaseProperty
}

// parseLine parses one content line. The library compares names exactly, but RFC 5545 ignores
// their case.
func parseLine(number int, content string) (property, error) {
	if len(content) > maxLine {
		return property{}, fmt.Errorf("the line has %d bytes, unfolded; write at most %d", len(content), maxLine)
	}
	name, rest := splitName(content)
	parsed, err := ics.ParseProperty(ics.ContentLine(name + rest))
	if err != nil || parsed == nil || !utf8.ValidString(parsed.Value) {
		return property{}, fmt.Errorf("%.60q is not an iCalendar line; write NAME:value", content)
	}
	return property{number, parsed}, nil
}

// splitName returns a content line's name in upper case, and the rest of the line.
func splitName(content string) (name, rest string) {
	end := strings.IndexAny(content, ":;")
	if end < 0 {
		end = len(content)
	}
	return strings.ToUpper(content[:end]), content[end:]
}

// param returns a parameter's value and ignores the case of its name.
func (p property) param(name string) string {
	for key, values := range p.ICalParameters {
		if strings.EqualFold(key, name) && len(values) > 0 {
			return values[0]
		}
	}
	return ""
}

// code returns a case-insensitive value in upper case.
func (p property) code() string { return strings.ToUpper(strings.TrimSpace(p.Value)) }
