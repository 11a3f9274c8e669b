package hsds

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	times "github.com/stafett/stafett/pkg/directory/schedule"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

var frequencyNamed = map[string]handoverv1.Frequency{"WEEKLY": weekly, "MONTHLY": monthly}

// recurrence reads the days of a schedule.
func recurrence(s schedule) (*handoverv1.Schedule, error) {
	freq, known := frequencyNamed[s.Freq]
	days, err := numbers(s.Bymonthday)
	switch {
	case len(s.Timezone) > 0 && string(s.Timezone) != "null":
		return nil, fmt.Errorf("its timezone is an offset from UTC (%s), and most zones change theirs twice a year; write its hours in local time", s.Timezone)
	case s.Freq == "":
		return nil, errors.New("it has no freq, so its days are unknown")
	case !known:
		return nil, fmt.Errorf("its freq %q is not of HSDS 3, which has WEEKLY and MONTHLY", s.Freq)
	case s.Byweekno != "" || s.Byyearday != "":
		return nil, errors.New("its byweekno or byyearday does not go with WEEKLY and MONTHLY hours of a line")
	case err != nil:
		return nil, fmt.Errorf("its bymonthday: %w", err)
	}
	return asYearly(&handoverv1.Schedule{
		Freq: freq, Interval: s.Interval, Byday: list(s.Byday), Bymonthday: days, Dtstart: s.Dtstart, Until: s.Until,
		Count: s.Count, Wkst: s.Wkst, ValidFrom: s.ValidFrom, ValidTo: s.ValidTo,
	}), nil
}

// asYearly converts a recurrence of whole years, which HSDS can only write as one of months.
// Package schedule accepts some days, such as 31 December, only in the yearly form.
func asYearly(s *handoverv1.Schedule) *handoverv1.Schedule {
	start, err := time.Parse(time.DateOnly, s.Dtstart)
	years := s.Interval / 12
	if err == nil && s.Freq == monthly && years > 0 && s.Interval == 12*years && len(s.Byday) == 0 && slices.Equal(s.Bymonthday, []int32{int32(start.Day())}) {
		s.Freq, s.Interval, s.Bymonthday = yearly, years, nil
	}
	return s
}

func list(text string) (all []string) {
	for member := range strings.SplitSeq(text, ",") {
		if member = strings.TrimSpace(member); member != "" {
			all = append(all, member)
		}
	}
	return all
}

func numbers(text string) (all []int32, err error) {
	for _, member := range list(text) {
		n, err := strconv.ParseInt(member, 10, 8)
		if err != nil {
			return nil, fmt.Errorf("%q is not a day", member)
		}
		all = append(all, int32(n))
	}
	return all, nil
}

// times reads the times of day. HSDS leaves open what closing before opening means.
func (s schedule) times(end string) (opens, closes string, err error) {
	if opens, err = clock(s.OpensAt); err != nil {
		return "", "", err
	}
	if closes, err = clock(s.ClosesAt); err != nil {
		return "", "", err
	}
	if end == tillMidnight && closes == "23:59" {
		closes = "24:00"
	}
	if closes <= opens && end != untilMorning {
		return "", "", fmt.Errorf("it closes at %s, before it opens at %s; if that is on the next day, write its hours", closes, opens)
	}
	_, _, err = times.ParseTimes(opens, closes)
	return opens, closes, err
}

var clockTime = regexp.MustCompile(`^(\d\d:\d\d)(?::00)?$`)

// clock reads a local time of day.
func clock(text string) (string, error) {
	found := clockTime.FindStringSubmatch(text)
	if found == nil {
		return "", fmt.Errorf("%q is not a local time of day in whole minutes, such as 22:00; an offset from UTC would be wrong for half the year in most zones", text)
	}
	return found[1], nil
}
