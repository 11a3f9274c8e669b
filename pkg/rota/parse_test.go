package rota

import (
	"strings"
	"testing"
)

// small is a rota of three units in Denmark.
const small = `version: "1"
line: brus
zone: Europe/Copenhagen
shift: 18:00-21:00
units:
  a: {nb: An, da: Ad, en: Ae}
  b: {nb: Bn, da: Bd, en: Be}
  c: {nb: Cn, da: Cd, en: Ce}
rotation:
  first: 2026-01-01
  shifts: FREQ=DAILY
  order: [a, b, c]
`

func parsed(t testing.TB, text string) *Rota {
	t.Helper()
	rota, err := Parse("r.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return rota
}

func TestParseRefuses(t *testing.T) {
	for name, test := range map[string]struct{ old, new, want string }{
		"unknown key":     {"line: brus", "line: brus\nsickness: []", `r.yaml:3:1: unknown key "sickness"; write one of version, line, zone, shift, units, rotation, covers, parts, swaps, sick`},
		"version":         {`"1"`, "|\n  1\n  2", `r.yaml:1:10: the version is not a name; write one line of at most 200 letters, without spaces around it`},
		"no zone":         {"zone: Europe/Copenhagen\n", "", `r.yaml:1:1: zone is missing; write zone: Europe/Copenhagen`},
		"unknown zone":    {"Europe/Copenhagen", "Europe/Skive", `r.yaml:3:7: there is no time zone "Europe/Skive"; write one of the IANA database, for example Europe/Copenhagen`},
		"machine's zone":  {"Europe/Copenhagen", "Local", `r.yaml:3:7: there is no time zone "Local"; write one of the IANA database, for example Europe/Copenhagen`},
		"line id":         {"line: brus", "line: BRUS", `r.yaml:2:7: "BRUS" is not an id; write a to z, 0 to 9 and -, at most 63 and a letter first, for example brus`},
		"empty shift":     {"18:00-21:00", "18:00-18:00", `r.yaml:4:8: "18:00-18:00" is not two times of day; write for example 18:00-21:00, or 22:00-02:00 beyond midnight; 24:00 is an end`},
		"no such time":    {"18:00-21:00", "18:00-25:00", `r.yaml:4:8: "18:00-25:00" is not two times of day; write for example 18:00-21:00, or 22:00-02:00 beyond midnight; 24:00 is an end`},
		"no Danish name":  {"da: Bd, ", "", `r.yaml:7:3: b has no name in da; write one, for example {nb: Odder kommune, da: Odder Kommune, en: Municipality of Odder}`},
		"same name":       {"nb: Cn", "nb: BN", `r.yaml:8:3: "BN" is what unit b is called too; give one of them another name`},
		"name of nobody":  {"en: Ce", "en: Nobody", `r.yaml:8:3: "Nobody" means that nobody has the shift; give the unit another name`},
		"two lines":       {"en: Ce}", "en: \"C\\te\"}", `r.yaml:8:3: c has a name that calendars cannot carry; write one line of at most 200 letters, without spaces around it`},
		"unknown unit":    {"[a, b, c]", "[a, b, d]", `r.yaml:12:17: there is no unit "d"; write one of [a b c]`},
		"no date":         {"first: 2026-01-01", "first: 2026-02-30", `r.yaml:10:10: "2026-02-30" is not a date; write for example 2026-12-24`},
		"old date":        {"first: 2026-01-01", "first: 0026-01-01", `r.yaml:10:10: the year 26 is not one of a rota; write 2000 to 2200`},
		"every second":    {"FREQ=DAILY", "FREQ=SECONDLY", `r.yaml:11:11: a rota has no frequency "SECONDLY"; write one of DAILY, WEEKLY, MONTHLY`},
		"no rule":         {"FREQ=DAILY", "daily", `r.yaml:11:11: "daily" says nothing about days; write parts such as FREQ=WEEKLY;BYDAY=SU,MO of FREQ, INTERVAL, BYDAY, BYMONTH, BYMONTHDAY, COUNT, UNTIL, WKST`},
		"no frequency":    {"FREQ=DAILY", "BYDAY=MO", `r.yaml:11:11: "BYDAY=MO" is not an RFC 5545 recurrence: RRULE property FREQ is required; write for example FREQ=DAILY`},
		"no weekday":      {"FREQ=DAILY", "FREQ=WEEKLY;BYDAY=XX", `r.yaml:11:11: "FREQ=WEEKLY;BYDAY=XX" is not an RFC 5545 recurrence: undefined weekday: XX; write for example FREQ=DAILY`},
		"part twice":      {"FREQ=DAILY", "FREQ=DAILY;FREQ=WEEKLY", `r.yaml:11:11: FREQ is there twice; keep one of them`},
		"huge interval":   {"FREQ=DAILY", "FREQ=DAILY;INTERVAL=99999999999", `r.yaml:11:11: INTERVAL=99999999999 is not a number of days, weeks or months; write 1 to 1000`},
		"never":           {"FREQ=DAILY", "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", `r.yaml:10:3: the rotation has no shift in 50 years from 2026-01-01 on; write shifts that come, for example FREQ=DAILY`},
		"turns":           {"FREQ=DAILY", "FREQ=DAILY\n  turns: FREQ=YEARLY", `r.yaml:12:10: a rota has no frequency "YEARLY"; write one of DAILY, WEEKLY, MONTHLY`},
		"cover date":      {"", "covers: {tomorrow: a}\n", `r.yaml:13:10: "tomorrow" is not a date; write for example 2026-12-24: odder`},
		"cover too early": {"", "covers: {2025-12-31: a}\n", `r.yaml:13:10: there is no shift on 2025-12-31; name a date of the rotation`},
		"cover by":        {"", "covers: {2026-12-24: d}\n", `r.yaml:13:22: there is no unit "d"; write one of [a b c]`},
		"cover twice":     {"", "covers: {2026-12-24: a, 2026-12-24: b}\n", `r.yaml:13:25: key "2026-12-24" is already at r.yaml:13:10; keep one of them`},
		"part's reason":   {"", "parts: [{date: 2026-01-01, unit: b, why: sickness}]\n", `r.yaml:13:42: a part has no reason "sickness"; write cover or swap`},
		"part outside":    {"", "parts: [{date: 2026-01-01, unit: b, from: 2026-01-01 17:00}]\n", `r.yaml:13:9: the shift of 2026-01-01 is from 2026-01-01 18:00:00 +01:00 until 2026-01-01 21:00:00 +01:00; cover time within it`},
		"swap of three":   {"", "swaps: [[2026-01-01, 2026-01-02, 2026-01-03]]\n", `r.yaml:13:9: a swap has 3 dates; write two, for example [2026-12-24, 2026-12-31]`},
		"swap itself":     {"", "swaps: [[2026-01-01, 2026-01-01]]\n", `r.yaml:13:9: 2026-01-01 cannot be swapped with itself; name two dates`},
		"sick when":       {"", "sick: [{unit: a, from: today, until: 2026-01-02 08:00}]\n", `r.yaml:13:24: "today" is not a time in the rota's zone; write for example 2026-12-24 17:55`},
		"sick twice":      {"", "sick:\n  - {unit: a, from: 2026-01-01 08:00, until: 2026-01-02 08:00}\n  - {unit: a, from: 2026-01-02 07:00, until: 2026-01-03 08:00}\n", `r.yaml:15:5: a is sick from 2026-01-01 08:00:00 +01:00 until 2026-01-02 08:00:00 +01:00 already; name time outside of it`},
		"all mistakes":    {"zone: Europe/Copenhagen\nshift: 18:00-21:00", "zone: Mars\nshift: late\ncovers: {2026-01-01: d}", "r.yaml:3:7: there is no time zone \"Mars\"; write one of the IANA database, for example Europe/Copenhagen\nr.yaml:4:8: \"late\" is not two times of day; write for example 18:00-21:00, or 22:00-02:00 beyond midnight; 24:00 is an end\nr.yaml:5:22: there is no unit \"d\"; write one of [a b c]"},
	} {
		t.Run(name, func(t *testing.T) {
			text := small + test.new
			if test.old != "" {
				text = strings.Replace(small, test.old, test.new, 1)
			}
			rota, err := Parse("r.yaml", []byte(text))
			if err == nil || err.Error() != test.want {
				t.Errorf("Parse =\n%v\nwant\n%s", err, test.want)
			}
			if rota != nil {
				t.Error("gave a rota along with the error")
			}
		})
	}
}

func TestParseTakesOverrides(t *testing.T) {
	rota := parsed(t, small+`covers:
  2026-01-01: b
  2026-01-02: nobody
swaps:
  - [2026-01-04, 2026-01-05]
sick:
  - {unit: c, from: 2026-01-03 17:55, until: 2026-01-04 08:00}
`)
	for date, want := range map[string]Shift{
		"2026-01-01": {Unit: "b", Why: Covered, For: "a"},
		"2026-01-02": {Unit: Nobody, Why: Covered, For: "b"},
		"2026-01-03": {Unit: "a", Why: Sickness, For: "c"},
		"2026-01-04": {Unit: "b", Why: Swapped, For: "a"},
		"2026-01-05": {Unit: "a", Why: Swapped, For: "b"},
		"2026-01-06": {Unit: "c", Why: Rotation},
	} {
		got, ok := rota.Staffs(at(t, date+" 18:00"))
		if got.Unit != want.Unit || got.Why != want.Why || got.For != want.For || ok != (want.Unit != Nobody) {
			t.Errorf("%s: %+v, %t, want %+v", date, got, ok, want)
		}
	}
	first, last := rota.Dates()
	if rota.Version() != "1" || rota.Line() != "brus" || first.String() != "2026-01-01" || last.String() != "2075-12-31" {
		t.Error(rota.Version(), rota.Line(), first, last)
	}
}

func TestTurnsByTheWeek(t *testing.T) {
	rota := parsed(t, strings.Replace(small, "FREQ=DAILY", "FREQ=WEEKLY;BYDAY=SU,MO,TU,WE,TH\n  turns: FREQ=WEEKLY;BYDAY=MO", 1))
	for date, want := range map[string]Unit{
		"2026-01-01": "a", "2026-01-02": "", "2026-01-03": "", "2026-01-04": "a", // Thursday to Sunday
		"2026-01-05": "b", "2026-01-08": "b", "2026-01-11": "b", "2026-01-12": "c", "2026-01-19": "a",
	} {
		if got, _ := rota.Staffs(at(t, date+" 20:00")); got.Unit != want {
			t.Errorf("%s: %q, want %q", date, got.Unit, want)
		}
	}
}

func TestAUnitMayHaveSeveralTurns(t *testing.T) {
	rota := parsed(t, strings.Replace(small, "[a, b, c]", "[a, b, a, c]", 1)+"sick: [{unit: a, from: 2026-01-03 17:00, until: 2026-01-04 08:00}]\n")
	for date, want := range map[string]Unit{"2026-01-01": "a", "2026-01-02": "b", "2026-01-03": "c", "2026-01-04": "c", "2026-01-05": "a"} {
		if got, _ := rota.Staffs(at(t, date+" 20:00")); got.Unit != want {
			t.Errorf("%s: %q, want %q", date, got.Unit, want)
		}
	}
}

func TestNames(t *testing.T) {
	rota := Brus()
	for _, test := range []struct {
		unit       Unit
		lang, want string
	}{{"samso", "da", "Samsø Kommune"}, {"samso", "sv", "Municipality of Samsø"}, {Nobody, "nb", "Ingen (stengt)"}, {"oslo", "nb", "oslo"}} {
		if got := rota.Name(test.unit, test.lang); got != test.want {
			t.Errorf("Name(%q, %s) = %q, want %q", test.unit, test.lang, got, test.want)
		}
	}
	rota.Names("samso")["da"] = "changed"
	rota.Units()[0] = "changed"
	if rota.Name("samso", "da") != "Samsø Kommune" || rota.Units()[0] != "skive" || len(rota.Units()) != 11 {
		t.Error("a caller changed the rota")
	}
	for _, why := range []Why{Rotation, Covered, Swapped, Sickness} {
		for _, lang := range []string{"nb", "da", "en"} {
			if why.Label(lang) == string(why) || why.Label(lang) == "" {
				t.Errorf("%s has no label in %s", why, lang)
			}
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(small))
	f.Add([]byte(small + "covers: {2026-12-24: a}\nswaps: [[2026-01-01, 2026-01-02]]\nsick: [{unit: a, from: 2026-01-01 08:00, until: 2026-01-02 08:00}]\n"))
	f.Add([]byte(small + "parts: [{date: 2026-12-24, unit: a, from: 2026-12-24T19:00:01+01:00, why: swap}]\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		if rota, err := Parse("r.yaml", text); err == nil {
			applied(t, rota, rota.rotation.first.midnight())
		}
	})
}
