package hsds

import (
	"slices"
	"strings"
	"testing"

	"github.com/stafett/stafett/pkg/directory/linefile"
	"github.com/stafett/stafett/pkg/taxonomy"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// whole is a service that names a line in full.
const whole = `{"id": "7a1f3c52-94b1-4c0e-8a77-0d1f5b6f2c10", "name": "Night Line", "status": "active", "minimum_age": 9, "maximum_age": 19,
"organization": {"name": "Example"}, "languages": [{"code": "en"}], "service_areas": [{"extent": "NO-03", "extent_type": "text"}],
"phones": [{"number": "+47 22 33 44 55", "type": "voice"}],
"attributes": [{"taxonomy_term": {"code": "MH", "taxonomy": "Stafett topics 1"}}],
"schedules": [{"id": "s1", "freq": "WEEKLY", "byday": "MO,FR", "opens_at": "10:00:00", "closes_at": "18:00", "attending_type": "phone"}]}`

const wholeLine = "hsds-7a1f3c52-94b1-4c0e-8a77-0d1f5b6f2c10"

var allGiven = Given{Country: "NO", TimeZone: "Europe/Oslo", Language: "en"}

// readBack reads a file of lines that was imported.
func readBack(t fataler, done Import) []*handoverv1.Line {
	t.Helper()
	lines, err := linefile.Parse("imported.yaml", done.File, taxonomy.Default())
	if err != nil {
		t.Fatalf("%v\n%s", err, done.File)
	}
	return lines
}

type fataler interface {
	Helper()
	Fatalf(format string, args ...any)
}

func imported(t fataler, text string, given Given) Import {
	t.Helper()
	done, err := Lines("s.json", []byte(text), given, taxonomy.Default())
	if err != nil {
		t.Fatalf("%v", err)
	}
	return done
}

func TestLines(t *testing.T) {
	for name, text := range map[string]string{
		"a service":       whole,
		"with a BOM":      "\ufeff" + whole,
		"an array":        " [" + whole + "]",
		"a page":          `{"total_pages": 3, "page_number": 2, "contents": [` + whole + "]}",
		"an organization": `{"name": "Example", "services": [` + strings.Replace(whole, `"organization": {"name": "Example"},`, "", 1) + "]}",
	} {
		t.Run(name, func(t *testing.T) {
			done := imported(t, text, allGiven)
			o := done.Services[0]
			if len(done.Services) != 1 || o.Line != wholeLine || o.Why != "" || len(o.Missing)+len(o.LeftOut) > 0 {
				t.Fatalf("%+v", done.Services)
			}
			if done.Pages > 0 != (name == "a page") {
				t.Errorf("page %d of %d", done.Page, done.Pages)
			}
			line := readBack(t, done)[0]
			if line.Operator != "Example" || line.DisplayNames["en"] != "Night Line" || line.Doors[0].Number != "+4722334455" || line.Hours[0].Schedules[0].OpensAt != "10:00" {
				t.Errorf("%v", line)
			}
		})
	}
}

// What HSDS cannot say is missing, and the file is refused until somebody has written it.
func TestLinesGuessNothing(t *testing.T) {
	bare := `{"id": "7a1f3c52-94b1-4c0e-8a77-0d1f5b6f2c10", "name": "Bare", "status": "inactive", "phones": [{"number": "116111", "type": "text"}]}`
	done := imported(t, bare, Given{})
	_, err := linefile.Parse("imported.yaml", done.File, taxonomy.Default())
	for _, field := range []string{"names", "operator", "country", "time_zone", "topics", "ages", "languages", "service_areas", "hours"} {
		if !slices.ContainsFunc(done.Services[0].Missing, func(text string) bool { return strings.HasPrefix(text, field) }) {
			t.Errorf("%s is not named as missing: %q", field, done.Services[0].Missing)
		}
		if field != "service_areas" && (err == nil || !strings.Contains(err.Error(), field+" is missing")) {
			t.Errorf("the file is not refused without %s: %v", field, err)
		}
	}
	if err == nil || !strings.Contains(err.Error(), "found an empty list") {
		t.Errorf("the file is not refused without areas: %v", err)
	}
}

// A line must not be open on days on which it may be closed.
func TestUnreadExceptionsRefuseTheFile(t *testing.T) {
	done := imported(t, strings.Replace(whole, `"schedules": [`, `"schedules": [{"id": "s0", "valid_from": "2026-12-24", "valid_to": "2026-12-26"}, `, 1), allGiven)
	_, err := linefile.Parse("imported.yaml", done.File, taxonomy.Default())
	if err == nil || !strings.Contains(err.Error(), "an exception is about dates, about holidays or about a recurrence; write one of them") {
		t.Errorf("%v\n%s", err, done.File)
	}
}

func TestServicesThatNameNoLine(t *testing.T) {
	for name, test := range map[string]struct{ old, new, why string }{
		"id":          {`7a1f3c52-94b1-4c0e-8a77-0d1f5b6f2c10`, `42`, `its id "42" is not a UUID, so nothing would find it again`},
		"no name":     {`"Night Line"`, `""`, "it has no name"},
		"hidden name": {`"Night Line"`, `"Night\u200bLine"`, `its name "Night\u200bLine": the text has the character U+200B, which no reader sees; remove it`},
		"status":      {`"active"`, `"open"`, `its status is "open"; HSDS 3 has active, inactive, defunct, temporarily closed`},
		"type":        {`"WEEKLY"`, `7`, "its schedules.freq is a number, which HSDS 3 does not allow"},
		"not object":  {whole, `[7]`, "it is a JSON number, not a service"},
		"no way in":   {`"phones": [{"number": "+47 22 33 44 55", "type": "voice"}],`, "", ""},
		"nobody":      {`"attending_type": "phone"`, `"attending_type": "in person"`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			done := imported(t, strings.Replace(whole, test.old, test.new, 1), allGiven)
			if o := done.Services[0]; o.Why != test.why || (o.Line == "") != (test.why != "") || (done.File == nil) != (test.why != "") {
				t.Errorf("%+v, want %q", o, test.why)
			}
		})
	}
	neither := strings.NewReplacer(`"phones": [{"number": "+47 22 33 44 55", "type": "voice"}],`, "", `"attending_type": "phone"`, `"attending_type": "in person"`)
	done := imported(t, "["+whole+","+whole+","+neither.Replace(strings.Replace(whole, "7a1f", "7a1e", 1))+"]", allGiven)
	for i, want := range []string{"", "another service before it has the same id", "it names no line: it has no phone, and no schedule whose attending_type is chat, phone, sms or email"} {
		if got := done.Services[i].Why; got != want {
			t.Errorf("service %d: %q, want %q", i, got, want)
		}
	}
	if lines := readBack(t, done); len(lines) != 1 {
		t.Errorf("%d lines", len(lines))
	}
}

