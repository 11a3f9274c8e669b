package rota

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// applied parses the file of a rota and compares the shifts from an instant on.
func applied(t interface {
	Helper()
	Fatalf(string, ...any)
}, rota *Rota, from time.Time) *Rota {
	t.Helper()
	text := rota.File(from)
	again, err := Parse("again.yaml", text)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	until := from.AddDate(0, 3, 0)
	if had, has := rota.Parts(from, until), again.Parts(from, until); !cmp.Equal(had, has) {
		t.Fatalf("%s\n%s", cmp.Diff(had, has), text)
	}
	return again
}

// Whenever the file is written, the rota that is read from it continues as before.
func TestTheFileSaysWhatTheChangesMade(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rota, _, about := world(t)
		rota, _ = changed(t, rota, about)
		from := about.midnight().Add(time.Duration(rapid.IntRange(-4*dayMinutes, 4*dayMinutes).Draw(t, "from")) * time.Minute)
		again := applied(t, rota, from)
		if !slices.Equal(again.Units(), rota.Units()) || !cmp.Equal(again.names, rota.names) || again.changes != 0 {
			t.Fatalf("%v became %v", rota.names, again.names)
		}
	})
}

func TestTheFileOfTheShippedRota(t *testing.T) {
	now := at(t, "2026-10-24 12:00")
	second := firstAt((DateOf(now) + 1).at(2*60), copenhagen).Add(90 * time.Minute) // 02:30 for the second time
	rota := with(t, Brus(), Change{now, "x", Sick{"odder", now.Add(time.Nanosecond), second}},
		Change{now, "x", Cover{Date: DateOf(now) + 1, Unit: Nobody}}, Change{now, "x", Swap{DateOf(now) + 2, DateOf(now) + 4}})
	again := applied(t, rota, now)
	if first, last := Brus().Dates(); again.rotation.first != first || again.rotation.last() != last {
		t.Error("the rotation is another")
	}
	for _, want := range []string{"shift: 18:00-21:00\n", "  2026-10-25: nobody\n", "why: swap}\n",
		"from: 2026-10-24T12:00:00.000000001+02:00, until: 2026-10-25T02:30:00+01:00}\n"} {
		if text := string(rota.File(now)); !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	if text := string(rota.File(now.AddDate(0, 1, 0))); strings.Contains(text, "sick:") || strings.Contains(text, "parts:") || strings.Contains(text, "covers:") {
		t.Errorf("what has ended is written:\n%s", text)
	}
}

// TestTheFileSaysWhenTheShiftUnderWayBegan: a unit that was sick at its beginning has come since.
func TestTheFileSaysWhenTheShiftUnderWayBegan(t *testing.T) {
	ill, well, now := at(t, "2026-10-24 17:00"), at(t, "2026-10-24 19:00"), at(t, "2026-10-24 20:00")
	on, _ := Brus().Staffs(now)
	rota := with(t, Brus(), Change{ill, "x", Sick{on.Unit, ill, well}})
	if shift, _ := applied(t, rota, now).Staffs(now); shift.Unit != on.Unit || !shift.Start.Equal(well) {
		t.Errorf("%s has it since %v, want %s since %v", shift.Unit, shift.Start, on.Unit, well)
	}
}

// Text that YAML would read as something other than text.
func TestTheFileQuotes(t *testing.T) {
	text := strings.NewReplacer(`version: "1"`, `version: "a b: [#"`, "  a:", `  "true":`, "[a, b, c]", `["true", b, c]`,
		"nb: An", `nb: "O'H\"å: {#} \\ x"`, "FREQ=DAILY", "FREQ=WEEKLY;BYDAY=MO,TU\n  turns: FREQ=MONTHLY;BYDAY=+1MO").Replace(small)
	rota := parsed(t, text)
	again := applied(t, rota, at(t, "2026-01-01 00:00"))
	if again.version != rota.version || !cmp.Equal(again.names, rota.names) {
		t.Errorf("%q %v\nwant %q %v", again.version, again.names, rota.version, rota.names)
	}
}

func TestPartsOfAFile(t *testing.T) {
	rota := parsed(t, small+`parts:
  - {date: 2026-01-01, unit: b, until: 2026-01-01 19:00, why: swap}
  - {date: 2026-01-01, unit: nobody, from: 2026-01-01T20:00:30+01:00}
`)
	for clock, want := range map[string]Shift{
		"18:00": {Unit: "b", Why: Swapped, For: "a"}, "19:00": {Unit: "a", Why: Rotation},
		"20:00:29": {Unit: "a", Why: Rotation}, "20:00:30": {Unit: Nobody, Why: Covered, For: "a"},
	} {
		if got, _ := rota.Staffs(at(t, "2026-01-01 "+clock)); got.Unit != want.Unit || got.Why != want.Why || got.For != want.For {
			t.Errorf("%s: %+v, want %+v", clock, got, want)
		}
	}
}
