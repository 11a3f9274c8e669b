package ical

import (
	"strings"
	"testing"
	"time"
)

// calendar puts events, each given as lines separated by spaces, into a calendar.
func calendar(before string, events ...string) string {
	var text strings.Builder
	text.WriteString("BEGIN:VCALENDAR\nVERSION:2.0\n" + before)
	for _, event := range events {
		text.WriteString("BEGIN:VEVENT\n" + strings.ReplaceAll(event, " ", "\n") + "\nEND:VEVENT\n")
	}
	return text.String() + "END:VCALENDAR\n"
}

// standings returns the standings of the events, by their summaries.
func standings(t *testing.T, text string) string {
	t.Helper()
	mistakes := &Mistakes{File: "c.ics"}
	var all []string
	for _, e := range Read([]byte(text), mistakes) {
		all = append(all, e.Summary()+":"+string(e.Standing))
	}
	if err := mistakes.Err(); err != nil {
		t.Fatal(err)
	}
	return strings.Join(all, " ")
}

func TestWhatCounts(t *testing.T) {
	for name, test := range map[string]struct{ text, want string }{
		"firm":                {calendar("", "SUMMARY:a", "SUMMARY:b STATUS:CONFIRMED TRANSP:OPAQUE", "SUMMARY:c STATUS:Confirmed"), "a:FIRM b:FIRM c:FIRM"},
		"cancelled":           {calendar("", "SUMMARY:a STATUS:CANCELLED", "SUMMARY:b STATUS:CANCELED", "SUMMARY:c status:cancelled", "SUMMARY:d Status:Canceled"), "a:CANCELLED b:CANCELLED c:CANCELLED d:CANCELLED"},
		"a calendar":          {calendar("METHOD:CANCEL\n", "SUMMARY:a", "SUMMARY:b STATUS:CONFIRMED"), "a:CANCELLED b:CANCELLED"},
		"in small letters":    {strings.ToLower(calendar("METHOD:CANCEL\n", "SUMMARY:a")), "a:CANCELLED"},
		"method at the end":   {calendar("", "SUMMARY:a") + calendar("", "SUMMARY:b\nEND:VEVENT\nMETHOD:cancel\nBEGIN:VEVENT\nSUMMARY:c"), "a:FIRM b:CANCELLED c:CANCELLED"},
		"method of an event":  {calendar("", "SUMMARY:a METHOD:CANCEL"), "a:FIRM"},
		"published":           {calendar("METHOD:PUBLISH\n", "SUMMARY:a") + calendar("METHOD:request\n", "SUMMARY:b") + calendar("METHOD:ADD\n", "SUMMARY:c"), "a:FIRM b:FIRM c:FIRM"},
		"answers":             {calendar("METHOD:REPLY\n", "SUMMARY:a") + calendar("METHOD:COUNTER\n", "SUMMARY:b STATUS:CANCELLED") + calendar("METHOD:X-MINE\n", "SUMMARY:c"), "a:PROPOSED b:PROPOSED c:PROPOSED"},
		"not firm":            {calendar("", "SUMMARY:a STATUS:TENTATIVE", "SUMMARY:b TRANSP:TRANSPARENT", "SUMMARY:c transp:transparent status:tentative"), "a:TENTATIVE b:TRANSPARENT c:TENTATIVE"},
		"newer":               {calendar("", "UID:1 SUMMARY:a", "UID:1 SUMMARY:b SEQUENCE:1"), "a:SUPERSEDED b:FIRM"},
		"newer first":         {calendar("", "UID:1 SUMMARY:a SEQUENCE:10", "UID:1 SUMMARY:b SEQUENCE:9"), "a:FIRM b:SUPERSEDED"},
		"three":               {calendar("", "UID:1 SUMMARY:a SEQUENCE:1", "UID:1 SUMMARY:b SEQUENCE:3", "UID:1 SUMMARY:c SEQUENCE:2"), "a:SUPERSEDED b:FIRM c:SUPERSEDED"},
		"newer by stamp":      {calendar("", "UID:1 SUMMARY:a DTSTAMP:20261102T000000Z", "UID:1 SUMMARY:b DTSTAMP:20261101T000000Z"), "a:FIRM b:SUPERSEDED"},
		"sequence over stamp": {calendar("", "UID:1 SUMMARY:a DTSTAMP:20261102T000000Z", "UID:1 SUMMARY:b SEQUENCE:1 DTSTAMP:20261101T000000Z"), "a:SUPERSEDED b:FIRM"},
		"newer by change":     {calendar("", "UID:1 SUMMARY:a LAST-MODIFIED:20261101T000000Z", "UID:1 SUMMARY:b LAST-MODIFIED:20261102T000000Z"), "a:SUPERSEDED b:FIRM"},
		"newest cancelled":    {calendar("", "UID:1 SUMMARY:a", "UID:1 SUMMARY:b SEQUENCE:1 STATUS:CANCELLED"), "a:SUPERSEDED b:CANCELLED"},
		"cancelled, and back": {calendar("", "UID:1 SUMMARY:a", "UID:1 SUMMARY:b SEQUENCE:1 STATUS:CANCELLED", "UID:1 SUMMARY:c SEQUENCE:2"), "a:SUPERSEDED b:SUPERSEDED c:FIRM"},
		"cancelled at once":   {calendar("", "UID:1 SUMMARY:a STATUS:CANCELLED", "UID:1 SUMMARY:b"), "a:CANCELLED b:SUPERSEDED"},
		"newest not firm":     {calendar("", "UID:1 SUMMARY:a", "UID:1 SUMMARY:b SEQUENCE:1 STATUS:TENTATIVE"), "a:SUPERSEDED b:TENTATIVE"},
		"in odd case":         {calendar("", "SUMMARY:a STATUS:cAnCeLlEd", "SUMMARY:b STATUS:TenTative", "SUMMARY:c TRANSP:Transparent", "SUMMARY:d Transp:opaque"), "a:CANCELLED b:TENTATIVE c:TRANSPARENT d:FIRM"},
		"older last":          {calendar("", "UID:1 SUMMARY:a SEQUENCE:1", "UID:1 SUMMARY:b"), "a:FIRM b:SUPERSEDED"},
		"older last, is off":  {calendar("", "UID:1 SUMMARY:a SEQUENCE:2", "UID:1 SUMMARY:b SEQUENCE:1 STATUS:CANCELLED"), "a:FIRM b:SUPERSEDED"},
		"off is newer, first": {calendar("", "UID:1 SUMMARY:a SEQUENCE:2 STATUS:canceled", "UID:1 SUMMARY:b SEQUENCE:1"), "a:CANCELLED b:SUPERSEDED"},
		"two calendars":       {calendar("", "UID:1 SUMMARY:a") + calendar("METHOD:CANCEL\n", "UID:1 SEQUENCE:1 SUMMARY:b"), "a:SUPERSEDED b:CANCELLED"},
		"an answer to it":     {calendar("", "UID:1 SUMMARY:a") + calendar("METHOD:REPLY\n", "UID:1 SEQUENCE:7 SUMMARY:b"), "a:FIRM b:PROPOSED"},
		"the same twice":      {calendar("", "UID:1 SUMMARY:a DTSTART:1", "UID:1 SUMMARY:a DTSTART:1"), "a:FIRM a:SUPERSEDED"},
		"UIDs are as written": {calendar("", "UID:a SUMMARY:a", "UID:A SUMMARY:b SEQUENCE:1", "SUMMARY:c", "SUMMARY:d SEQUENCE:1"), "a:FIRM b:FIRM c:FIRM d:FIRM"},
		"instances":           {calendar("", "UID:1 SUMMARY:a RECURRENCE-ID:20261201T170000Z", "UID:1 SUMMARY:b RECURRENCE-ID:20261202T170000Z SEQUENCE:1"), "a:FIRM b:FIRM"},
		"an instance, newer":  {calendar("", "UID:1 SUMMARY:a RECURRENCE-ID:20261201T170000Z", "UID:1 SUMMARY:b RECURRENCE-ID;TZID=Europe/Oslo:20261201T180000 SEQUENCE:1"), "a:SUPERSEDED b:FIRM"},
		"of an event alone":   {calendar("", "UID:1 SUMMARY:a DTSTART;VALUE=DATE:20261201", "UID:1 SUMMARY:b RECURRENCE-ID;VALUE=DATE:20261201 SEQUENCE:1"), "a:SUPERSEDED b:FIRM"},
		"of one that recurs":  {calendar("", "UID:1 SUMMARY:a DTSTART;VALUE=DATE:20261201 RRULE:FREQ=DAILY", "UID:1 SUMMARY:b RECURRENCE-ID;VALUE=DATE:20261201 SEQUENCE:1"), "a:FIRM b:FIRM"},
		"all are cancelled":   {calendar("", "UID:1 SUMMARY:a RECURRENCE-ID:20261201T170000Z", "UID:1 SUMMARY:b SEQUENCE:1 STATUS:CANCELLED", "UID:1 SUMMARY:c SEQUENCE:2 RECURRENCE-ID:20261202T170000Z"), "a:CANCELLED b:CANCELLED c:FIRM"},
		"one is cancelled":    {calendar("", "UID:1 SUMMARY:a DTSTART:20261201T170000Z", "UID:1 SUMMARY:b SEQUENCE:1 STATUS:CANCELLED RECURRENCE-ID:20261202T170000Z"), "a:FIRM b:CANCELLED"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := standings(t, test.text); !strings.EqualFold(got, test.want) {
				t.Errorf("%s\nwant %s", got, test.want)
			}
		})
	}
}

