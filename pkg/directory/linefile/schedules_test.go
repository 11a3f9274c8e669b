package linefile

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/testing/protocmp"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// withHours returns the good directory with one more entry for chat.
func withHours(entry string) string {
	return strings.Replace(good, `"Fri 20:00-02:00"]`, `"Fri 20:00-02:00", `+entry+`]`, 1)
}

// withMore returns the good directory with more YAML in its line.
func withMore(yaml string) string { return good + "    " + yaml + "\n" }

func TestParseSchedule(t *testing.T) {
	text := withHours(`{freq: MONTHLY, byday: [1SA, -1SA], opens_at: "10:00", closes_at: "01:30", valid_from: 2026-01-01, timezone: Europe/London, notes: Hei}`)
	lines, err := parse("l.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	want := []*handoverv1.Schedule{{
		Freq: handoverv1.Frequency_FREQUENCY_MONTHLY, Byday: []string{"1SA", "-1SA"}, OpensAt: "10:00", ClosesAt: "01:30",
		ValidFrom: "2026-01-01", Timezone: "Europe/London", Notes: "Hei",
	}}
	if diff := cmp.Diff(want, lines[0].Hours[0].Schedules, protocmp.Transform()); diff != "" {
		t.Error(diff)
	}
}

func TestParseRefusesSchedules(t *testing.T) {
	const at = `opens_at: "10:00", closes_at: "12:00"`
	for name, test := range map[string]struct{ entry, want string }{
		"no freq":         {`{byday: [SA], ` + at + `}`, `11:56: freq is missing; write DAILY, WEEKLY, MONTHLY or YEARLY`},
		"hourly":          {`{freq: HOURLY, ` + at + `}`, `11:63: "HOURLY" is not known here; write one of DAILY, WEEKLY, MONTHLY, YEARLY`},
		"no times":        {`{freq: DAILY}`, "11:56: opens_at is missing; write opens_at: \"10:00\"\nl.yaml:11:56: closes_at is missing; write closes_at: \"12:00\""},
		"times":           {`{freq: DAILY, opens_at: "10", closes_at: "12:00"}`, `11:80: times "10-12:00" are not two times of day`},
		"byday":           {`{freq: WEEKLY, byday: [LØ], ` + at + `}`, `byday "LØ" is not a weekday; write MO to SU, or 1SA or -1FR with MONTHLY and YEARLY`},
		"numbered weekly": {`{freq: WEEKLY, byday: [1SA], ` + at + `}`, `a number before a weekday needs freq: MONTHLY or YEARLY`},
		"mixed byday":     {`{freq: MONTHLY, byday: [1SA, SU], ` + at + `}`, `byday has weekdays with a number and without`},
		"sixth Saturday":  {`{freq: MONTHLY, byday: [6SA], ` + at + `}`, `a month has at most 5 of a weekday`},
		"32nd":            {`{freq: MONTHLY, bymonthday: [32], ` + at + `}`, `bymonthday must be 1 to 31`},
		"day 0":           {`{freq: MONTHLY, bymonthday: [0], ` + at + `}`, `bymonthday must be 1 to 31`},
		"interval 0":      {`{freq: DAILY, interval: 0, ` + at + `}`, `interval must not be 0; write 1 or more, or leave interval out`},
		"no start":        {`{freq: WEEKLY, interval: 2, byday: [SA], ` + at + `}`, `dtstart is missing, and the days depend on it`},
		"two ends":        {`{freq: DAILY, dtstart: 2026-01-01, count: 3, until: 2026-02-01, ` + at + `}`, `count and until both end the recurrence; keep one of them`},
		"date":            {`{freq: DAILY, valid_from: 2026-02-30, ` + at + `}`, `"2026-02-30" is not a day of 2000 to 2199; write for example 2026-12-24`},
		"two dates":       {`{freq: DAILY, valid_from: 1, valid_to: x2, ` + at + `}`, `"x2" is not a day`},
		"reversed":        {`{freq: DAILY, valid_from: 2026-02-01, valid_to: 2026-01-01, ` + at + `}`, `the last day, 2026-01-01, is before the first, 2026-02-01; swap them`},
		"zone":            {`{freq: DAILY, timezone: Mars, ` + at + `}`, `time zone "Mars" is not known`},
		"overlap":         {`{freq: MONTHLY, byday: [1FR], opens_at: "21:00", closes_at: "23:00"}`, `11:56: this overlaps the hours at l.yaml:11:37, first on 2000-01-07; end one where the other begins, or give it valid_to`},
		"overlap at night": {`{freq: MONTHLY, byday: [1SA], opens_at: "01:59", closes_at: "03:00", valid_from: 2026-01-01}`,
			`this overlaps the hours at l.yaml:11:37, first on 2026-01-03`},

		// The library would search for a day that never occurs until the year 9999.
		"2nd Monday on the 1st": {`{freq: MONTHLY, byday: [2MO], bymonthday: [1], ` + at + `}`, `these days may never coincide; keep one of byday, bymonthday and byyearday`},
		"30 February":           {`{freq: MONTHLY, interval: 12, dtstart: 2026-02-01, bymonthday: [30], ` + at + `}`, `with an interval this day may never occur`},
		"odd leap years":        {`{freq: YEARLY, interval: 2, dtstart: 2025-01-01, byyearday: [366], ` + at + `}`, `with an interval this day may never occur`},
		"other weekdays":        {`{freq: DAILY, interval: 7, dtstart: 2026-01-05, byday: [TU], ` + at + `}`, `with an interval these days may never occur`},
		"29 February":           {`{freq: YEARLY, interval: 3, dtstart: 2024-02-29, ` + at + `}`, `with an interval this dtstart may never occur again`},
		"not while it counts":   {`{freq: MONTHLY, bymonthday: [31], valid_from: 2026-02-01, valid_to: 2026-02-28, ` + at + `}`, `it never occurs from 2026-02-01 to 2026-02-28; write other days, or a longer time`},
		"over before it counts": {`{freq: DAILY, dtstart: 2025-01-01, count: 3, valid_from: 2026-01-01, ` + at + `}`, `it never occurs`},
	} {
		t.Run(name, func(t *testing.T) { checkMentions(t, withHours(test.entry), test.want) })
	}
}

