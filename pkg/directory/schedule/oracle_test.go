package schedule

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// The oracle answers the same questions slowly and in another way: it walks through the days
// of the calendar in local time, and uses neither wall time nor the libraries.

// oracleOpen checks everything that opens today or yesterday.
func oracleOpen(line *handoverv1.Line, channel handoverv1.Channel, at time.Time) bool {
	for _, hours := range line.GetHours() {
		if hours.GetChannel() != channel {
			continue
		}
		zone := oracleZone(line.GetTimeZone())
		for _, w := range hours.GetWindows() {
			falls := func(d time.Time) bool { return slices.Contains(w.GetWeekdays(), (int32(d.Weekday())+6)%7+1) }
			if oracleHolds(line, channel, at.In(zone), falls, w.GetOpensMinute(), w.GetClosesMinute()) {
				return true
			}
		}
		for _, s := range hours.GetSchedules() {
			own := zone
			if s.GetTimezone() != "" {
				own = oracleZone(s.GetTimezone())
			}
			opens, closes := oracleClock(s.GetOpensAt()), oracleClock(s.GetClosesAt())
			if closes <= opens {
				closes += 1440
			}
			if oracleHolds(line, channel, at.In(own), func(d time.Time) bool { return oracleFalls(s, d) }, opens, closes) {
				return true
			}
		}
	}
	return oracleSpecial(line, channel, at)
}

func oracleHolds(line *handoverv1.Line, channel handoverv1.Channel, local time.Time, falls func(time.Time) bool, opens, closes int32) bool {
	shows := int32(local.Hour()*60 + local.Minute())
	today := oracleDay(local.Year(), local.Month(), local.Day())
	for back, minute := range []int32{shows, shows + 1440} {
		d := today.AddDate(0, 0, -back)
		if falls(d) && opens <= minute && minute < closes && oracleException(line, channel, d) == nil {
			return true
		}
	}
	return false
}

// oracleSpecial checks the hours of exceptions.
func oracleSpecial(line *handoverv1.Line, channel handoverv1.Channel, at time.Time) bool {
	zone := oracleZone(line.GetTimeZone())
	local := at.In(zone)
	shows := int32(local.Hour()*60 + local.Minute())
	today := oracleDay(local.Year(), local.Month(), local.Day())
	for back, minute := range []int32{shows, shows + 1440} {
		for _, hours := range oracleException(line, channel, today.AddDate(0, 0, -back)).GetHours() {
			if hours.GetOpensMinute() <= minute && minute < hours.GetClosesMinute() {
				return true
			}
		}
	}
	return false
}

// oracleException makes three passes: for dates, recurrences and holidays.
func oracleException(line *handoverv1.Line, channel handoverv1.Channel, d time.Time) *handoverv1.ScheduleException {
	for _, on := range []func(e *handoverv1.ScheduleException) bool{
		func(e *handoverv1.ScheduleException) bool {
			return slices.Contains(e.GetDates(), d.Format("2006-01-02"))
		},
		func(e *handoverv1.ScheduleException) bool {
			return e.GetRecurrence() != nil && oracleFalls(e.GetRecurrence(), d)
		},
		func(e *handoverv1.ScheduleException) bool { return oracleHoliday(e.GetHolidays(), d) },
	} {
		for _, e := range line.GetExceptions() {
			if (len(e.GetChannels()) == 0 || slices.Contains(e.GetChannels(), channel)) && on(e) {
				return e
			}
		}
	}
	return nil
}

func oracleDay(year int, month time.Month, day int) time.Time {
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
}

func oracleDate(text, absent string) time.Time {
	if text == "" {
		text = absent
	}
	d, err := time.Parse("2006-01-02", text)
	if err != nil {
		panic(err)
	}
	return d
}

func oracleClock(text string) int32 {
	hours, _ := strconv.Atoi(text[:2])
	minutes, _ := strconv.Atoi(text[3:])
	return int32(hours*60 + minutes)
}

var oracleZones = map[string]*time.Location{}

func oracleZone(name string) *time.Location {
	if oracleZones[name] == nil {
		oracleZones[name], _ = time.LoadLocation(name)
	}
	return oracleZones[name]
}

type fall struct {
	schedule *handoverv1.Schedule
	day      time.Time
}

// fallen caches oracleFalls for the minutes of the same day.
var fallen = map[fall]bool{}

func oracleFalls(s *handoverv1.Schedule, d time.Time) bool {
	falls, known := fallen[fall{s, d}]
	if !known {
		falls = oracleFallsOn(s, d)
		fallen[fall{s, d}] = falls
	}
	return falls
}

// oracleFallsOn walks from the first day if occurrences are counted, and otherwise examines
// the day alone.
func oracleFallsOn(s *handoverv1.Schedule, d time.Time) bool {
	start := oracleDate(cmp.Or(s.GetDtstart(), s.GetValidFrom()), "2000-01-03")
	if d.Before(start) || d.Before(oracleDate(s.GetValidFrom(), "2000-01-01")) ||
		d.After(oracleDate(s.GetValidTo(), "2199-12-31")) || d.After(oracleDate(s.GetUntil(), "2199-12-31")) || !oracleMatches(s, start, d) {
		return false
	}
	if s.GetCount() == 0 {
		return true
	}
	var count int32
	for at := start; !at.After(d); at = at.AddDate(0, 0, 1) {
		if oracleMatches(s, start, at) {
			count++
		}
	}
	return count <= s.GetCount()
}