func TestReadRefuses(t *testing.T) {
	for name, test := range map[string]struct{ text, want string }{
		"status":        {calendar("", "UID:1 STATUS:MAYBE"), `c.ics:3:1: event "1": STATUS "MAYBE" is not known; write CONFIRMED, TENTATIVE or CANCELLED`},
		"sequence":      {calendar("", "UID:1 SEQUENCE:-1", "UID:1"), `c.ics:3:1: event "1": SEQUENCE "-1" is not a number of a revision; write 0 or more`},
		"stamp":         {calendar("", "UID:1 DTSTAMP:now", "UID:1"), `c.ics:3:1: event "1": DTSTAMP: "now" is not a time; write for example 20261224T170000Z`},
		"which counts?": {calendar("", "UID:1 SUMMARY:a", "UID:1 SUMMARY:b"), `c.ics:7:1: event "1" has the UID and SEQUENCE of line 3 and says something else; write a higher SEQUENCE in the one that counts, or another UID`},
		"half a letter": {"BEGIN:VCALENDAR\nX:a\xc3\nb\nEND:VCALENDAR\n", "c.ics:2:1: the line is not UTF-8; save the calendar as UTF-8"},
		"broken letter": {"BEGIN:VCALENDAR\nX:a\n\xc3\n \nEND:VCALENDAR\n", "c.ics:3:1: the line is not UTF-8; save the calendar as UTF-8"},
	} {
		mistakes := &Mistakes{File: "c.ics"}
		Read([]byte(test.text), mistakes)
		if err := mistakes.Err(); err == nil || err.Error() != test.want {
			t.Errorf("%s: %v\nwant %s", name, err, test.want)
		}
	}
}

