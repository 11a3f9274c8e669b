package hsds

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

const (
	insteadOf    = "Instead of the regular hours"
	untilMorning = "Closes on the next day."
	tillMidnight = "Open until midnight."
)

// sentences match what this package writes into descriptions, and nothing else.
var sentences = regexp.MustCompile(`^Local time in ([A-Za-z0-9/_+-]+)\.(?: (` + insteadOf + `)(?:: closed)? \(([A-Z_]+)\)\.)?(?: (Closes on the next day\.|Open until midnight\.))?$`)

// said is what a description says in the words of this package.
type said struct {
	zone, reason, end string
	special           bool
}

func (s schedule) said() (said, bool) {
	found := sentences.FindStringSubmatch(s.Description)
	if found == nil {
		return said{special: strings.Contains(s.Description, insteadOf)}, false
	}
	return said{found[1], found[3], found[4], found[2] != ""}, true
}

// schedules reads hours and the days that deviate from them.
func (r *reading) schedules() {
	for _, s := range r.service.Schedules {
		words, ours := s.said()
		read := r.regular
		if words.special {
			read = r.special
		}
		switch err := read(s, words); {
		case err != nil:
			r.leaveOut("schedule %s: %v", s.ID, err)
		case s.Description != "" && !ours:
			r.leaveOut("schedule %s: its description %q", s.ID, s.Description)
		}
	}
	if len(r.entry.Hours) == 0 {
		r.miss("hours")
	}
	r.joinDates()
}

// regular reads hours that recur.
func (r *reading) regular(s schedule, words said) error {
	if s.OpensAt == "" && s.ClosesAt == "" {
		r.unsure = true
		return errors.New("it has no times; if the line is closed then, write that in exceptions")
	}
	channels, err := r.channels(s)
	if err != nil {
		return err
	}
	if len(channels) == 0 {
		return errors.New("it does not say for which channel it is")
	}
	recurring, err := recurrence(s)
	if err != nil {
		return err
	}
	if recurring.OpensAt, recurring.ClosesAt, err = s.times(words.end); err != nil {
		return err
	}
	rule, err := checked(recurring)
	if err != nil {
		return err
	}
	r.zones = append(r.zones, words.zone)
	for _, channel := range channels {
		r.addHours(channel, open{rule, recurring.OpensAt, recurring.ClosesAt, words.zone, text(s.Notes)})
	}
	return nil
}

func (r *reading) addHours(channel string, hours open) {
	if r.entry.Hours == nil {
		r.entry.Hours = map[string][]open{}
	}
	r.entry.Hours[channel] = append(r.entry.Hours[channel], hours)
}

// channels reads for which channels a schedule is: none if it does not say.
func (r *reading) channels(s schedule) ([]string, error) {
	if s.AttendingType == "" {
		if r.given.Channel == handoverv1.Channel_CHANNEL_UNSPECIFIED {
			return nil, nil
		}
		return []string{channel(r.given.Channel)}, nil
	}
	channels := strings.Split(s.AttendingType, ", ")
	for _, name := range channels {
		if !slices.Contains([]string{"chat", "phone", "sms", "email"}, name) {
			return nil, fmt.Errorf("its attending_type %q is not chat, phone, sms or email", s.AttendingType)
		}
	}
	return channels, nil
}
