package schedule

import (
	"errors"
	"fmt"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// Mistake says why a schedule is invalid and what to write instead.
type Mistake struct {
	// Field is the field with the mistake, or empty if it involves several.
	Field string
	Text  string
}

func (m *Mistake) Error() string { return m.Text }

func wrong(field, format string, args ...any) error {
	return &Mistake{field, fmt.Sprintf(format, args...)}
}

// Check parses a schedule for comparison with others. It returns nil if there are mistakes.
// Its work is bounded for any input.
func Check(s *handoverv1.Schedule) (*Member, []*Mistake) {
	member, mistakes := CheckDays(s)
	opens, closes, err := ParseTimes(s.GetOpensAt(), s.GetClosesAt())
	if err != nil {
		mistakes = append(mistakes, &Mistake{"opens_at", err.Error()})
	}
	if name := s.GetTimezone(); name != "" && Zone(name) == nil {
		mistakes = append(mistakes, &Mistake{"timezone", fmt.Sprintf("time zone %q is not known; write an IANA name, for example Europe/Oslo", name)})
	}
	if len(mistakes) > 0 {
		return nil, mistakes
	}
	member.opens, member.closes = opens, closes
	return member, nil
}

// CheckDays is [Check] for a recurrence of days without times: each day counts in full.
func CheckDays(s *handoverv1.Schedule) (*Member, []*Mistake) {
	r, err := recurrenceOf(s)
	if err == nil {
		err = r.checkComes()
	}
	if err != nil {
		return nil, mistakesIn(err)
	}
	first := max(r.from, dateOf(r.option.Dtstart))
	last := min(r.to, dateOf(r.option.Until))
	return &Member{window{r, 0, dayMins}, s.GetTimezone(), first, last}, nil
}

// mistakesIn splits joined errors.
func mistakesIn(err error) []*Mistake {
	var mistake *Mistake
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		var all []*Mistake
		for _, one := range joined.Unwrap() {
			all = append(all, mistakesIn(one)...)
		}
		return all
	}
	if errors.As(err, &mistake) {
		return []*Mistake{mistake}
	}
	return []*Mistake{{"", err.Error() + "; correct it by RFC 5545"}}
}