// The way a program folds and ends its lines does not change the result.
func TestFolds(t *testing.T) {
	const name = "Samsø Kommune 👩🏽‍🚒"
	plain := calendar("", "UID:1") // so that a byte can be put anywhere
	plain = strings.Replace(plain, "UID:1", "SUMMARY:"+name, 1)
	for at := strings.Index(plain, "SUMMARY") + 1; at < strings.Index(plain, "\nEND:VEVENT"); at++ {
		for _, fold := range []string{"\n ", "\n\t", "\r\n ", "\r\n \r\n "} {
			folded := plain[:at] + fold + plain[at:]
			if strings.Contains(fold, "\r") {
				folded = strings.ReplaceAll(strings.ReplaceAll(folded, "\r\n", "\n"), "\n", "\r\n")
			}
			for _, before := range []string{"", "\ufeff"} {
				if got := standings(t, before+folded); got != name+":FIRM" {
					t.Errorf("folded at %d with %q: %s", at, fold, got)
				}
			}
		}
	}
}

// event reads the only event of a calendar.
func event(t *testing.T, lines string) *Event {
	t.Helper()
	mistakes := &Mistakes{File: "c.ics"}
	events := Read([]byte(calendar("", lines)), mistakes)
	if err := mistakes.Err(); err != nil {
		t.Fatal(err)
	}
	return events[0]
}

func TestDays(t *testing.T) {
	for lines, want := range map[string]string{
		"DTSTART;VALUE=DATE:20261224":                                       "2026-12-24 2026-12-25",
		"DTSTART:20261224":                                                  "2026-12-24 2026-12-25",
		"dtstart;value=date:20261224 dtend;value=date:20261226":             "2026-12-24 2026-12-26",
		"DTSTART;VALUE=DATE:20261224 DURATION:P3D":                          "2026-12-24 2026-12-27",
		"DTSTART;VALUE=DATE:20261224 DURATION:p1w":                          "2026-12-24 2026-12-31",
		"DTSTART;VALUE=DATE:20261224 DURATION:+P1D":                         "2026-12-24 2026-12-25",
		"DTSTART;VALUE=DATE:20261224 DURATION:PT48H":                        "2026-12-24 2026-12-26",
		"DTSTART;VALUE=DATE:20261230 DURATION:P4D":                          "2026-12-30 2027-01-03",
		"DTSTART;VALUE=DATE:20261024 DURATION:P2D":                          "2026-10-24 2026-10-26",
		"DTSTART;VALUE=DATE:20261224 DURATION:P0W":                          "2026-12-24 2026-12-24",
		`DTSTART;VALUE="DATE":20261224`:                                     "2026-12-24 2026-12-25",
		"DTSTART;X-A=b;VALUE=DATE:20261224 DTEND;VALUE=DATE;X-A=b:20261226": "2026-12-24 2026-12-26",
		"DTEND;VALUE=DATE:20270102 DTSTART;VALUE=DATE:20261231":             "2026-12-31 2027-01-02",
		"DTSTART;VALUE=DATE:20260328 DURATION:P2D":                          "2026-03-28 2026-03-30",
		"DTSTART;VALUE=DATE:20280228 DURATION:P2D":                          "2028-02-28 2028-03-01",
		"DTSTART;VALUE=DATE;X-A=b:20261224 DTEND;VALUE=DATE:202613":         "error",
		"DTSTART;VALUE=DATE:20261224 DURATION:P1DT12H":                      "error",
		"DTSTART;VALUE=DATE:20261224 DURATION:-P1D":                         "error",
		"DTSTART;VALUE=DATE:20261224 DURATION:P99999999999D":                "error",
		"DTSTART;VALUE=DATE:20261224 DURATION:3 days":                       "error",
		"DTSTART;VALUE=DATE:20261224T180000 DTEND:20261225":                 "error",
	} {
		e := event(t, strings.ReplaceAll(lines, "3 days", "3days"))
		if !e.AllDay() {
			t.Errorf("%s has times", lines)
		}
		got := "error"
		if first, end, err := e.Days(); err == nil {
			got = first.Format(time.DateOnly) + " " + end.Format(time.DateOnly)
		}
		if got != want {
			t.Errorf("%s: %s, want %s", lines, got, want)
		}
	}
}

