package rota

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/stafett/stafett/pkg/directory/schedule"
)

var copenhagen = schedule.Zone("Europe/Copenhagen")

// at parses a time in Denmark.
func at(t testing.TB, text string) time.Time {
	t.Helper()
	for _, layout := range []string{"2006-01-02 15:04", "2006-01-02 15:04:05"} {
		if when, err := time.ParseInLocation(layout, text, copenhagen); err == nil {
			return when
		}
	}
	t.Fatalf("%q is not a time", text)
	return time.Time{}
}

func with(t testing.TB, rota *Rota, changes ...Change) *Rota {
	t.Helper()
	changed, err := rota.With(changes...)
	if err != nil {
		t.Fatal(err)
	}
	return changed
}

// Scenario 9: the counsellor of tonight's municipality calls in sick at 17:55.
func TestSickAtFiveToSix(t *testing.T) {
	now := at(t, "2026-01-02 17:55")
	before, _ := Brus().Next(now)
	if before.Unit != "herning" {
		t.Fatalf("tonight has %s", before.Unit)
	}
	rota := with(t, Brus(), Change{now, "leader", Sick{"herning", now, at(t, "2026-01-03 08:00")}})
	for _, test := range []struct {
		at   string
		want Unit
	}{
		{"2026-01-02 17:59:59", Nobody}, {"2026-01-02 18:00", "ikast-brande"}, {"2026-01-02 20:59", "ikast-brande"},
		{"2026-01-02 21:00", Nobody}, {"2026-01-02 21:01", Nobody}, {"2026-01-03 18:00", "ikast-brande"}, {"2026-01-13 18:00", "herning"},
	} {
		if got, ok := rota.Staffs(at(t, test.at)); got.Unit != test.want || ok != (test.want != Nobody) {
			t.Errorf("%s: %q, want %q", test.at, got.Unit, test.want)
		}
	}
	next, ok := rota.Next(now)
	want := Shift{before.Date, "ikast-brande", at(t, "2026-01-02 18:00"), at(t, "2026-01-02 21:00"), Sickness, "herning"}
	if !ok || !cmp.Equal(next, want) {
		t.Errorf("next %+v, want %+v", next, want)
	}
	if again, _ := Brus().Next(now); !cmp.Equal(again, before) {
		t.Error("the change altered the rota that it was made to")
	}
}

func TestSickDuringTheShift(t *testing.T) {
	now := at(t, "2026-01-02 19:30")
	rota := with(t, Brus(), Change{now, "leader", Sick{"herning", now, at(t, "2026-01-02 20:30")}},
		Change{now, "leader", Sick{"ikast-brande", at(t, "2026-01-02 20:00"), at(t, "2026-01-05 08:00")}})
	got := rota.Shifts(at(t, "2026-01-02 12:00"), at(t, "2026-01-03 12:00"))
	for i, want := range []Shift{
		{0, "herning", at(t, "2026-01-02 18:00"), now, Rotation, ""},
		{0, "ikast-brande", now, at(t, "2026-01-02 20:00"), Sickness, "herning"},
		{0, "randers", at(t, "2026-01-02 20:00"), at(t, "2026-01-02 20:30"), Sickness, "herning"},
		{0, "herning", at(t, "2026-01-02 20:30"), at(t, "2026-01-02 21:00"), Rotation, ""},
	} {
		want.Date = DateOf(now)
		if len(got) != 4 || !cmp.Equal(got[i], want) {
			t.Fatalf("part %d of %+v\nwant %+v", i, got, want)
		}
	}
}

func TestNobodyCan(t *testing.T) {
	now := at(t, "2026-01-02 17:55")
	var changes []Change
	for _, unit := range Brus().Units() {
		changes = append(changes, Change{now, "flu", Sick{unit, now, at(t, "2026-01-04 08:00")}})
	}
	rota := with(t, Brus(), changes...)
	if shift, ok := rota.Staffs(at(t, "2026-01-02 19:00")); ok || shift.Why != Sickness || shift.For != "herning" {
		t.Errorf("%+v, %t", shift, ok)
	}
	if next, _ := rota.Next(now); !next.Start.Equal(at(t, "2026-01-04 18:00")) {
		t.Errorf("next %+v", next)
	}
	rota = with(t, rota, Change{at(t, "2026-01-02 19:00"), "odder", Well{"odder"}})
	if shift, _ := rota.Staffs(at(t, "2026-01-02 19:00")); shift.Unit != "odder" {
		t.Errorf("well again: %+v", shift)
	}
	if _, ok := rota.Staffs(at(t, "2026-01-02 18:59:59")); ok {
		t.Error("being well again altered what was")
	}
}