func oracleMatches(s *handoverv1.Schedule, start, d time.Time) bool {
	return oraclePeriods(s, start, d)%int(max(1, s.GetInterval())) == 0 && oracleDays(s, start, d)
}

// oraclePeriods returns how many periods lie between the first day's and a day's.
func oraclePeriods(s *handoverv1.Schedule, start, d time.Time) int {
	switch s.GetFreq() {
	case handoverv1.Frequency_FREQUENCY_DAILY:
		return int(d.Sub(start).Hours()) / 24
	case handoverv1.Frequency_FREQUENCY_WEEKLY:
		return int(oracleWeek(s, d).Sub(oracleWeek(s, start)).Hours()) / 24 / 7
	case handoverv1.Frequency_FREQUENCY_MONTHLY:
		return (d.Year()-start.Year())*12 + int(d.Month()) - int(start.Month())
	}
	return d.Year() - start.Year()
}

var oracleNames = []string{"SU", "MO", "TU", "WE", "TH", "FR", "SA"}

// oracleWeek walks back to the first day of the week.
func oracleWeek(s *handoverv1.Schedule, d time.Time) time.Time {
	first := s.GetWkst()
	if first == "" {
		first = "MO"
	}
	for oracleNames[d.Weekday()] != first {
		d = d.AddDate(0, 0, -1)
	}
	return d
}

func oracleDays(s *handoverv1.Schedule, start, d time.Time) bool {
	if len(s.GetByday())+len(s.GetBymonthday())+len(s.GetByyearday()) == 0 {
		switch s.GetFreq() {
		case handoverv1.Frequency_FREQUENCY_WEEKLY:
			return d.Weekday() == start.Weekday()
		case handoverv1.Frequency_FREQUENCY_MONTHLY:
			return d.Day() == start.Day()
		case handoverv1.Frequency_FREQUENCY_YEARLY:
			return d.Day() == start.Day() && d.Month() == start.Month()
		}
		return true
	}
	months := oracleDay(d.Year(), d.Month()+1, 0).Day()
	years := oracleDay(d.Year(), 12, 31).YearDay()
	return (len(s.GetByday()) == 0 || slices.ContainsFunc(s.GetByday(), func(text string) bool { return oracleByday(s, text, d) })) &&
		(len(s.GetBymonthday()) == 0 || oracleNumber(s.GetBymonthday(), d.Day(), months)) &&
		(len(s.GetByyearday()) == 0 || oracleNumber(s.GetByyearday(), d.YearDay(), years))
}

func oracleNumber(numbers []int32, number, of int) bool {
	return slices.Contains(numbers, int32(number)) || slices.Contains(numbers, int32(number-of-1))
}

// oracleByday counts the same weekdays of the period before and after the day.
func oracleByday(s *handoverv1.Schedule, text string, d time.Time) bool {
	if text[len(text)-2:] != oracleNames[d.Weekday()] {
		return false
	}
	if len(text) == 2 {
		return true
	}
	same := func(other time.Time) bool {
		return other.Year() == d.Year() && (s.GetFreq() == handoverv1.Frequency_FREQUENCY_YEARLY || other.Month() == d.Month())
	}
	before, after := 1, -1
	for at := d.AddDate(0, 0, -7); same(at); at = at.AddDate(0, 0, -7) {
		before++
	}
	for at := d.AddDate(0, 0, 7); same(at); at = at.AddDate(0, 0, 7) {
		after--
	}
	number, _ := strconv.Atoi(text[:len(text)-2])
	return number == before || number == after
}

// oracleHoliday encodes the laws: fixed days of the year, and days counted from Easter
// Sunday.
func oracleHoliday(country string, d time.Time) bool {
	fixed := map[string][]string{"NO": {"01-01", "05-01", "05-17", "12-25", "12-26"}, "DK": {"01-01", "06-05", "12-25", "12-26"}}
	moving := map[string][]int{"NO": {-3, -2, 0, 1, 39, 49, 50}, "DK": {-3, -2, 0, 1, 39, 49, 50}}
	after := int(d.Sub(oracleEaster(d.Year())).Hours()) / 24
	if country == "DK" && d.Year() < 2024 && after == 26 {
		return true // store bededag
	}
	return slices.Contains(fixed[country], d.Format("01-02")) || slices.Contains(moving[country], after)
}

// oracleEaster is Gauss's rule with its two exceptions.
func oracleEaster(year int) time.Time {
	a, b, c := year%19, year%4, year%7
	k := year / 100
	m := (15 - (13+8*k)/25 + k - k/4) % 30
	n := (4 + k - k/4) % 7
	d := (19*a + m) % 30
	e := (2*b + 4*c + 6*d + n) % 7
	if d == 29 && e == 6 || d == 28 && e == 6 && (11*m+11)%30 < 19 {
		e -= 7
	}
	return oracleDay(year, 3, 22+d+e)
}