func TestTimes(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Copenhagen")
	if err != nil {
		t.Fatal(err)
	}
	for lines, want := range map[string]string{
		"DTSTART:20261224T170000Z DTEND:20261224T200000Z":                                 "2026-12-24T18:00:00+01:00 2026-12-24T21:00:00+01:00",
		"DTSTART;VALUE=DATE-TIME:20261224T170000z DTEND;value=date-time:20261224t200000Z": "2026-12-24T18:00:00+01:00 2026-12-24T21:00:00+01:00",
		"DTSTART:20260724T180000 DTEND:20260724T210000":                                   "2026-07-24T18:00:00+02:00 2026-07-24T21:00:00+02:00",
		"DTSTART;TZID=Atlantic/Faroe:20260724T180000 DTEND:20260724T190000Z":              "2026-07-24T19:00:00+02:00 2026-07-24T21:00:00+02:00",
		"DTSTART;tzid=europe/oslo:20261224T180000 DURATION:PT3H":                          "2026-12-24T18:00:00+01:00 2026-12-24T21:00:00+01:00",
		"DTSTART;TZID=/citadel.org/20210210_1/Europe/Oslo:20261224T180000 DURATION:PT3H":  "2026-12-24T18:00:00+01:00 2026-12-24T21:00:00+01:00",
		"DTSTART;TZID=utc:20261224T170000 DURATION:PT2H60M":                               "2026-12-24T18:00:00+01:00 2026-12-24T21:00:00+01:00",
		// Days follow the clocks, hours are exact.
		"DTSTART:20260328T180000 DURATION:P1D":                 "2026-03-28T18:00:00+01:00 2026-03-29T18:00:00+02:00",
		"DTSTART:20260328T180000 DURATION:PT24H":               "2026-03-28T18:00:00+01:00 2026-03-29T19:00:00+02:00",
		"DTSTART:20260328T170000Z DURATION:P1D":                "2026-03-28T18:00:00+01:00 2026-03-29T19:00:00+02:00",
		"DTSTART:20261024T220000 DTEND:20261025T060000":        "2026-10-24T22:00:00+02:00 2026-10-25T06:00:00+01:00",
		"DTSTART:20261025T020000 DTEND:20261025T023000":        "2026-10-25T02:00:00+02:00 2026-10-25T02:30:00+02:00", // shown twice: the first
		"DTSTART:20260329T020000 DTEND:20260329T023000":        "2026-03-29T03:00:00+02:00 2026-03-29T03:30:00+02:00", // skipped: as without the change
		"DTSTART:20261224 DTEND:20261225T000000":               "error",
		"DTSTART;VALUE=DATE-TIME:20261224 DTEND:20261225":      "error",
		"DTSTART:20261224T180000 DTEND;VALUE=DATE:20261225":    "error",
		"DTSTART:20261224T180000 DURATION:PT":                  "error",
		"DTSTART;TZID=Mars/Base:20261224T180000 DURATION:PT3H": "error",
		"DTSTART:20261224T180000+0100 DURATION:PT3H":           "error",
	} {
		got := "error"
		if from, until, err := event(t, lines).Times(zone); err == nil {
			got = from.Format(time.RFC3339) + " " + until.Format(time.RFC3339)
		}
		if got != want {
			t.Errorf("%s:\n%s, want\n%s", lines, got, want)
		}
	}
}