// checkMentions requires a refusal within a second that contains the text.
func checkMentions(t *testing.T, text, want string) {
	t.Helper()
	start := time.Now()
	lines, err := parse("l.yaml", []byte(text))
	if err == nil || lines != nil || !strings.Contains(err.Error(), want) {
		t.Errorf("%d lines and\n%v\nwant\n%s", len(lines), err, want)
	}
	if took := time.Since(start); took > time.Second {
		t.Errorf("took %v", took)
	}
}

func TestParseRefusesTheRest(t *testing.T) {
	for name, test := range map[string]struct{ yaml, want string }{
		"risk":                {"max_risk: r3", `17:15: "r3" is not a maximum risk; write R0 to R4, or leave max_risk out`},
		"risk unassessed":     {"max_risk: RX", `"RX" is not a maximum risk`},
		"status":              {"status: Active", `17:13: "Active" is not a status; write active, inactive, defunct or temporarily closed`},
		"assured":             {"assured_date: yesterday", `17:19: "yesterday" is not a day of 2000 to 2199; write for example 2026-12-24`},
		"seats":               {"capacity: {chat: many}", `17:22: found "many"; write a whole number, for example 4`},
		"seats below":         {"capacity: {chat: -1}", `17:22: capacity -1 is out of range; write how many conversations there can be at once, 0 to 10000`},
		"area":                {`service_areas: [Oslo]`, `17:21: "Oslo" is not an area; write a country such as DK`},
		"country":             {`service_areas: [XX]`, `"XX" is not an area`},
		"stranger":            {"receives_from: {nobody: warm}", `17:21: there is no line "nobody" in this file; write the id of one that is`},
		"way":                 {"receives_from: {night-line: hot}", `17:33: "hot" is not known here; write one of WARM, SIGNPOST`},
		"door's house":        {"doors: [{id: a, channel: chat, through: nowhere}]", `there is no line "nowhere" in this file`},
		"door twice":          {"doors: [{id: a, channel: chat}, {id: a, channel: sms}]", `door "a" is already at l.yaml:17:18; give one of them another id`},
		"number":              {"doors: [{id: a, channel: phone, number: 116 111}]", `"116 111" is not a number to call; write 3 to 15 digits without spaces`},
		"number twice":        {`doors: [{id: a, channel: phone, number: "116111"}, {id: b, channel: phone, number: "116111"}]`, `number 116111 leads from the same place to the line at l.yaml:17:45; write other areas`},
		"no days":             {"exceptions: [{reason: DRILL}]", `17:18: an exception is about dates, about holidays or about a recurrence; write one of them`},
		"two kinds of days":   {`exceptions: [{dates: [2026-12-24], holidays: "NO"}]`, `an exception is about dates, about holidays or about a recurrence`},
		"date":                {"exceptions: [{dates: [24.12.]}]", `is not a day of 2000 to 2199`},
		"unknown holidays":    {"exceptions: [{holidays: SE}]", `17:29: the holidays of "SE" are not known; write one of DK, NO, or the dates`},
		"reason":              {"exceptions: [{dates: [2026-12-24], reason: LAZY}]", `"LAZY" is not known here; write one of SCHEDULED, HOLIDAY, SHORT_STAFFED, NO_CAPACITY, INCIDENT, DRILL`},
		"channel":             {"exceptions: [{dates: [2026-12-24], channels: [fax]}]", `unknown channel "fax"`},
		"hours":               {`exceptions: [{dates: [2026-12-24], hours: ["10-12"]}]`, `times "10-12" are not two times of day`},
		"hours overlap":       {`exceptions: [{dates: [2026-12-24], hours: ["10:00-12:00", "11:00-13:00"]}]`, `hours "11:00-13:00" overlap some before them`},
		"date twice":          {"exceptions: [{dates: [2026-12-24]}, {dates: [2026-12-24]}]", `2026-12-24 has an exception already at l.yaml:17:`},
		"date twice at once":  {"exceptions: [{dates: [2026-12-24, 2026-12-24]}]", `2026-12-24 is already at`},
		"holidays twice":      {`exceptions: [{holidays: "NO"}, {holidays: DK, channels: [chat]}]`, `a public holiday has an exception already at`},
		"recurrences meet":    {"exceptions: [{freq: YEARLY, dtstart: 2026-12-24}, {freq: MONTHLY, bymonthday: [24], valid_from: 2026-01-01}]", `2026-12-24 has an exception already at`},
		"too many exceptions": {"exceptions: [" + strings.Repeat("{dates: [2026-12-24]}, ", 21) + "]", `this comes after 20 others`},
	} {
		t.Run(name, func(t *testing.T) { checkMentions(t, withMore(test.yaml), test.want) })
	}
}

