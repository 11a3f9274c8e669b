package hsds

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/teambition/rrule-go"
	"pgregory.net/rapid"

	times "github.com/stafett/stafett/pkg/directory/schedule"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// drawRecurrence draws a recurrence that a file of lines can contain.
func drawRecurrence(t *rapid.T) *handoverv1.Schedule {
	day := func(label string) string {
		return time.Date(2026, 1, 1+rapid.IntRange(0, 800).Draw(t, label), 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
	}
	maybe := func(label string) bool { return rapid.Bool().Draw(t, label) }
	s := &handoverv1.Schedule{
		Freq:    rapid.SampledFrom([]handoverv1.Frequency{daily, weekly, monthly, yearly}).Draw(t, "freq"),
		OpensAt: "10:00", ClosesAt: "12:00", Interval: int32(rapid.IntRange(0, 15).Draw(t, "interval")),
	}
	if maybe("dtstart?") {
		s.Dtstart = day("dtstart")
	}
	if maybe("valid_from?") {
		s.ValidFrom = day("valid_from")
	}
	switch rapid.IntRange(0, 3).Draw(t, "ends") {
	case 0:
		s.Until = day("until")
	case 1:
		s.Count = int32(rapid.IntRange(1, 40).Draw(t, "count"))
	case 2:
		s.ValidTo = day("valid_to")
	}
	switch rapid.IntRange(0, 6).Draw(t, "days") {
	case 0:
		s.Byday = rapid.SliceOfNDistinct(rapid.SampledFrom(weekdays), 1, 3, rapid.ID).Draw(t, "byday")
	case 1:
		s.Byday = []string{fmt.Sprint(rapid.IntRange(1, 4).Draw(t, "nth"), rapid.SampledFrom(weekdays).Draw(t, "weekday"))}
	case 2:
		s.Bymonthday = []int32{rapid.Int32Range(1, 31).Draw(t, "monthday")}
	case 3:
		s.Byyearday = []int32{rapid.Int32Range(1, 366).Draw(t, "yearday")}
	}
	if maybe("wkst?") {
		s.Wkst = rapid.SampledFrom(weekdays).Draw(t, "wkst")
	}
	return s
}

// The HSDS form has the same days, in HSDS frequencies only, or no days at all.
func TestFrequenciesHaveTheSameDays(t *testing.T) {
	exactly := 0
	rapid.Check(t, func(t *rapid.T) {
		s := drawRecurrence(t)
		if _, mistakes := times.Check(s); len(mistakes) > 0 {
			t.Skip(mistakes)
		}
		written, exact := asHSDS(s)
		for _, w := range written {
			if w.GetFreq() != weekly && w.GetFreq() != monthly {
				t.Fatalf("%v", w)
			}
			if w.GetInterval() > 1 && w.GetDtstart() == "" {
				t.Fatalf("%v has an interval and no dtstart", w)
			}
		}
		if !exact {
			return
		}
		exactly++
		want, got := openDays(s), strings.Repeat(".", years)
		for _, w := range written {
			got = daysByRule(t, w, got)
		}
		if want != got {
			t.Fatalf("%v became %v: another day from %s on", s, written, firstDay.AddDate(0, 0, differs(want, got)))
		}
	})
	if !t.Failed() && exactly == 0 {
		t.Error("none was written")
	}
}

// years is how many days are compared, from firstDay on.
const years = 7 * 366

var firstDay = time.Date(2025, 12, 30, 0, 0, 0, 0, time.UTC)

// openDays returns a letter for each day on which a line with this schedule is open.
func openDays(s *handoverv1.Schedule) string {
	line := &handoverv1.Line{TimeZone: "UTC", Hours: []*handoverv1.Hours{{Channel: handoverv1.Channel_CHANNEL_CHAT, Schedules: []*handoverv1.Schedule{s}}}}
	plan := times.Compile(line, handoverv1.Channel_CHANNEL_CHAT)
	days := []byte(strings.Repeat(".", years))
	for i := range days {
		if plan.OpenAt(firstDay.AddDate(0, 0, i).Add(11 * time.Hour)) {
			days[i] = 'o'
		}
	}
	return string(days)
}

// daysByRule marks the days that any RFC 5545 reader finds.
func daysByRule(t *rapid.T, s *handoverv1.Schedule, marked string) string {
	text := "FREQ=" + strings.TrimPrefix(s.GetFreq().String(), "FREQUENCY_")
	for name, value := range map[string]string{
		"INTERVAL": number(s.GetInterval()), "COUNT": number(s.GetCount()), "UNTIL": strings.ReplaceAll(s.GetUntil(), "-", ""),
		"WKST": s.GetWkst(), "BYDAY": strings.Join(s.GetByday(), ","), "BYMONTHDAY": joined(s.GetBymonthday()),
	} {
		if value != "" {
			text += ";" + name + "=" + value
		}
	}
	option, err := rrule.StrToROption(text)
	if err != nil {
		t.Fatal(err)
	}
	option.Dtstart, _ = time.Parse(time.DateOnly, orElse(orElse(s.GetDtstart(), s.GetValidFrom()), "2000-01-03"))
	rule, err := rrule.NewRRule(*option)
	if err != nil {
		t.Fatal(err)
	}
	days := []byte(marked)
	for _, day := range rule.Between(firstDay, firstDay.AddDate(0, 0, years-1), true) {
		if on := day.Format(time.DateOnly); on >= s.GetValidFrom() && on <= orElse(s.GetValidTo(), "2199-12-31") {
			days[int(day.Sub(firstDay).Hours()/24)] = 'o'
		}
	}
	return string(days)
}

func differs(a, b string) int {
	for i := range a {
		if a[i] != b[i] {
			return i
		}
	}
	return 0
}

func TestFrequenciesByHand(t *testing.T) {
	for name, test := range map[string]struct {
		given *handoverv1.Schedule
		want  string
	}{
		"every day":        {&handoverv1.Schedule{Freq: daily}, "WEEKLY 1 MO,TU,WE,TH,FR,SA,SU "},
		"every second day": {&handoverv1.Schedule{Freq: daily, Interval: 2, Dtstart: "2026-12-01"}, "WEEKLY 2 TU,TH,SA 2026-12-01; WEEKLY 2 MO,WE,FR,SU 2026-12-07"},
		"every week":       {&handoverv1.Schedule{Freq: daily, Interval: 7, Dtstart: "2026-12-01"}, "WEEKLY 1 TU 2026-12-01"},
		"on 24 December":   {&handoverv1.Schedule{Freq: yearly, Dtstart: "2026-12-24"}, "MONTHLY 12  2026-12-24"},
		"on Mondays":       {&handoverv1.Schedule{Freq: yearly, Byday: []string{"MO"}}, "WEEKLY 1 MO "},
		"monthly":          {&handoverv1.Schedule{Freq: monthly, Byday: []string{"1SA"}}, "MONTHLY 1 1SA "},
		"in words":         {&handoverv1.Schedule{Freq: yearly, Byday: []string{"20MO"}, Dtstart: "2026-01-01"}, "Days by RFC 5545: FREQ=YEARLY;BYDAY=20MO from 2026-01-01"},
	} {
		days, exact := daysOf(test.given)
		got := ""
		for i, s := range days {
			if i > 0 {
				got += "; "
			}
			got += fmt.Sprintf("%s %d %s %s", s.Freq, s.Interval, s.Byday, s.Dtstart)
		}
		if !exact {
			got = days[0].Description
		}
		if got != test.want {
			t.Errorf("%s: %s, want %s", name, got, test.want)
		}
	}
}
