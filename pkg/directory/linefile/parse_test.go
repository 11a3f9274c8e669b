package linefile

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/testing/protocmp"
	"google.golang.org/protobuf/types/known/durationpb"

	"github.com/stafett/stafett/pkg/taxonomy"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

const good = `lines:
  - id: night-line
    names: {nb: Nattlinjen, en: The Night Line}
    operator: Example municipality
    country: "NO"
    time_zone: Europe/Oslo
    topics: [MH, V.bullying]
    ages: 9-19
    languages: [nb, nn]
    hours:
      chat: ["Sun-Thu 15:00-21:00", "Fri 20:00-02:00"]
      phone: ["every day 00:00-24:00"]
    emergency: true
    anonymous: true
    retention: 30d
    example: true
`

func parse(name string, text []byte) ([]*handoverv1.Line, error) {
	return Parse(name, text, taxonomy.Default())
}

func TestParse(t *testing.T) {
	got, err := parse("lines.yaml", []byte(good))
	if err != nil {
		t.Fatal(err)
	}
	want := []*handoverv1.Line{{
		Name:         "lines/night-line",
		DisplayNames: map[string]string{"nb": "Nattlinjen", "en": "The Night Line"},
		Operator:     "Example municipality",
		Country:      "NO",
		TimeZone:     "Europe/Oslo",
		Topics:       []string{"MH", "V.bullying"},
		Ages:         &handoverv1.AgeBand{MinYears: 9, MaxYears: 19},
		Languages:    []string{"nb", "nn"},
		Hours: []*handoverv1.Hours{
			{Channel: handoverv1.Channel_CHANNEL_CHAT, Windows: []*handoverv1.Window{
				{Weekdays: []int32{1, 2, 3, 4, 7}, OpensMinute: 900, ClosesMinute: 1260},
				{Weekdays: []int32{5}, OpensMinute: 1200, ClosesMinute: 1560},
			}},
			{Channel: handoverv1.Channel_CHANNEL_PHONE, Windows: []*handoverv1.Window{
				{Weekdays: []int32{1, 2, 3, 4, 5, 6, 7}, ClosesMinute: 1440},
			}},
		},
		Emergency: true,
		Retention: durationpb.New(30 * 24 * time.Hour),
		Anonymous: true,
		Example:   true,
	}}
	if diff := cmp.Diff(want, got, protocmp.Transform()); diff != "" {
		t.Error(diff)
	}
}

