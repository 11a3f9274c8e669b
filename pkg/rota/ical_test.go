package rota

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stafett/stafett/pkg/rota/ical"
	"pgregory.net/rapid"
)

// imported returns the covers of a calendar.
func imported(r *Rota, text string, now time.Time) ([]Cover, error) {
	done, err := r.Import("c.ics", []byte(text), now)
	if err != nil {
		return nil, err
	}
	return done.Covers, nil
}

func export(t testing.TB, rota *Rota, from, until time.Time, lang string) string {
	t.Helper()
	var text bytes.Buffer
	if err := rota.Export(&text, from, until, lang, at(t, "2026-01-01 12:00")); err != nil {
		t.Fatal(err)
	}
	return text.String()
}

func TestExport(t *testing.T) {
	now := at(t, "2026-01-02 19:30")
	rota := with(t, Brus(), Change{now, "x", Sick{"herning", now, at(t, "2026-01-03 08:00")}},
		Change{now, "x", Cover{Date: DateOf(now) + 1, Unit: Nobody}})
	want := strings.ReplaceAll(`BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Stafett//rota//EN
METHOD:PUBLISH
X-WR-CALNAME:brus
X-WR-TIMEZONE:Europe/Copenhagen
BEGIN:VEVENT
UID:brus-2026-01-02@stafett
DTSTAMP:20260101T110000Z
DTSTART:20260102T170000Z
DTEND:20260102T183000Z
SUMMARY:Herning Kommune
DESCRIPTION:Vagt efter tur
CATEGORIES:rotation
END:VEVENT
BEGIN:VEVENT
UID:brus-2026-01-02-2@stafett
DTSTAMP:20260101T110000Z
DTSTART:20260102T183000Z
DTEND:20260102T200000Z
SUMMARY:Ikast-Brande Kommune
DESCRIPTION:Overtaget ved sygdom\, i stedet for Herning Kommune
CATEGORIES:sickness
END:VEVENT
BEGIN:VEVENT
UID:brus-2026-01-03@stafett
DTSTAMP:20260101T110000Z
DTSTART:20260103T170000Z
DTEND:20260103T200000Z
SUMMARY:Ingen (lukket)
DESCRIPTION:Ændret for denne dag\, i stedet for Ikast-Brande Kommune
CATEGORIES:cover
END:VEVENT
END:VCALENDAR
`, "\n", "\r\n")
	if got := export(t, rota, at(t, "2026-01-02 12:00"), at(t, "2026-01-04 12:00"), "da"); got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
	if later := export(t, rota, now, at(t, "2026-01-02 20:00"), "da"); !strings.Contains(later, "UID:brus-2026-01-02-2@stafett") {
		t.Errorf("the UID of the second part is another one when the first is left out:\n%s", later)
	}
}

// joined merges consecutive shifts of one unit, whatever the reasons.
func joined(shifts []Shift) []Shift {
	var all []Shift
	for _, shift := range shifts {
		shift.Why, shift.For = "", ""
		if last := len(all) - 1; last >= 0 && all[last].Unit == shift.Unit && all[last].End.Equal(shift.Start) {
			all[last].End = shift.End
			continue
		}
		all = append(all, shift)
	}
	return all
}

// A calendar that one rota exports makes another agree with it, and does not change the rota
// itself.
func TestRoundTrip(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		plain, _, about := world(rt)
		changed, _ := changed(rt, plain, about)
		from, until := (about - 8).midnight(), (about + 8).midnight()
		// Whole dates only: half a shift cannot be imported.
		whole := changed.Parts(from, until)
		from, until = whole[0].Start, whole[len(whole)-1].End
		from, _ = changed.window.on(whole[0].Date, changed.zone)
		_, until = changed.window.on(whole[len(whole)-1].Date, changed.zone)
		text := export(t, changed, from, until, rapid.SampledFrom([]string{"nb", "da", "en", "sv"}).Draw(rt, "lang"))
		covers, err := imported(changed, text, until)
		if err != nil || len(covers) > 0 {
			rt.Fatalf("importing it again changes %v, %v", covers, err)
		}
		covers, err = imported(plain, text, from.Add(-time.Hour))
		if err != nil {
			rt.Fatal(err)
		}
		var changes []Change
		for _, cover := range covers {
			changes = append(changes, Change{from.Add(-time.Hour), "calendar", cover})
		}
		other, err := plain.With(changes...)
		if err != nil {
			rt.Fatal(err)
		}
		if got, want := joined(other.Shifts(from, until)), joined(changed.Shifts(from, until)); !slices.Equal(got, want) {
			rt.Fatalf("%+v\nwant %+v\n%s", got, want, text)
		}
	})
}

