package rota

import (
	"fmt"
	"strings"
	"testing"
)

// What the covers alone do not show: which events count, and the outcome of each.
func TestImportTellsOfEachEvent(t *testing.T) {
	rota, now := parsed(t, small), at(t, "2026-01-02 12:00") // b has the 2nd, c the 3rd, a the 4th
	allDay := func(date string, lines ...string) []string {
		return append([]string{"DTSTAMP:20260101T100000Z", "DTSTART;VALUE=DATE:" + date}, lines...)
	}
	for name, test := range map[string]struct {
		text   string
		covers string
		want   []string
	}{
		"days by duration": {calendarOf(vevent("1", allDay("20260102", "SUMMARY:a", "DURATION:P3D")...)),
			"2026-01-02:a 2026-01-03:a", []string{"3: 1 COVERS 2 of 3, 2026-01-02 18:00 to 2026-01-04 21:00"}},
		"a week": {calendarOf(vevent("1", allDay("20260102", "SUMMARY:b", "DURATION:P1W")...)),
			"2026-01-03:b 2026-01-04:b 2026-01-06:b 2026-01-07:b", []string{"3: 1 COVERS 4 of 7, 2026-01-02 18:00 to 2026-01-08 21:00"}},
		"hours by duration": {calendarOf(vevent("1", "SUMMARY:a", "DTSTART:20260102T170000Z", "DURATION:PT3H")),
			"2026-01-02:a", []string{"3: 1 COVERS 1 of 1, 2026-01-02 18:00 to 2026-01-02 21:00"}},
		"folded in a letter": {calendarOf(vevent("1", allDay("20260102", "SUMMARY:\n A\n d")...)),
			"2026-01-02:a", []string{"3: 1 COVERS 1 of 1, 2026-01-02 18:00 to 2026-01-02 21:00"}},
		"as it is": {calendarOf(vevent("1", allDay("20260102", "SUMMARY:b")...)),
			"", []string{"3: 1 SAME 0 of 1, 2026-01-02 18:00 to 2026-01-02 21:00"}},
		"a cancelled calendar": {strings.Replace(calendarOf(vevent("1", allDay("20260102", "SUMMARY:a")...)), "VERSION:2.0", "METHOD:CANCEL", 1),
			"", []string{"3: 1 CANCELLED"}},
		"cancelled without more": {calendarOf(vevent("1", "Status:canceled")), "", []string{"3: 1 CANCELLED"}},
		"not firm": {calendarOf(vevent("1", allDay("20260102", "SUMMARY:a", "STATUS:tentative")...), vevent("2", allDay("20260103", "SUMMARY:a", "TRANSP:TRANSPARENT")...)),
			"", []string{"3: 1 TENTATIVE", "10: 2 TRANSPARENT"}},
		"moved": {calendarOf(vevent("1", allDay("20260102", "SUMMARY:a")...), vevent("1", allDay("20260103", "SUMMARY:a", "SEQUENCE:1")...)),
			"2026-01-03:a", []string{"3: 1 SUPERSEDED by 9", "9: 1 COVERS 1 of 1, 2026-01-03 18:00 to 2026-01-03 21:00"}},
		"moved, then cancelled": {calendarOf(vevent("1", allDay("20260102", "SUMMARY:a", "SEQUENCE:3", "STATUS:CANCELLED")...), vevent("1", allDay("20260103", "SUMMARY:a", "SEQUENCE:2")...)),
			"", []string{"3: 1 CANCELLED", "11: 1 SUPERSEDED by 3"}},
		"an older one that names nobody known": {calendarOf(vevent("1", allDay("20260102", "SUMMARY:x")...), vevent("1", allDay("20260102", "SUMMARY:a", "SEQUENCE:1")...)),
			"2026-01-02:a", []string{"3: 1 SUPERSEDED by 9", "9: 1 COVERS 1 of 1, 2026-01-02 18:00 to 2026-01-02 21:00"}},
		"one instance": {calendarOf(vevent("1", allDay("20260102", "SUMMARY:a", "RECURRENCE-ID;VALUE=DATE:20260109")...)),
			"2026-01-02:a", []string{"3: 1 COVERS 1 of 1, 2026-01-02 18:00 to 2026-01-02 21:00"}},
	} {
		t.Run(name, func(t *testing.T) {
			done, err := rota.Import("c.ics", []byte(test.text), now)
			if err != nil {
				t.Fatal(err)
			}
			var covers, told []string
			for _, cover := range done.Covers {
				covers = append(covers, fmt.Sprintf("%s:%s", cover.Date, cover.Unit))
			}
			for _, o := range done.Events {
				told = append(told, toldOf(o))
			}
			if got := strings.Join(covers, " "); got != test.covers {
				t.Errorf("covers %s, want %s", got, test.covers)
			}
			if got, want := strings.Join(told, "\n"), strings.Join(test.want, "\n"); got != want {
				t.Errorf("told\n%s\nwant\n%s", got, want)
			}
		})
	}
}

func toldOf(o Outcome) string {
	told := fmt.Sprintf("%d: %s %s", o.Line, o.UID, o.Result)
	if o.Newer > 0 {
		told += fmt.Sprintf(" by %d", o.Newer)
	}
	if o.Shifts > 0 {
		const layout = "2006-01-02 15:04"
		told += fmt.Sprintf(" %d of %d, %s to %s", o.Changed, o.Shifts, o.From.Format(layout), o.Until.Format(layout))
	}
	return told
}

// A rota across midnight and a change of the clocks: all-day events name the days on which
// shifts begin, and times are instants.
func TestImportWhereClocksChange(t *testing.T) {
	night := parsed(t, strings.Replace(small, "18:00-21:00", "22:00-06:00", 1))
	now := at(t, "2026-01-02 12:00")
	for name, event := range map[string]string{
		"a day":            vevent("1", "SUMMARY:nobody", "DTSTART;VALUE=DATE:20260328"),
		"a day long":       vevent("1", "SUMMARY:nobody", "DTSTART;VALUE=DATE:20260328", "DURATION:P1D"),
		"on the clock":     vevent("1", "SUMMARY:nobody", "DTSTART;TZID=Europe/Copenhagen:20260328T220000", "DTEND;TZID=Europe/Copenhagen:20260329T060000"),
		"seven hours":      vevent("1", "SUMMARY:nobody", "DTSTART;TZID=Europe/Copenhagen:20260328T220000", "DURATION:PT7H"),
		"in UTC":           vevent("1", "SUMMARY:nobody", "DTSTART:20260328T210000Z", "DTEND:20260329T040000Z"),
		"from elsewhere":   vevent("1", "SUMMARY:nobody", "DTSTART;TZID=Atlantic/Faroe:20260328T210000", "DTEND;TZID=Europe/Helsinki:20260329T070000"),
		"longer in autumn": vevent("1", "SUMMARY:nobody", "DTSTART:20261024T220000", "DURATION:PT9H"),
	} {
		done, err := night.Import("c.ics", []byte(calendarOf(event)), now)
		if err != nil || len(done.Covers) != 1 || done.Covers[0].Unit != Nobody {
			t.Errorf("%s: %+v, %v", name, done, err)
		}
	}
}
