package hsds

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"google.golang.org/protobuf/proto"

	times "github.com/stafett/stafett/pkg/directory/schedule"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

const (
	daily   = handoverv1.Frequency_FREQUENCY_DAILY
	weekly  = handoverv1.Frequency_FREQUENCY_WEEKLY
	monthly = handoverv1.Frequency_FREQUENCY_MONTHLY
	yearly  = handoverv1.Frequency_FREQUENCY_YEARLY
)

// weekdays begin with Sunday, like [time.Weekday].
var weekdays = []string{"SU", "MO", "TU", "WE", "TH", "FR", "SA"}

// asHSDS converts a recurrence to HSDS 3's frequencies, WEEKLY and MONTHLY. Together the
// results have the same days. It returns false if no such conversion exists.
func asHSDS(s *handoverv1.Schedule) ([]*handoverv1.Schedule, bool) {
	s = proto.CloneOf(s)
	if s.Dtstart == "" && (s.GetInterval() > 1 || s.GetCount() > 0) {
		s.Dtstart = s.GetValidFrom()
	}
	switch s.GetFreq() {
	case daily:
		return asWeekly(s), true
	case yearly:
		return asMonthly(s)
	}
	return []*handoverv1.Schedule{s}, true
}

// asWeekly converts a DAILY recurrence. Every n days means each weekday every n weeks, each
// in a week of its own or together with others.
func asWeekly(s *handoverv1.Schedule) []*handoverv1.Schedule {
	s.Freq = weekly
	if len(s.Byday) == 0 && s.Interval <= 1 {
		s.Byday = slices.Concat(weekdays[1:], weekdays[:1])
	}
	if s.Interval <= 1 {
		return []*handoverv1.Schedule{s}
	}
	start, err := time.Parse(time.DateOnly, s.Dtstart)
	if err != nil {
		return nil
	}
	n := int(s.Interval)
	if n%7 == 0 {
		s.Interval, s.Byday = int32(n/7), []string{weekdays[start.Weekday()]}
		return []*handoverv1.Schedule{s}
	}
	if s.Count > 0 {
		s.Until, s.Count = start.AddDate(0, 0, (int(s.Count)-1)*n).Format(time.DateOnly), 0
	}
	s.Wkst = "MO"
	monday := start.AddDate(0, 0, -(int(start.Weekday())+6)%7)
	var all []*handoverv1.Schedule
	ofWeek := map[int]*handoverv1.Schedule{}
	for i := range 7 {
		day := start.AddDate(0, 0, i*n)
		week := int(day.Sub(monday).Hours()/24) / 7 % n
		if ofWeek[week] == nil {
			ofWeek[week] = proto.CloneOf(s)
			ofWeek[week].Dtstart = day.Format(time.DateOnly)
			all = append(all, ofWeek[week])
		}
		if name := weekdays[day.Weekday()]; !slices.Contains(ofWeek[week].Byday, name) {
			ofWeek[week].Byday = append(ofWeek[week].Byday, name)
		}
	}
	return slices.DeleteFunc(all, neverOccurs)
}

func neverOccurs(s *handoverv1.Schedule) bool {
	_, mistakes := times.CheckDays(s)
	return len(mistakes) > 0
}

// asMonthly converts a YEARLY recurrence whose days are the same in each month, or are the
// same day of one month.
func asMonthly(s *handoverv1.Schedule) ([]*handoverv1.Schedule, bool) {
	numbered := slices.ContainsFunc(s.Byday, func(day string) bool { return len(day) > len("MO") })
	bare := len(s.Byday)+len(s.Bymonthday)+len(s.Byyearday) == 0
	switch {
	case bare:
		start, err := time.Parse(time.DateOnly, orElse(s.Dtstart, s.ValidFrom))
		if err != nil {
			return nil, false
		}
		s.Dtstart, s.Bymonthday, s.Interval = start.Format(time.DateOnly), []int32{int32(start.Day())}, 12*max(s.Interval, 1)
		s.Freq = monthly
	case numbered || len(s.Byyearday) > 0 || s.Interval > 1:
		return nil, false
	case len(s.Bymonthday) > 0:
		s.Freq = monthly
	default:
		s.Freq = weekly
	}
	return []*handoverv1.Schedule{s}, true
}

func orElse(text, absent string) string {
	if text == "" {
		return absent
	}
	return text
}

// inWords describes a recurrence for people, where no HSDS field can hold it.
func inWords(s *handoverv1.Schedule) string {
	rule := "FREQ=" + strings.TrimPrefix(s.GetFreq().String(), "FREQUENCY_")
	for _, part := range []struct{ name, value string }{
		{"INTERVAL", number(s.GetInterval())}, {"COUNT", number(s.GetCount())}, {"UNTIL", strings.ReplaceAll(s.GetUntil(), "-", "")},
		{"BYDAY", strings.Join(s.GetByday(), ",")}, {"BYMONTHDAY", joined(s.GetBymonthday())}, {"BYYEARDAY", joined(s.GetByyearday())},
	} {
		if part.value != "" {
			rule += ";" + part.name + "=" + part.value
		}
	}
	text := "Days by RFC 5545: " + rule
	if s.GetDtstart() != "" {
		text += " from " + s.GetDtstart()
	}
	return text
}

func number(n int32) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprint(n)
}
