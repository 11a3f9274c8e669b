package schedule

import (
	"flag"
	"testing"
	"time"

	"pgregory.net/rapid"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// everyMinute checks each minute of the ten years instead of a sample, which takes a minute
// or two:
//
//	go test ./pkg/directory/schedule -run EveryMinute -every-minute
var everyMinute = flag.Bool("every-minute", false, "compare with the oracle at each minute of ten years")

const chat = handoverv1.Channel_CHANNEL_CHAT

// The ten years include both changes of the clocks in each year.
var tenYears, tenYearsLater = time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)

func drawDate(t *rapid.T, label string) string {
	day := rapid.IntRange(0, 3700).Draw(t, label)
	return tenYears.AddDate(0, 0, day).Format(time.DateOnly)
}

func drawMinutes(t *rapid.T) (opens, closes int32) {
	opens = rapid.Int32Range(0, 1439).Draw(t, "opens")
	return opens, opens + rapid.Int32Range(1, 1439).Draw(t, "length")
}

// drawSchedule draws until it gets a valid schedule.
func drawSchedule(t *rapid.T) *handoverv1.Schedule {
	return rapid.Custom(drawAny).Filter(func(s *handoverv1.Schedule) bool {
		_, mistakes := Check(s)
		return len(mistakes) == 0
	}).Draw(t, "schedule")
}

func drawAny(t *rapid.T) *handoverv1.Schedule {
	opens, closes := drawMinutes(t)
	s := &handoverv1.Schedule{
		Freq:    handoverv1.Frequency(rapid.IntRange(1, 4).Draw(t, "freq")),
		Wkst:    rapid.SampledFrom([]string{"", "MO", "SU", "WE"}).Draw(t, "wkst"),
		OpensAt: Clock(opens), ClosesAt: Clock(closes),
		Timezone: rapid.SampledFrom([]string{"", "", "", "Europe/London", "America/New_York", "Asia/Tokyo"}).Draw(t, "timezone"),
	}
	if rapid.Bool().Draw(t, "starts") {
		s.Dtstart = drawDate(t, "dtstart")
		s.Interval = rapid.Int32Range(0, 4).Draw(t, "interval")
		s.Count = rapid.SampledFrom([]int32{0, 0, 1, 5, 400}).Draw(t, "count")
	}
	switch rapid.IntRange(0, 3).Draw(t, "valid") {
	case 0:
		s.ValidFrom = drawDate(t, "valid_from")
	case 1:
		s.ValidTo = drawDate(t, "valid_to")
	case 2:
		s.Until = drawDate(t, "until")
	}
	switch rapid.IntRange(0, 4).Draw(t, "days") {
	case 0:
		s.Byday = rapid.SliceOfNDistinct(rapid.SampledFrom(oracleNames), 1, 4, rapid.ID).Draw(t, "byday")
	case 1:
		s.Byday = rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"1SA", "-1FR", "3MO", "+2TU", "5SU", "-5TH", "20WE", "-53FR"}), 1, 2, rapid.ID).Draw(t, "numbered")
	case 2:
		s.Bymonthday = rapid.SliceOfNDistinct(rapid.SampledFrom([]int32{1, 13, 28, 29, 31, -1, -2, -31}), 1, 3, rapid.ID).Draw(t, "bymonthday")
	case 3:
		s.Byyearday = rapid.SliceOfNDistinct(rapid.SampledFrom([]int32{1, 60, 100, 366, -1, -366}), 1, 3, rapid.ID).Draw(t, "byyearday")
	}
	return s
}

func drawException(t *rapid.T) *handoverv1.ScheduleException {
	e := &handoverv1.ScheduleException{}
	switch rapid.IntRange(0, 2).Draw(t, "exception") {
	case 0:
		e.Dates = []string{drawDate(t, "date"), drawDate(t, "date")}
	case 1:
		e.Recurrence = drawSchedule(t)
	case 2:
		e.Holidays = rapid.SampledFrom([]string{"NO", "DK"}).Draw(t, "country")
	}
	for range rapid.IntRange(0, 2).Draw(t, "hours") {
		opens, closes := drawMinutes(t)
		e.Hours = append(e.Hours, &handoverv1.TimeOfDay{OpensMinute: opens, ClosesMinute: closes})
	}
	return e
}

func drawLine(t *rapid.T) *handoverv1.Line {
	clear(fallen)
	hours := &handoverv1.Hours{Channel: chat}
	for range rapid.IntRange(0, 2).Draw(t, "windows") {
		opens, closes := drawMinutes(t)
		days := rapid.SliceOfNDistinct(rapid.Int32Range(1, 7), 1, 7, rapid.ID).Draw(t, "weekdays")
		hours.Windows = append(hours.Windows, &handoverv1.Window{Weekdays: days, OpensMinute: opens, ClosesMinute: closes})
	}
	for range rapid.IntRange(0, 2).Draw(t, "schedules") {
		hours.Schedules = append(hours.Schedules, drawSchedule(t))
	}
	line := &handoverv1.Line{TimeZone: rapid.SampledFrom([]string{"Europe/Oslo", "Europe/Copenhagen"}).Draw(t, "zone"), Hours: []*handoverv1.Hours{hours}}
	for range rapid.IntRange(0, 2).Draw(t, "exceptions") {
		line.Exceptions = append(line.Exceptions, drawException(t))
	}
	return line
}

