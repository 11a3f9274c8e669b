package rota

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// wallLayout is how files have an instant that clocks on the wall show to the minute.
const wallLayout = "2006-01-02 15:04"

// instant is a time on the wall where that means this instant and no other.
func (w *writer) instant(at time.Time) string {
	text := at.In(w.rota.zone).Format(wallLayout)
	if shown, err := time.Parse(wallLayout, text); err == nil && firstAt(wallOf(shown), w.rota.zone).Equal(at) {
		return text
	}
	return at.In(w.rota.zone).Format(time.RFC3339Nano)
}

// member is how files name a unit that covers.
func member(unit Unit) string {
	if unit == Nobody {
		return nobody
	}
	return scalar(string(unit))
}

var (
	plainText = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9/_=;-]*$`)
	reserved  = []string{"null", "true", "false", "yes", "no", "on", "off", "y", "n"}
)

// scalar is text that YAML reads as this text, without quotes where none are needed.
func scalar(text string) string {
	if plainText.MatchString(text) && !slices.Contains(reserved, strings.ToLower(text)) {
		return text
	}
	return strconv.Quote(text)
}