func calendarOf(events ...string) string {
	return "BEGIN:VCALENDAR\nVERSION:2.0\n" + strings.Join(events, "") + "END:VCALENDAR\n"
}

func vevent(uid string, lines ...string) string {
	return "BEGIN:VEVENT\nUID:" + uid + "\n" + strings.Join(lines, "\n") + "\nEND:VEVENT\n"
}

func TestImportTakes(t *testing.T) {
	rota, now := parsed(t, small), at(t, "2026-01-02 12:00") // b has the 2nd, c the 3rd
	for name, test := range map[string]struct {
		text string
		want map[string]Unit
	}{
		"by id in UTC":     {calendarOf(vevent("1", "SUMMARY:c", "DTSTART:20260102T170000Z", "DTEND:20260102T200000Z")), map[string]Unit{"2026-01-02 18:00": "c", "2026-01-03 18:00": "c"}},
		"by name in zone":  {calendarOf(vevent("1", "SUMMARY: ad ", "DTSTART;TZID=Europe/Oslo:20260102T180000", "DTEND;TZID=Europe/Oslo:20260102T210000")), map[string]Unit{"2026-01-02 18:00": "a"}},
		"Outlook's zone":   {calendarOf(vevent("1", "SUMMARY:a", `DTSTART;TZID="Romance Standard Time":20260102T180000`, `DTEND;TZID="Romance Standard Time":20260102T210000`)), map[string]Unit{"2026-01-02 18:00": "a"}},
		"floating":         {calendarOf(vevent("1", "SUMMARY:a", "DTSTART:20260102T180000", "DTEND:20260102T210000")), map[string]Unit{"2026-01-02 18:00": "a"}},
		"a day":            {calendarOf(vevent("1", "SUMMARY:a", "DTSTART;VALUE=DATE:20260102")), map[string]Unit{"2026-01-02 18:00": "a", "2026-01-03 18:00": "c"}},
		"days":             {calendarOf(vevent("1", "SUMMARY:a", "DTSTART;VALUE=DATE:20260102", "DTEND;VALUE=DATE:20260104")), map[string]Unit{"2026-01-02 18:00": "a", "2026-01-03 18:00": "a"}},
		"nobody":           {calendarOf(vevent("1", "SUMMARY:nobody", "DTSTART;VALUE=DATE:20260102")), map[string]Unit{"2026-01-02 18:00": ""}},
		"two parts":        {calendarOf(vevent("1", "SUMMARY:a", "DTSTART:20260102T190000", "DTEND:20260102T210000"), vevent("2", "SUMMARY:b", "DTSTART:20260102T180000", "DTEND:20260102T190000")), map[string]Unit{"2026-01-02 18:59": "b", "2026-01-02 19:00": "a"}},
		"cancelled":        {calendarOf(vevent("1", "STATUS:CANCELLED", "RRULE:FREQ=DAILY")), map[string]Unit{"2026-01-02 18:00": "b"}},
		"the past, as was": {calendarOf(vevent("1", "SUMMARY:a", "DTSTART;VALUE=DATE:20260101")), map[string]Unit{"2026-01-01 18:00": "a"}},
		"alarms and tasks": {calendarOf("BEGIN:VTODO\nSUMMARY:x\nEND:VTODO\n", vevent("1", "SUMMARY:a", "BEGIN:VALARM\nSUMMARY:y\nEND:VALARM", "DTSTART;VALUE=DATE:20260102")), map[string]Unit{"2026-01-02 18:00": "a"}},
		"folded, BOM, case": {"\ufeff" + strings.ReplaceAll(calendarOf(vevent("1", "Sum\n\tmary;language=da:A\n d", "dtstart;value=date:20260102", "DESCRIPTION:"+strings.Repeat("long ", 1000))), "\n", "\r\n"),
			map[string]Unit{"2026-01-02 18:00": "a"}},
		"no events": {calendarOf(), nil},
	} {
		t.Run(name, func(t *testing.T) {
			covers, err := imported(rota, test.text, now)
			if err != nil {
				t.Fatal(err)
			}
			imported := rota
			for _, cover := range covers {
				imported = with(t, imported, Change{now, "calendar", cover})
			}
			for when, want := range test.want {
				if got, _ := imported.Staffs(at(t, when)); got.Unit != want {
					t.Errorf("%s: %q, want %q", when, got.Unit, want)
				}
			}
		})
	}
}