// Each case spoils one place of the good directory.
func TestParseRefuses(t *testing.T) {
	for name, test := range map[string]struct{ old, new, want string }{
		"unknown key":     {"    example:", "    exmple:", `l.yaml:16:5: unknown key "exmple"; write one of id, names, operator, country, time_zone, topics, ages, languages, hours, emergency, anonymous, retention, deadlines, example, status, alert, assured_date, capacity, service_areas, receives_from, doors, exceptions, max_risk`},
		"missing key":     {"    operator: Example municipality\n", "", `l.yaml:2:5: operator is missing; write operator: Example municipality`},
		"bad id":          {"night-line", "Night_Line", `l.yaml:2:9: "Night_Line" is not a line id; write a to z, 0 to 9 and -, at most 63 and a letter first, for example example-line`},
		"bad language":    {"[nb, nn]", "[nb, bokmaal99]", `l.yaml:9:21: "bokmaal99" is not a language; write a BCP 47 tag, for example nb, da or en`},
		"language twice":  {"[nb, nn]", "[nb, nb]", `l.yaml:9:21: nb is already at l.yaml:9:17; keep one of them`},
		"name language":   {"{nb: N", "{NB: N", `l.yaml:3:13: "NB" is not how BCP 47 writes this language; write nb`},
		"country":         {`"NO"`, "Norge", `l.yaml:5:14: "Norge" is not a country; write two capital letters of ISO 3166-1, for example DK`},
		"time zone":       {"Europe/Oslo", "Europe/Bergen", `l.yaml:6:16: time zone "Europe/Bergen" is not known; write an IANA name, for example Europe/Oslo`},
		"machine's zone":  {"Europe/Oslo", "Local", `l.yaml:6:16: time zone "Local" is not known; write an IANA name, for example Europe/Oslo`},
		"topic":           {"V.bullying", "V.bully", `l.yaml:7:18: topic "V.bully" is not in the taxonomy; write a group such as MH, a leaf such as V.bullying, or "*" for everything`},
		"ages reversed":   {"9-19", "19-9", `l.yaml:8:11: ages "19-9" are reversed; write the youngest first: 9-19`},
		"ages as words":   {"9-19", "all", `l.yaml:8:11: ages "all" are not two whole years; write the youngest and the oldest, for example 9-19`},
		"ages too old":    {"9-19", "9-121", `l.yaml:8:11: ages "9-121" have no upper limit; write an oldest age from 1 to 120`},
		"channel":         {"phone:", "fax:", `l.yaml:12:7: unknown channel "fax"; write chat, phone, sms or email`},
		"weekday":         {"Fri 20", "Fredag 20", `l.yaml:11:37: days "Fredag" are not English weekdays; write for example Sun-Thu, or Mon,Wed, or every day`},
		"times":           {"20:00-02", "8pm-02", `l.yaml:11:37: times "8pm-02:00" are not two times of day; write for example 15:00-21:00, where only the end may be 24:00`},
		"opens at 24:00":  {"00:00-24:00", "24:00-02:00", `l.yaml:12:15: times "24:00-02:00" are not two times of day; write for example 15:00-21:00, where only the end may be 24:00`},
		"no length":       {"20:00-02:00", "20:00-20:00", `l.yaml:11:37: times "20:00-20:00" open and close at the same time; write 00:00-24:00 for the whole day`},
		"only days":       {"every day 00:00-24:00", "always", `l.yaml:12:15: window "always" is not days and times; write for example Sun-Thu 15:00-21:00`},
		"overlap":         {"Fri 20:00", "Thu 20:00", `l.yaml:11:37: window "Thu 20:00-02:00" overlaps itself or one before it; make them one, or end one where the other begins`},
		"week's end":      {"Fri 20:00-02:00", "Sat 20:00-15:01", `l.yaml:11:37: window "Sat 20:00-15:01" overlaps itself or one before it; make them one, or end one where the other begins`},
		"overlaps itself": {"Fri 20", "Fri,Fri 20", `l.yaml:11:37: window "Fri,Fri 20:00-02:00" overlaps itself or one before it; make them one, or end one where the other begins`},
		"flag":            {"emergency: true", "emergency: yes", `l.yaml:13:16: found "yes"; write true or false`},
		"retention":       {"30d", "a month", `l.yaml:15:16: retention "a month" is not a time that text can be kept; write hours or days of at most 100 years, for example 72h or 30d`},
		"retention below": {"30d", "-72h", `l.yaml:15:16: retention "-72h" is not a time that text can be kept; write hours or days of at most 100 years, for example 72h or 30d`},
		"retention above": {"30d", "36501d", `l.yaml:15:16: retention "36501d" is not a time that text can be kept; write hours or days of at most 100 years, for example 72h or 30d`},
		"no line":         {good, "lines: []", "l.yaml:1:8: found an empty list; write a list, for example - id: example-line"},
		"empty":           {good, "", "l.yaml:1:1: the file is empty; write something in it, or remove it"},
		"too large":       {good, strings.Repeat("#", 16<<20+1), "l.yaml:1:1: the file has 16777217 bytes; write at most 16777216"},
		"id twice":        {good, good + strings.TrimPrefix(good, "lines:\n"), `l.yaml:17:9: line "night-line" is already at l.yaml:2:9; give one of them another id`},
	} {
		t.Run(name, func(t *testing.T) {
			text := strings.Replace(good, test.old, test.new, 1)
			if text == good {
				t.Fatal("the case spoils nothing")
			}
			checkRefused(t, text, test.want)
		})
	}
}

func TestParseTellsAllMistakes(t *testing.T) {
	text := strings.NewReplacer("Europe/Oslo", "Oslo", "9-19", "19-9", "V.bullying", "V.bully").Replace(good)
	checkRefused(t, text, `l.yaml:6:16: time zone "Oslo" is not known; write an IANA name, for example Europe/Oslo
l.yaml:7:18: topic "V.bully" is not in the taxonomy; write a group such as MH, a leaf such as V.bullying, or "*" for everything
l.yaml:8:11: ages "19-9" are reversed; write the youngest first: 9-19`)
}

func checkRefused(t *testing.T, text, want string) {
	t.Helper()
	lines, err := parse("l.yaml", []byte(text))
	if err == nil || err.Error() != want {
		t.Errorf("Parse =\n%v\nwant\n%s", err, want)
	}
	if lines != nil {
		t.Error("gave lines along with the error")
	}
}

func TestParseTakesWindowsThatTouch(t *testing.T) {
	text := strings.Replace(good, `"Fri 20:00-02:00"`, `"Thu 21:00-15:00", "Sat 20:00-15:00"`, 1)
	if _, err := parse("l.yaml", []byte(text)); err != nil {
		t.Error(err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(good))
	f.Add(example)
	f.Add([]byte(withHours(`{freq: WEEKLY, interval: 2, byday: [SA], dtstart: 2026-01-03, opens_at: "10:00", closes_at: "12:00"}`)))
	f.Add([]byte(withMore(`exceptions: [{freq: YEARLY, dtstart: 2026-12-24}, {holidays: "NO", hours: ["10:00-12:00"]}]`)))
	f.Fuzz(func(t *testing.T, text []byte) {
		lines, err := parse("l.yaml", text)
		if (err == nil) == (len(lines) == 0) {
			t.Errorf("%d lines with error %v", len(lines), err)
		}
	})
}
