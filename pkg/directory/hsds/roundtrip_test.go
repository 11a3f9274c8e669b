package hsds

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	times "github.com/stafett/stafett/pkg/directory/schedule"

	"github.com/stafett/stafett/pkg/directory/linefile"
	"github.com/stafett/stafett/pkg/taxonomy"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// roundTrip exports lines, imports them, and removes the entries that ask for a decision.
func roundTrip(t fataler, lines []*handoverv1.Line) ([]*handoverv1.Line, []Outcome) {
	t.Helper()
	text, err := Marshal(lines)
	if err != nil {
		t.Fatalf("%v", err)
	}
	done := imported(t, string(text), allGiven)
	done.File = []byte(strings.NewReplacer("    exceptions:\n    - {}\n", "", "    - {}\n", "").Replace(string(done.File)))
	back := readBack(t, done)
	if len(back) != len(lines) {
		t.Fatalf("%d lines became %d", len(lines), len(back))
	}
	return back, done.Services
}

// carried are the facts that HSDS can carry, but for hours.
func carried(line *handoverv1.Line) string {
	name, _ := names(line)
	var doors []string
	for _, door := range line.GetDoors() {
		if door.GetNumber() != "" {
			doors = append(doors, fmt.Sprint(door.GetChannel(), door.GetNumber(), door.GetAreas()))
		}
	}
	return fmt.Sprintf("%q %q %v %v %v %v %s %q %s %v", name, line.GetOperator(), line.GetAges(), line.GetLanguages(), line.GetServiceAreas(), line.GetTopics(),
		status(line.GetStatus()), line.GetAlert(), line.GetAssuredDate(), doors)
}

// hoursOf has a letter for some minutes of each day of two years.
func hoursOf(line *handoverv1.Line, channel handoverv1.Channel) string {
	plan := times.Compile(line, channel)
	all := []byte(strings.Repeat(".", 2*366*len(looked)))
	for i := range all {
		if plan.OpenAt(minute(i)) {
			all[i] = 'o'
		}
	}
	return string(all)
}

// looked are the hours, in UTC, whose last minutes are looked at: those that hours begin and
// end in, so that 23:59 differs from 24:00.
var looked = []int{0, 2, 7, 10, 16, 20, 21, 22}

func minute(i int) time.Time {
	return firstDay.AddDate(0, 0, i/len(looked)).Add(time.Duration(looked[i%len(looked)])*time.Hour + 59*time.Minute)
}

func sameHours(t fataler, was, is *handoverv1.Line) {
	t.Helper()
	for _, hours := range was.GetHours() {
		if before, after := hoursOf(was, hours.GetChannel()), hoursOf(is, hours.GetChannel()); before != after {
			t.Fatalf("%s %v: other hours from %v on\n%v\nbecame\n%v", was.GetName(), hours.GetChannel(), minute(differs(before, after)), was, is)
		}
	}
}

// Only public holidays, which HSDS does not have, are missing of the example directory.
func TestTheExampleMakesTheTrip(t *testing.T) {
	lines := linefile.Example()
	back, outcomes := roundTrip(t, lines)
	for i, was := range lines {
		if got, want := carried(back[i]), carried(was); got != want {
			t.Errorf("%s\nwant %s", got, want)
		}
		told := strings.Join(slices.Concat(outcomes[i].Missing, outcomes[i].LeftOut), "\n")
		onHolidays := slices.ContainsFunc(was.GetExceptions(), func(e *handoverv1.ScheduleException) bool { return e.GetHolidays() != "" })
		if onHolidays != strings.Contains(told, "its days are in words only") || !onHolidays && told != "" {
			t.Errorf("%s: told %q", was.GetName(), told)
		}
		was.Exceptions = slices.DeleteFunc(was.Exceptions, func(e *handoverv1.ScheduleException) bool { return e.GetHolidays() != "" })
		sameHours(t, was, back[i])
	}
}

// Frequencies that HSDS does not have, 24:00 and hours past midnight make the trip as well.
func TestEveryFrequencyMakesTheTrip(t *testing.T) {
	lines, err := linefile.Parse("lines.yaml", []byte(everyFrequency), taxonomy.Default())
	if err != nil {
		t.Fatal(err)
	}
	back, outcomes := roundTrip(t, lines)
	if got, want := carried(back[0]), carried(lines[0]); got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
	told := strings.Join(outcomes[0].LeftOut, "\n")
	for text, want := range map[string]int{"it has no times": 1, "its days are in words only": 2} {
		if got := strings.Count(told, text); got != want {
			t.Errorf("%q: %d times, want %d\n%s", text, got, want, told)
		}
	}
	lines[0].Exceptions, back[0].Exceptions = nil, nil
	email := slices.IndexFunc(lines[0].Hours, func(h *handoverv1.Hours) bool { return h.Channel == handoverv1.Channel_CHANNEL_EMAIL })
	lines[0].Hours[email].Schedules = lines[0].Hours[email].Schedules[1:]
	sameHours(t, lines[0], back[0])
}

// recurrences are those that a file of lines can contain.
var recurrences = rapid.Custom(drawRecurrence).Filter(func(s *handoverv1.Schedule) bool {
	_, mistakes := times.Check(s)
	return len(mistakes) == 0
})