func TestImportRefuses(t *testing.T) {
	now := at(t, "2026-01-02 12:00")
	rota := with(t, parsed(t, small), Change{now, "x", Sick{"c", now, at(t, "2026-01-09 12:00")}})
	day := "DTSTART;VALUE=DATE:20260104"
	for name, test := range map[string]struct{ text, want string }{
		"empty":           {"", "c.ics:1:1: the calendar is empty; write BEGIN:VCALENDAR and its events"},
		"no calendar":     {"<html>\n<body>", `c.ics:1:1: found "<html>"; write BEGIN:VCALENDAR first`},
		"cut off":         {"BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\n", "c.ics:3:1: the calendar ends within VEVENT; write END:VEVENT, or export it again if it was cut off"},
		"wrong end":       {"BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VCALENDAR\n", "c.ics:3:1: found END:VCALENDAR within VEVENT; write END:VEVENT first"},
		"no line":         {calendarOf(vevent("1", "SUMMARY")), `c.ics:5:1: "SUMMARY" is not an iCalendar line; write NAME:value`},
		"bad parameter":   {calendarOf(vevent("1", "SUMMARY;a=b")), `c.ics:5:1: "SUMMARY;a=b" is not an iCalendar line; write NAME:value`},
		"long line":       {calendarOf(vevent("1", "SUMMARY:"+strings.Repeat("a", 5000))), "c.ics:5:1: the line has 5008 bytes, unfolded; write at most 1000"},
		"Latin-1":         {calendarOf(vevent("1", "SUMMARY:Sams\xf8")), "c.ics:5:1: the line is not UTF-8; save the calendar as UTF-8"},
		"UTF-16":          {"\xff\xfeB\x00", "c.ics:1:1: the calendar is UTF-16; save it as UTF-8"},
		"unknown unit":    {calendarOf(vevent("1", "SUMMARY:Oslo", day)), `c.ics:3:1: event "1": SUMMARY "Oslo" names no unit; write one of [a b c], or nobody`},
		"no summary":      {calendarOf(vevent("1", day)), `c.ics:3:1: event "1": SUMMARY is missing; write it`},
		"no start":        {calendarOf(vevent("1", "SUMMARY:a")), `c.ics:3:1: event "1": DTSTART is missing; write it`},
		"no end":          {calendarOf(vevent("1", "SUMMARY:a", "DTSTART:20260104T170000Z")), `c.ics:3:1: event "1": DTEND is missing; write when it ends, or DURATION`},
		"reversed":        {calendarOf(vevent("1", "SUMMARY:a", "DTSTART:20260104T170000Z", "DTEND:20260104T160000Z")), `c.ics:3:1: event "1": it ends at 2026-01-04 17:00:00 +01:00, not after it begins; write DTEND after DTSTART`},
		"no time":         {calendarOf(vevent("1", "SUMMARY:a", "DTSTART:noon", "DTEND:20260104T160000Z")), `c.ics:3:1: event "1": "noon" is not a time; write for example 20261224T170000Z`},
		"day and time":    {calendarOf(vevent("1", "SUMMARY:a", day, "DTEND:20260104T160000Z")), `c.ics:3:1: event "1": "20260104T160000Z" is not a date; write for example 20261224`},
		"unknown zone":    {calendarOf(vevent("1", "SUMMARY:a", "DTSTART;TZID=Mars/Base:20260104T180000", "DTEND:20260104T200000Z")), `c.ics:3:1: event "1": there is no time zone "Mars/Base"; write one of the IANA database, for example Europe/Copenhagen`},
		"a path for zone": {calendarOf(vevent("1", "SUMMARY:a", "DTSTART;TZID=../../etc/passwd:20260104T180000", "DTEND:20260104T200000Z")), `c.ics:3:1: event "1": there is no time zone "../../etc/passwd"; write one of the IANA database, for example Europe/Copenhagen`},
		"endless":         {calendarOf(vevent("1", "SUMMARY:a", day, "RRULE:FREQ=SECONDLY")), `c.ics:3:1: event "1": it recurs (RRULE), but the rotation does that; write an event for each shift`},
		"with exceptions": {calendarOf(vevent("1", "SUMMARY:a", day, "RRULE:FREQ=WEEKLY", "EXDATE;VALUE=DATE:20260111")), `c.ics:3:1: event "1": it recurs (RRULE), but the rotation does that; write an event for each shift`},
		"date and hours":  {calendarOf(vevent("1", "SUMMARY:a", day, "DURATION:P1DT3H")), `c.ics:3:1: event "1": it lasts 1 days and 3h0m0s; write whole days, for example P3D`},
		"backwards":       {calendarOf(vevent("1", "SUMMARY:a", day, "DURATION:-P1D")), `c.ics:3:1: event "1": "-P1D" is not a duration; write for example P3D or PT3H`},
		"no such date":    {calendarOf(vevent("1", "SUMMARY:a", "DTSTART;VALUE=DATE:20260230")), `c.ics:3:1: event "1": "20260230" is not a date; write for example 20261224`},
		"end and length":  {calendarOf(vevent("1", "SUMMARY:a", day, "DTEND;VALUE=DATE:20260105", "DURATION:P1D")), `c.ics:3:1: event "1": it has DTEND and DURATION; keep one of them`},
		"too many days":   {calendarOf(vevent("1", "SUMMARY:a", day, "DTEND;VALUE=DATE:99990104")), `c.ics:3:1: event "1": it lasts from 2026-01-04 until before 9999-01-04; write 1 to 366 days`},
		"unknown days":    {calendarOf(vevent("1", "SUMMARY:a", "DTSTART;VALUE=DATE:20250104")), `c.ics:3:1: event "1": there is no shift from 2025-01-04 until before 2025-01-05; name days of the rotation`},
		"outside":         {calendarOf(vevent("1", "SUMMARY:a", "DTSTART:20260104T160000Z", "DTEND:20260104T200000Z")), `c.ics:3:1: event "1": from 2026-01-04 17:00:00 +01:00 until 2026-01-04 21:00:00 +01:00 is not within a shift; write 2026-01-04 18:00:00 +01:00 until 2026-01-04 21:00:00 +01:00`},
		"summary twice":   {calendarOf(vevent("1", "SUMMARY:a", "SUMMARY:b", day)), `c.ics:6:1: event "1": SUMMARY is already at line 5; keep one of them`},
		"overlap":         {calendarOf(vevent("1", "SUMMARY:a", day), vevent("2", "SUMMARY:b", day)), `c.ics:8:1: event "2" overlaps event "1" of line 3; end one where the other begins`},
		"gap":             {calendarOf(vevent("1", "SUMMARY:a", "DTSTART:20260104T180000Z", "DTEND:20260104T200000Z")), `c.ics:3:1: event "1" begins at 2026-01-04 19:00:00 +01:00 and leaves the shift without an event from 2026-01-04 18:00:00 +01:00 on; write one, for nobody if it is closed`},
		"too short":       {calendarOf(vevent("1", "SUMMARY:a", "DTSTART:20260104T170000Z", "DTEND:20260104T180000Z")), `c.ics:3:1: event "1" ends at 2026-01-04 19:00:00 +01:00, before the shift does at 2026-01-04 21:00:00 +01:00; write an event for the rest, for nobody if it is closed`},
		"the past":        {calendarOf(vevent("1", "SUMMARY:b", "DTSTART;VALUE=DATE:20260101")), `c.ics:3:1: event "1": the shift of 2026-01-01 ended at 2026-01-01 21:00:00 +01:00; cover one that has not ended`},
		"the sick":        {calendarOf(vevent("1", "SUMMARY:c", "DTSTART;VALUE=DATE:20260104")), `c.ics:3:1: event "1": c is sick from 2026-01-02 12:00:00 +01:00 until 2026-01-09 12:00:00 +01:00; name another unit`},
		"all mistakes":    {calendarOf(vevent("1", "SUMMARY:x", day), vevent("2", "SUMMARY:a")), "c.ics:3:1: event \"1\": SUMMARY \"x\" names no unit; write one of [a b c], or nobody\nc.ics:8:1: event \"2\": DTSTART is missing; write it"},
	} {
		t.Run(name, func(t *testing.T) {
			covers, err := imported(rota, test.text, now)
			if err == nil || err.Error() != test.want || covers != nil {
				t.Errorf("%v, %v\nwant %s", covers, err, test.want)
			}
		})
	}
}