// One date can have different exceptions on two channels, and a date wins over a recurrence.
func TestParseTakesExceptionsThatDoNotMeet(t *testing.T) {
	text := withMore(`exceptions: [{dates: [2026-12-24], channels: [chat]}, {dates: [2026-12-24], channels: [phone]}, {freq: YEARLY, dtstart: 2026-12-24}, {holidays: "NO"}]`)
	if _, err := parse("l.yaml", []byte(text)); err != nil {
		t.Error(err)
	}
}

func TestParseRefusesAHugeFileUnread(t *testing.T) {
	huge := bytes.Repeat([]byte("# a comment of twenty\n"), 100<<20/22)
	start := time.Now()
	_, err := parse("l.yaml", huge)
	if err == nil || !strings.Contains(err.Error(), "write at most 16777216") {
		t.Error(err)
	}
	if took := time.Since(start); took > 100*time.Millisecond {
		t.Errorf("took %v", took)
	}
}

// The most work that a channel can cause: the maximum number of schedules, none of which
// overlap.
func TestParseIsBounded(t *testing.T) {
	var entries []string
	for i := range maxMembers - 2 {
		entries = append(entries, fmt.Sprintf(`{freq: DAILY, opens_at: "06:%02d", closes_at: "06:%02d"}`, i, i+1))
	}
	start := time.Now()
	if _, err := parse("l.yaml", []byte(withHours(strings.Join(entries, ", ")))); err != nil {
		t.Error(err)
	}
	if took := time.Since(start); took > 2*time.Second {
		t.Errorf("took %v", took)
	}
	checkMentions(t, withHours(strings.Join(append(entries, entries[0], `"Sat 10:00-11:00"`), ", ")), "this is more than 20 windows and schedules on one channel")
}