// drawInstant draws one instant in three from the hours around a change of the clocks.
func drawInstant(t *rapid.T) time.Time {
	minutes := int(tenYearsLater.Sub(tenYears).Minutes())
	at := tenYears.Add(time.Duration(rapid.IntRange(0, minutes).Draw(t, "minute")) * time.Minute)
	if rapid.IntRange(0, 2).Draw(t, "change") > 0 {
		return at.Add(time.Duration(rapid.IntRange(0, 59).Draw(t, "second")) * time.Second)
	}
	last := oracleDay(at.Year(), rapid.SampledFrom([]time.Month{3, 10}).Draw(t, "month")+1, 0)
	sunday := last.AddDate(0, 0, -int(last.Weekday()))
	return sunday.Add(time.Duration(rapid.IntRange(-3*60, 5*60).Draw(t, "around")) * time.Minute)
}

func TestOpenAtIsWhatTheOracleSays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		line := drawLine(t)
		plan := Compile(line, chat)
		for range 50 {
			at := drawInstant(t)
			if got, want := plan.OpenAt(at), oracleOpen(line, chat, at); got != want {
				t.Fatalf("at %s: open is %t\n%v", at, got, line)
			}
		}
	})
}

// The next opening is the first minute at which the oracle is open, and its end is the first
// minute at which the oracle is closed.
func TestNextAndUntilAreWhatTheOracleSays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		line := drawLine(t)
		plan := Compile(line, chat)
		at := drawInstant(t).Truncate(time.Minute)
		if next, ok := plan.Next(at); !ok {
			checkStays(t, line, at, false, 14*24*time.Hour)
		} else {
			checkStays(t, line, at, false, next.Sub(at))
			checkTurns(t, line, next, true)
		}
		until, closes := plan.Until(at)
		switch {
		case closes:
			checkStays(t, line, at, true, until.Sub(at))
			checkTurns(t, line, until, false)
		case plan.OpenAt(at):
			checkStays(t, line, at, true, soon)
		}
	})
}

func checkStays(t *rapid.T, line *handoverv1.Line, at time.Time, open bool, during time.Duration) {
	for minute := at; minute.Before(at.Add(during)); minute = minute.Add(time.Minute) {
		if oracleOpen(line, chat, minute) != open {
			t.Fatalf("from %s for %s: not so at %s\n%v", at, during, minute, line)
		}
	}
}

func checkTurns(t *rapid.T, line *handoverv1.Line, at time.Time, open bool) {
	if oracleOpen(line, chat, at) != open {
		t.Fatalf("at %s it does not turn\n%v", at, line)
	}
}

// TestEveryMinute is the long form, for a line that uses everything.
func TestEveryMinute(t *testing.T) {
	if !*everyMinute {
		t.Skip("takes a minute; give -every-minute")
	}
	for _, zone := range []string{"Europe/Oslo", "Europe/Copenhagen"} {
		clear(fallen)
		line := full(zone)
		plan := Compile(line, chat)
		for at := tenYears; at.Before(tenYearsLater); at = at.Add(time.Minute) {
			if plan.OpenAt(at) != oracleOpen(line, chat, at) {
				t.Fatalf("%s: differs at %s", zone, at)
			}
		}
	}
}

// full returns a line with a full schedule of its own.
func full(zone string) *handoverv1.Line {
	const monthly, yearly, weekly = handoverv1.Frequency_FREQUENCY_MONTHLY, handoverv1.Frequency_FREQUENCY_YEARLY, handoverv1.Frequency_FREQUENCY_WEEKLY
	return &handoverv1.Line{
		TimeZone: zone,
		Hours: []*handoverv1.Hours{{
			Channel: chat,
			Windows: []*handoverv1.Window{
				{Weekdays: []int32{1, 2, 3, 4, 7}, OpensMinute: 15 * 60, ClosesMinute: 21 * 60},
				{Weekdays: []int32{5}, OpensMinute: 20 * 60, ClosesMinute: 26*60 + 30},
			},
			Schedules: []*handoverv1.Schedule{
				{Freq: monthly, Byday: []string{"1SA"}, OpensAt: "10:00", ClosesAt: "12:00"},
				{Freq: weekly, Interval: 2, Byday: []string{"SA"}, Dtstart: "2020-01-04", OpensAt: "22:00", ClosesAt: "02:30"},
			},
		}},
		Exceptions: []*handoverv1.ScheduleException{
			{Holidays: "NO"},
			{Recurrence: &handoverv1.Schedule{Freq: yearly, Dtstart: "2020-12-24"}, Hours: []*handoverv1.TimeOfDay{{OpensMinute: 10 * 60, ClosesMinute: 13 * 60}}},
			{Dates: []string{"2026-03-28"}, Hours: []*handoverv1.TimeOfDay{{OpensMinute: 23 * 60, ClosesMinute: 26*60 + 30}}},
		},
	}
}

// The library's days equal the oracle's, on every day of a year.
func TestDaysAreWhatTheOracleSays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		clear(fallen)
		s := drawSchedule(t)
		days, err := recurrenceOf(s)
		if err != nil {
			t.Fatal(err)
		}
		year := rapid.IntRange(2019, 2031).Draw(t, "year")
		for d := oracleDay(year, 1, 1); d.Year() == year; d = d.AddDate(0, 0, 1) {
			if got, want := days.has(dateOf(d)), oracleFalls(s, d); got != want {
				t.Fatalf("%s: %t\n%v", d.Format(time.DateOnly), got, s)
			}
		}
	})
}