// Without the limits these cases take minutes or exhaust the memory.
func TestImportIsBounded(t *testing.T) {
	rota, now := Brus(), at(t, "2026-01-01 12:00")
	fill := func(event string) string {
		return "BEGIN:VCALENDAR\n" + strings.Repeat(event, (ical.MaxBytes-100)/len(event)) + "END:VCALENDAR\n"
	}
	for name, text := range map[string]string{
		"too large":      strings.Repeat("x", ical.MaxBytes+1),
		"deep":           strings.Repeat("BEGIN:VCALENDAR\n", ical.MaxBytes/16),
		"folded":         "BEGIN:VCALENDAR\n" + strings.Repeat(" \n", ical.MaxBytes/2-100),
		"empty lines":    strings.Repeat("\n", ical.MaxBytes),
		"parameters":     fill("BEGIN:VEVENT\nSUMMARY" + strings.Repeat(";B=c", 240) + ":x\nEND:VEVENT\n"),
		"events":         fill("BEGIN:VEVENT\nEND:VEVENT\n"),
		"bad lines":      fill("BEGIN:VEVENT\nSUMMARY\nEND:VEVENT\n"),
		"years of days":  "BEGIN:VCALENDAR\n" + strings.Repeat("BEGIN:VEVENT\nSUMMARY:odder\nDTSTART;VALUE=DATE:20260104\nDTEND;VALUE=DATE:20270104\nEND:VEVENT\n", 19_000) + "END:VCALENDAR\n",
		"same twice":     strings.Replace(fill("SUMMARY:a\n"), "\n", "\nBEGIN:VEVENT\n", 1),
		"unknown zones":  "BEGIN:VCALENDAR\n" + strings.Repeat("BEGIN:VEVENT\nSUMMARY:odder\nDTSTART;TZID=A/B:20260104T180000\nDTEND:20260104T200000Z\nEND:VEVENT\n", 19_000) + "END:VCALENDAR\n",
		"nothing at all": strings.Repeat("\x00", ical.MaxBytes),
	} {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			_, err := imported(rota, text, now)
			if err == nil {
				t.Error("was taken")
			} else if n := strings.Count(err.Error(), "\n"); n > ical.MaxMistakes {
				t.Errorf("%d mistakes", n)
			}
			if took := time.Since(start); took > time.Minute {
				t.Errorf("took %v", took)
			} else {
				t.Log(took)
			}
		})
	}
}