// drawLine draws a line with what HSDS can carry.
func drawLine(t *rapid.T) *handoverv1.Line {
	text := rapid.StringMatching(`[A-Za-zÅø:#{}\[\]&*!|>'"%@,?-][A-Za-z0-9Åø :#{}\[\]&*!|>'"%@,?-]{0,20}[a-z]`)
	some := func(label string, of ...string) []string {
		return rapid.SliceOfNDistinct(rapid.SampledFrom(of), 1, len(of), rapid.ID).Draw(t, label)
	}
	oldest := rapid.Int32Range(1, 120).Draw(t, "oldest")
	line := &handoverv1.Line{
		Name: "lines/a", DisplayNames: map[string]string{"en": text.Draw(t, "name")}, Operator: text.Draw(t, "operator"),
		TimeZone: "Europe/Copenhagen", Ages: &handoverv1.AgeBand{MinYears: rapid.Int32Range(0, oldest).Draw(t, "youngest"), MaxYears: oldest},
		Topics: some("topics", "MH", "V.bullying", "*"), Languages: some("languages", "nb", "da", "se"), ServiceAreas: some("areas", "NO", "DK-82", "0301"),
		Status: handoverv1.LineStatus(rapid.IntRange(1, 4).Draw(t, "status")), Alert: rapid.SampledFrom([]string{"", "a\nb", "# 1: {", "a\u00a0\\x \U0001f600 \u2029\""}).Draw(t, "alert"),
	}
	for i, channel := range []handoverv1.Channel{handoverv1.Channel_CHANNEL_CHAT, handoverv1.Channel_CHANNEL_PHONE} {
		s := recurrences.Draw(t, "hours")
		if rapid.Bool().Draw(t, "overnight") {
			s.OpensAt, s.ClosesAt = "21:00", rapid.SampledFrom([]string{"24:00", "04:30", "00:00", "23:59"}).Draw(t, "closes")
		}
		line.Hours = append(line.Hours, &handoverv1.Hours{Channel: channel, Schedules: []*handoverv1.Schedule{s}})
		if i == 1 {
			line.Doors = append(line.Doors, &handoverv1.Door{Id: "p", Channel: channel, Number: "116111", Areas: some("from", "NO-03", "4601")})
		}
	}
	drawExceptions(t, line)
	return line
}

func drawExceptions(t *rapid.T, line *handoverv1.Line) {
	hours := [][]*handoverv1.TimeOfDay{nil, {{OpensMinute: 60, ClosesMinute: 120}}, {{OpensMinute: 60, ClosesMinute: 120}, {OpensMinute: 1320, ClosesMinute: 1440}}, {{OpensMinute: 1320, ClosesMinute: 1560}}}
	channels := [][]handoverv1.Channel{nil, {handoverv1.Channel_CHANNEL_CHAT}, {handoverv1.Channel_CHANNEL_CHAT, handoverv1.Channel_CHANNEL_PHONE}}
	draw := func() *handoverv1.ScheduleException {
		return &handoverv1.ScheduleException{Hours: rapid.SampledFrom(hours).Draw(t, "hours"), Channels: rapid.SampledFrom(channels).Draw(t, "channels"),
			Reason: handoverv1.ClosureReason(rapid.IntRange(1, 6).Draw(t, "reason"))}
	}
	dates := rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"2026-01-02", "2026-05-17", "2026-12-24", "2027-02-01"}), 0, 4, rapid.ID).Draw(t, "dates")
	for i, date := range dates {
		if e := draw(); i == 0 || rapid.Bool().Draw(t, "apart") {
			e.Dates = []string{date}
			line.Exceptions = append(line.Exceptions, e)
		} else {
			last := line.Exceptions[len(line.Exceptions)-1]
			last.Dates = append(last.Dates, date)
		}
	}
	if e := draw(); rapid.Bool().Draw(t, "recurrence") {
		e.Recurrence = recurrences.Draw(t, "days")
		line.Exceptions = append(line.Exceptions, e)
	}
}

// inFields reports whether fields of HSDS can express a recurrence.
func inFields(s *handoverv1.Schedule) bool {
	_, exact := asHSDS(s)
	return exact
}

// A line comes back with the same facts; what HSDS cannot express is told.
func TestLinesMakeTheTrip(t *testing.T) {
	whole, told := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		line := drawLine(t)
		exact := true
		for _, hours := range line.Hours {
			exact = exact && inFields(hours.Schedules[0])
		}
		for _, e := range line.Exceptions {
			exact = exact && (e.Recurrence == nil || inFields(e.Recurrence))
		}
		if !exact {
			told++
			tellsOf(t, line)
			return
		}
		whole++
		back, outcomes := roundTrip(t, []*handoverv1.Line{line})
		if o := outcomes[0]; len(o.LeftOut)+len(o.Missing) > 0 {
			t.Fatalf("%+v", o)
		}
		if got, want := carried(back[0]), carried(line); got != want {
			t.Fatalf("%s\nwant %s", got, want)
		}
		sameHours(t, line, back[0])
	})
	if !t.Failed() && (whole == 0 || told == 0) {
		t.Errorf("%d lines came back whole, of %d something was told", whole, told)
	}
}

// tellsOf requires that the import names what a line lost.
func tellsOf(t *rapid.T, line *handoverv1.Line) {
	text, err := Marshal([]*handoverv1.Line{line})
	if err != nil {
		t.Fatal(err)
	}
	if o := imported(t, string(text), allGiven).Services[0]; len(o.LeftOut) == 0 || len(o.Missing) == 0 {
		t.Fatalf("%v\n%+v", line, o)
	}
}
