package rota

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// wallLayout is how files write wall time to the minute.
const wallLayout = "2006-01-02 15:04"

// instant formats a time as wall time where that is unambiguous, and as an exact instant
// otherwise.
func (w *writer) instant(at time.Time) string {
	text := at.In(w.rota.zone).Format(wallLayout)
	if shown, err := time.Parse(wallLayout, text); err == nil && firstAt(wallOf(shown), w.rota.zone).Equal(at) {
		return text
	}
	return at.In(w.rota.zone).Format(time.RFC3339Nano)
}

// member returns the name of a covering unit in files.
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

// scalar returns text that YAML reads as exactly this text. It adds quotes only where needed.
func scalar(text string) string {
	if plainText.MatchString(text) && !slices.Contains(reserved, strings.ToLower(text)) {
		return text
	}
	return strconv.Quote(text)
}