// The whole rota fits into a calendar that can be read back.
func TestTheWholeRotaMakesTheTrip(t *testing.T) {
	rota := Brus()
	first, last := rota.Dates()
	text := export(t, rota, first.midnight(), (last + 1).midnight(), "da")
	covers, err := imported(rota, text, at(t, "2026-01-01 12:00"))
	if err != nil || len(covers) > 0 {
		t.Errorf("%d covers, %v; %d bytes", len(covers), err, len(text))
	}
}

func FuzzImport(f *testing.F) {
	f.Add([]byte(calendarOf(vevent("1", "SUMMARY:a", "DTSTART;VALUE=DATE:20260104"))))
	f.Add([]byte(calendarOf(vevent("1", "SUMMARY;X=\"y\":b", "DTSTART;TZID=Europe/Oslo:20260104T180000", "DTEND:20260104T200000Z"))))
	rota, now := parsed(f, small), at(f, "2026-01-02 12:00")
	f.Fuzz(func(t *testing.T, text []byte) {
		covers, err := imported(rota, string(text), now)
		if err != nil {
			return
		}
		changed := rota
		for _, cover := range covers {
			changed = with(t, changed, Change{now, "calendar", cover})
		}
		if again, err := imported(changed, string(text), now); err != nil || len(again) > 0 {
			t.Errorf("imported again: %v, %v", again, err)
		}
	})
}

func BenchmarkImport(b *testing.B) {
	rota, now := Brus(), at(b, "2026-01-01 12:00")
	text := []byte(export(b, rota, now, now.AddDate(1, 0, 0), "da"))
	for b.Loop() {
		if _, err := rota.Import("r.ics", text, now); err != nil {
			b.Fatal(err)
		}
	}
}