// Each case spoils one place of a whole service; the rest is imported.
func TestWhatIsLeftOut(t *testing.T) {
	for name, test := range map[string]struct{ old, new, out, missing string }{
		"daily":          {`"WEEKLY", "byday": "MO,FR"`, `"DAILY"`, `schedule s1: its freq "DAILY" is not of HSDS 3, which has WEEKLY and MONTHLY`, "hours"},
		"no freq":        {`"freq": "WEEKLY", `, ``, "schedule s1: it has no freq, so its days are unknown", "hours"},
		"offset":         {`"10:00:00"`, `"10:00+01:00"`, `schedule s1: "10:00+01:00" is not a local time of day in whole minutes, such as 22:00; an offset from UTC would be wrong for half the year in most zones`, "hours"},
		"timezone":       {`"freq"`, `"timezone": 1, "freq"`, "schedule s1: its timezone is an offset from UTC (1), and most zones change theirs twice a year; write its hours in local time", "hours"},
		"midnight":       {`"18:00"`, `"24:00"`, "", ""},
		"next day":       {`"18:00"`, `"02:00"`, "schedule s1: it closes at 02:00, before it opens at 10:00; if that is on the next day, write its hours", "hours"},
		"no times":       {`"opens_at": "10:00:00", "closes_at": "18:00", `, ``, "schedule s1: it has no times; if the line is closed then, write that in exceptions", "exceptions (write those of the schedules that were left out instead of {})|hours"},
		"channel":        {`"attending_type": "phone"`, `"attending_type": "in person"`, `schedule s1: its attending_type "in person" is not chat, phone, sms or email`, "hours"},
		"no channel":     {`, "attending_type": "phone"`, ``, "schedule s1: it does not say for which channel it is", "hours"},
		"weeks":          {`"byday"`, `"byweekno": "41", "byday"`, "schedule s1: its byweekno or byyearday does not go with WEEKLY and MONTHLY hours of a line", "hours"},
		"two ends":       {`"byday"`, `"dtstart": "2026-01-05", "until": "2026-12-31", "count": 3, "byday"`, "schedule s1: count and until both end the recurrence; keep one of them", "hours"},
		"not a day":      {`"byday"`, `"bymonthday": "1,x", "byday"`, `schedule s1: its bymonthday: "x" is not a day`, "hours"},
		"in words":       {`"byday"`, `"description": "Not on holidays.", "byday"`, `schedule s1: its description "Not on holidays."`, ""},
		"reason":         {`"byday"`, `"description": "Local time in Europe/Oslo. Instead of the regular hours: closed (LAZY).", "byday"`, `schedule s1: it replaces the regular hours, and so must be written in exceptions: its reason "LAZY" is not known`, "exceptions (write those of the schedules that were left out instead of {})|hours"},
		"fax":            {`"voice"`, `"fax"`, `phone "+47 22 33 44 55": its type "fax" is neither voice nor text`, ""},
		"extension":      {`"type": "voice"`, `"type": "voice", "extension": 7`, `phone "+47 22 33 44 55": nobody can dial its extension 7 directly`, ""},
		"letters":        {`+47 22 33 44 55`, `0800-CHILD`, `phone "0800-CHILD": write 3 to 15 digits`, ""},
		"phone in words": {`"type": "voice"`, `"type": "voice", "description": "Nights\nonly"`, `phone "+47 22 33 44 55": its description "Nights\nonly"`, ""},
		"area":           {`"text"`, `"geojson"`, `service area "": its extent is not the code of a country, a subdivision (NO-03) or a municipality`, "service_areas (write its areas, or remove the field if it is for children anywhere)"},
		"language":       {`"code": "en"`, `"name": "Klingon"`, `language "Klingon": its code "" is not a language`, "languages"},
		"topic":          {`Stafett topics 1`, `Open Eligibility`, `attribute "": it is not of Stafett's topics`, "topics"},
		"unknown topic":  {`"MH"`, `"XX"`, `topic "XX" is not in the taxonomy`, "topics"},
		"no oldest":      {`, "maximum_age": 19`, ``, "", "ages (HSDS has minimum_age 9 and maximum_age absent; a line needs whole years up to 120)"},
		"half years":     {`"minimum_age": 9`, `"minimum_age": 9.5`, "", "ages (HSDS has minimum_age 9.5 and maximum_age 19; a line needs whole years up to 120)"},
		"operator":       {`{"name": "Example"}`, `{}`, "", "operator (its organization: the name has nothing that a reader sees; write letters or numbers)"},
		"assured":        {`"status"`, `"assured_date": "May", "status"`, `assured_date: "May" is not a day of 2000 to 2199; write for example 2026-12-24`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			text := strings.Replace(whole, test.old, test.new, 1)
			if text == whole {
				t.Fatal("the case spoils nothing")
			}
			o := imported(t, text, allGiven).Services[0]
			slices.Sort(o.Missing)
			if out, missing := strings.Join(o.LeftOut, "|"), strings.Join(o.Missing, "|"); o.Line != wholeLine || out != test.out || missing != test.missing {
				t.Errorf("line %q, left out\n%s\nmissing\n%s", o.Line, out, missing)
			}
		})
	}
}