func TestTenYearsOfEvenings(t *testing.T) {
	rota, evenings := Brus(), map[Unit]int{}
	first, _ := rota.Dates()
	begin := first.midnight()
	for _, shift := range rota.Shifts(begin, begin.AddDate(10, 0, 0)) {
		evenings[shift.Unit]++
		local := shift.Start.In(copenhagen)
		if local.Hour() != 18 || local.Minute() != 0 || shift.End.Sub(shift.Start) != 3*time.Hour || DateOf(local) != first {
			t.Fatalf("%s: %+v", first, shift)
		}
		first++
	}
	if days := DateOf(begin.AddDate(10, 0, 0)); first != days {
		t.Errorf("up to %s, want %s", first, days)
	}
	for unit, n := range evenings {
		if n < 332 || n > 333 { // of 3652 evenings
			t.Errorf("%s has %d evenings", unit, n)
		}
	}
}

func TestOutsideOfWhatIsKnown(t *testing.T) {
	rota := Brus()
	for _, when := range []time.Time{{}, at(t, "2025-12-31 20:00"), at(t, "2076-01-01 20:00"), time.Unix(1<<55, 0), time.Unix(-1<<55, 0)} {
		if shift, ok := rota.Staffs(when); ok {
			t.Errorf("%v: %+v", when, shift)
		}
	}
	if next, ok := rota.Next(at(t, "2024-12-30 20:00")); ok {
		t.Errorf("within a year there is none, but %+v", next)
	}
	if next, ok := rota.Next(at(t, "2025-01-01 20:00")); !ok || next.Unit != "skive" || !next.Start.Equal(at(t, "2026-01-01 18:00")) {
		t.Errorf("first of all: %+v", next)
	}
	if _, ok := rota.Next(at(t, "2075-12-31 18:00")); ok {
		t.Error("there is one after the last")
	}
	if all := rota.Shifts(time.Time{}, time.Unix(1<<40, 0)); len(all) != 18262 {
		t.Errorf("%d shifts in all", len(all))
	}
}

// The clocks go forward at 02:00 on 2026-03-29 and back at 03:00 on 2026-10-25.
func TestClockChanges(t *testing.T) {
	for _, test := range []struct {
		shift, date, start string
		hours              float64
	}{
		{"22:00-04:00", "2026-03-28", "2026-03-28T21:00:00Z", 5},
		{"22:00-04:00", "2026-10-24", "2026-10-24T20:00:00Z", 7},
		{"02:30-06:00", "2026-03-29", "2026-03-29T01:00:00Z", 3},
		{"02:30-06:00", "2026-10-25", "2026-10-25T00:30:00Z", 4.5},
		{"22:00-02:30", "2026-10-24", "2026-10-24T20:00:00Z", 4.5},
		{"00:00-24:00", "2026-10-25", "2026-10-24T22:00:00Z", 25},
		{"02:15-02:45", "2026-03-29", "", 0},
	} {
		window, _ := parseWindow(test.shift)
		date, _ := ParseDate(test.date)
		start, end := window.on(date, copenhagen)
		if test.start == "" {
			if start.Before(end) {
				t.Errorf("%s on %s is not skipped", test.shift, test.date)
			}
			continue
		}
		if got := start.UTC().Format(time.RFC3339); got != test.start || end.Sub(start).Hours() != test.hours {
			t.Errorf("%s on %s: %s for %v", test.shift, test.date, got, end.Sub(start))
		}
	}
}

func BenchmarkStaffs(b *testing.B) {
	now := at(b, "2026-01-02 17:55")
	busy := Brus()
	for i := range 500 {
		day := now.AddDate(0, 0, i)
		busy = with(b, busy, Change{day, "leader", Sick{busy.units[i%11], day, day.Add(14 * time.Hour)}})
	}
	for name, rota := range map[string]*Rota{"rotation": Brus(), "sick every day": busy} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				rota.Staffs(now.Add(200*24*time.Hour + 2*time.Hour))
			}
		})
	}
}

func BenchmarkNext(b *testing.B) {
	rota, now := Brus(), at(b, "2027-01-02 19:55")
	for b.Loop() {
		rota.Next(now)
	}
}

func BenchmarkParse(b *testing.B) {
	for b.Loop() {
		if _, err := Parse("brus.yaml", embedded); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkWith(b *testing.B) {
	now := at(b, "2026-01-02 17:55")
	change := Change{now, "leader", Sick{"herning", now, now.Add(12 * time.Hour)}}
	for b.Loop() {
		if _, err := Brus().With(change); err != nil {
			b.Fatal(err)
		}
	}
}
