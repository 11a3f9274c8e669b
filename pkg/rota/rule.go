package rota

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/teambition/rrule-go"
)

// The frequencies and parts of RFC 5545 that concern days and are cheap to evaluate.
var (
	frequencies = []string{"DAILY", "WEEKLY", "MONTHLY"}
	parts       = []string{"FREQ", "INTERVAL", "BYDAY", "BYMONTH", "BYMONTHDAY", "COUNT", "UNTIL", "WKST"}
)

const (
	maxRule     = 500
	maxInterval = 1000
)

// parseRule reads a recurrence such as FREQ=WEEKLY;BYDAY=SU,MO.
func parseRule(text string) (*rrule.ROption, error) {
	if len(text) > maxRule {
		return nil, fmt.Errorf("the rule has %d characters; write at most %d", len(text), maxRule)
	}
	if err := checkParts(text); err != nil {
		return nil, err
	}
	option, err := rrule.StrToROption(text)
	if err == nil {
		_, err = rrule.NewRRule(*option)
	}
	if err != nil {
		return nil, fmt.Errorf("%q is not an RFC 5545 recurrence: %w; write for example FREQ=DAILY", text, err)
	}
	return option, nil
}

func checkParts(text string) error {
	var seen []string
	for part := range strings.SplitSeq(text, ";") {
		name, value, _ := strings.Cut(part, "=")
		if err := checkPart(name, value); err != nil {
			return err
		}
		if slices.Contains(seen, name) {
			return fmt.Errorf("%s is there twice; keep one of them", name)
		}
		seen = append(seen, name)
	}
	return nil
}

func checkPart(name, value string) error {
	switch {
	case !slices.Contains(parts, name):
		return fmt.Errorf("%q says nothing about days; write parts such as FREQ=WEEKLY;BYDAY=SU,MO of %s", name, strings.Join(parts, ", "))
	case name == "FREQ" && !slices.Contains(frequencies, value):
		return fmt.Errorf("a rota has no frequency %q; write one of %s", value, strings.Join(frequencies, ", "))
	case name == "INTERVAL" || name == "COUNT":
		return checkNumber(name, value)
	}
	return nil
}

func checkNumber(name, value string) error {
	most := maxInterval
	if name == "COUNT" {
		most = Years * 366
	}
	if n, err := strconv.Atoi(value); err != nil || n < 1 || n > most {
		return fmt.Errorf("%s=%s is not a number of days, weeks or months; write 1 to %d", name, value, most)
	}
	return nil
}