// A person says for all services what they do not say.
func TestGiven(t *testing.T) {
	text := strings.Replace(whole, `, "attending_type": "phone"`, "", 1)
	given := allGiven
	given.Channel = handoverv1.Channel_CHANNEL_SMS
	if line := readBack(t, imported(t, text, given))[0]; line.Hours[0].Channel != given.Channel || line.TimeZone != "Europe/Oslo" {
		t.Errorf("%v", line)
	}
	for want, given := range map[string]Given{"is not a country": {Country: "Norway"}, `time zone "Oslo" is not known`: {TimeZone: "Oslo"}, "is not a language": {Language: "?"}} {
		if _, err := Lines("s.json", []byte(whole), given, taxonomy.Default()); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: %v", given, err)
		}
	}
}

func TestLinesRefusesWhatIsNotJSON(t *testing.T) {
	for text, want := range map[string]string{
		"":                     "s.json:1:0: this is not JSON: unexpected end of JSON input; export it again if it was cut off",
		"[\n{\"id\": \"a\"":    "s.json:2:10: this is not JSON: unexpected end of JSON input; export it again if it was cut off",
		"lines: []":            "s.json:1:1: this is not JSON: invalid character 'l' looking for beginning of value; export it again if it was cut off",
		"7":                    "s.json: json: cannot unmarshal number into Go value of type hsds.document; write a service of HSDS 3, an array of services, or a page of them",
		`{"contents": "many"}`: "s.json: json: cannot unmarshal string into Go struct field document.contents of type []json.RawMessage; write a service of HSDS 3, an array of services, or a page of them",
	} {
		if _, err := Lines("s.json", []byte(text), Given{}, taxonomy.Default()); err == nil || err.Error() != want {
			t.Errorf("%q: %v\nwant %s", text, err, want)
		}
	}
}

// Nothing that a service says breaks the file: whatever is refused in it is refused by name.
func FuzzLines(f *testing.F) {
	f.Add([]byte(whole))
	f.Add([]byte(strings.Replace(whole, "Night Line", `\"}\n- {x: 'y' # z`, 1)))
	f.Fuzz(func(t *testing.T, text []byte) {
		done, err := Lines("s.json", text, allGiven, taxonomy.Default())
		if err != nil || done.File == nil {
			return
		}
		if _, err := linefile.Parse("imported.yaml", done.File, taxonomy.Default()); err != nil && strings.Contains(err.Error(), "not YAML") {
			t.Errorf("%v\n%s", err, done.File)
		}
	})
}
