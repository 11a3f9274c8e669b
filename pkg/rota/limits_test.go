package rota

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
)

// unitsFile is a daily rota around the clock with the given number of units.
func unitsFile(units int) string {
	var text strings.Builder
	text.WriteString("version: \"1\"\nline: brus\nzone: Europe/Copenhagen\nshift: 00:00-24:00\nunits:\n")
	for i := range units {
		fmt.Fprintf(&text, "  u%d: {nb: N%d, da: D%d, en: E%d}\n", i, i, i, i)
	}
	text.WriteString("rotation:\n  first: 2026-01-01\n  shifts: FREQ=DAILY\n  order:\n")
	for i := range units {
		fmt.Fprintf(&text, "    - u%d\n", i)
	}
	return text.String()
}

// covered divides the shifts of the next days into the maximum number of parts.
func covered(now time.Time, days int) (changes []Change) {
	for day := range days {
		start := firstAt((DateOf(now) + Date(1+day)).at(0), copenhagen)
		for i := range maxParts - 1 {
			from := start.Add(time.Duration(i) * 20 * time.Minute)
			cover := Cover{DateOf(start), Unit(fmt.Sprintf("u%d", 1+i%2)), from, from.Add(20 * time.Minute)}
			changes = append(changes, Change{now, "x", cover})
		}
	}
	return changes
}

// flu makes the first units sick, as many as given, for five consecutive spells: together the
// maximum that a rota holds.
func flu(now time.Time, units int, spell time.Duration) (changes []Change) {
	for unit := range units {
		from := now.Add(time.Duration(unit) * time.Second)
		for range maxAbsences / maxUnits {
			changes = append(changes, Change{now, "x", Sick{Unit(fmt.Sprintf("u%d", unit)), from, from.Add(spell)}})
			from = from.Add(spell)
		}
	}
	return changes
}

// worst returns the largest possible rotas: everything happens within the next day, or over
// weeks in which no unit is available.
func worst(t testing.TB, now time.Time) map[string]*Rota {
	rota := parsed(t, unitsFile(maxUnits))
	crowded := append(covered(now, 1), flu(now.Add(24*time.Hour), maxUnits-1, 3*time.Hour)...)
	empty := append(covered(now, 20), flu(now.Add(time.Minute), maxUnits, 40*24*time.Hour)...)
	return map[string]*Rota{"crowded day": with(t, rota, crowded...), "nobody for weeks": with(t, rota, empty...)}
}

func BenchmarkWorst(b *testing.B) {
	now := at(b, "2026-03-02 00:00")
	for name, rota := range worst(b, now) {
		b.Run(name+"/staffs", func(b *testing.B) {
			for b.Loop() {
				rota.Staffs(now.Add(36 * time.Hour))
			}
		})
		b.Run(name+"/next", func(b *testing.B) {
			for b.Loop() {
				rota.NextWithin(now.Add(36*time.Hour), 15*24*time.Hour)
			}
		})
		b.Run(name+"/next in a year", func(b *testing.B) {
			for b.Loop() {
				rota.Next(now.Add(36 * time.Hour))
			}
		})
	}
}

func refusedFor(t *testing.T, err error, reason Reason, index int) {
	t.Helper()
	var refused *Refused
	if !errors.As(err, &refused) || refused.Reason != reason || refused.Index != index {
		t.Errorf("%v, want change %d refused: %s", err, index+1, reason)
	}
}

func TestAFileHasAtMostSoManyUnits(t *testing.T) {
	parsed(t, unitsFile(maxUnits))
	if _, err := Parse("r.yaml", []byte(unitsFile(maxUnits+1))); err == nil || !strings.Contains(err.Error(), "there are 101 units; write at most 100") {
		t.Error(err)
	}
}

func TestSoManyAbsencesAtOnce(t *testing.T) {
	now := at(t, "2026-03-02 00:00")
	rota := with(t, parsed(t, unitsFile(maxUnits)), flu(now, maxUnits, time.Hour)...)
	later := now.Add(6 * time.Hour)
	_, err := rota.With(Change{later, "x", Sick{"u1", later, later.Add(time.Hour)}})
	refusedFor(t, err, TooMany, 0)
	later = now.Add(settled + 6*time.Hour) // absences that have ended do not count
	with(t, rota, flu(later, maxUnits, time.Hour)...)
}

func TestSoManyDatesAtOnce(t *testing.T) {
	now := at(t, "2026-03-02 00:00")
	var file strings.Builder
	file.WriteString(unitsFile(3) + "covers:\n")
	for day := range maxDated - 1 {
		fmt.Fprintf(&file, "  %s: u1\n", DateOf(now)+Date(day))
	}
	rota := parsed(t, file.String())
	far := DateOf(now) + 3000
	_, err := rota.With(Change{now, "x", Swap{far, far + 1}})
	refusedFor(t, err, TooMany, 0)
	again := Change{now, "x", Cover{Date: DateOf(now) + 1, Unit: "u2"}}
	rota = with(t, rota, again, Change{now, "x", Cover{Date: far, Unit: "u2"}}, again)
	one := Cover{Date: far + 1, Unit: "u2"}
	_, err = rota.With(Change{now, "x", one})
	refusedFor(t, err, TooMany, 0)
	with(t, rota, Change{now.Add(settled), "x", one})
}

func TestSoManyPartsOfAShift(t *testing.T) {
	now := at(t, "2026-03-02 00:00")
	rota := with(t, parsed(t, unitsFile(3)), covered(now, 1)...)
	end := firstAt((DateOf(now) + 2).at(0), copenhagen)
	_, err := rota.With(Change{now, "x", Cover{DateOf(now) + 1, "u0", end.Add(-2 * time.Minute), end.Add(-time.Minute)}})
	refusedFor(t, err, TooMany, 0)
	with(t, rota, Change{now, "x", Cover{Date: DateOf(now) + 1, Unit: "u0"}})
}

func TestSoManyChangesOfAFile(t *testing.T) {
	now := at(t, "2026-03-02 00:00")
	same := Change{now, "x", Cover{Date: DateOf(now) + 1, Unit: "u0"}}
	var changes []Change
	for range maxChanges {
		changes = append(changes, same)
	}
	rota := with(t, parsed(t, unitsFile(3)), changes...)
	_, err := rota.With(same)
	refusedFor(t, err, TooMany, 0)
	_, err = parsed(t, unitsFile(3)).With(append(changes, same)...)
	refusedFor(t, err, TooMany, maxChanges)
	if want := "change 2001 (cover): 2000 changes were made since the file was applied; write what still holds into the file, apply it again, and change that"; err.Error() != want {
		t.Errorf("%v\nwant %s", err, want)
	}
	with(t, parsed(t, string(rota.File(now))), same)
}
