package rota

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// oracle determines slowly who staffs the line. It walks minute by minute and remembers the
// latest time that the clock on the wall has shown, so that a repeated hour counts once. For
// every minute it examines all changes.
type oracle struct {
	zone          *time.Location
	opens, closes int
	weekdays      []time.Weekday
	order         []Unit
	first         time.Time
	changes       []Change
	latest        time.Time // as if in UTC
	turns         map[time.Time]int
}

// walk advances to the next minute.
func (o *oracle) walk(t time.Time) {
	local := t.In(o.zone)
	shown := time.Date(local.Year(), local.Month(), local.Day(), local.Hour(), local.Minute(), 0, 0, time.UTC)
	if shown.After(o.latest) {
		o.latest = shown
	}
}

func (o *oracle) staffs(t time.Time) Unit {
	for back := range 2 {
		day := o.latest.Truncate(24*time.Hour).AddDate(0, 0, -back)
		minute := int(o.latest.Sub(day) / time.Minute)
		if o.opens <= minute && minute < o.closes && o.rotates(day) {
			return o.unit(day, t)
		}
	}
	return Nobody
}

func (o *oracle) rotates(day time.Time) bool {
	return !day.Before(o.first) && slices.Contains(o.weekdays, day.Weekday())
}

// turn counts the shifts one by one, once for each day.
func (o *oracle) turn(day time.Time) int {
	if turn, ok := o.turns[day]; ok {
		return turn
	}
	n := 0
	for d := o.first; d.Before(day); d = d.AddDate(0, 0, 1) {
		if o.rotates(d) {
			n++
		}
	}
	o.turns[day] = n % len(o.order)
	return o.turns[day]
}

func (o *oracle) unit(day time.Time, t time.Time) Unit {
	has := map[Date]Unit{}
	who := func(date Date) Unit {
		if unit, ok := has[date]; ok {
			return unit
		}
		return o.order[o.turn(date.midnight())]
	}
	date := DateOf(day)
	for _, change := range o.changes {
		switch action := change.Action.(type) {
		case Cover:
			begun := !t.Before(change.At)
			from := action.From.IsZero() || !t.Before(action.From)
			until := action.Until.IsZero() || t.Before(action.Until)
			if action.Date != date || begun && from && until {
				has[action.Date] = action.Unit
			}
		case Swap:
			has[action.A], has[action.B] = who(action.B), who(action.A)
		}
	}
	unit, turn := who(date), o.turn(day)
	if unit == Nobody || !o.sick(unit, t) {
		return unit
	}
	after := slices.Index(o.order, unit)
	if after < 0 {
		after = turn - 1 + len(o.order)
	}
	for i := 1; i <= len(o.order); i++ {
		if next := o.order[(after+i)%len(o.order)]; !o.sick(next, t) {
			return next
		}
	}
	return Nobody
}

func (o *oracle) sick(unit Unit, t time.Time) bool {
	sick := false
	for _, change := range o.changes {
		switch action := change.Action.(type) {
		case Sick:
			sick = sick || action.Unit == unit && !t.Before(action.From) && t.Before(action.Until)
		case Well:
			sick = sick && (action.Unit != unit || t.Before(change.At))
		}
	}
	return sick
}

// world draws a rota and its oracle around a day.
func world(t *rapid.T) (*Rota, *oracle, Date) {
	zone := rapid.SampledFrom([]string{"Europe/Copenhagen", "Europe/Oslo", "America/Sao_Paulo", "Australia/Lord_Howe"}).Draw(t, "zone")
	opens := rapid.IntRange(0, dayMinutes-1).Draw(t, "opens")
	closes := rapid.IntRange(opens+1, opens+dayMinutes).Draw(t, "closes")
	if closes > dayMinutes && closes-dayMinutes >= opens {
		closes = dayMinutes
	}
	weekdays := rapid.SampledFrom([]string{"MO,TU,WE,TH,FR,SA,SU", "SU,MO,TU,WE,TH", "SA"}).Draw(t, "weekdays")
	order := rapid.SampledFrom([]string{"a", "a, b", "c, a, b"}).Draw(t, "order")
	text := strings.NewReplacer("Europe/Copenhagen", zone, "18:00-21:00", fmt.Sprintf("%s-%s", clock(opens), clock(closes)),
		"FREQ=DAILY", "FREQ=WEEKLY;BYDAY="+weekdays, "[a, b, c]", "["+order+"]", "2026-01-01", "2017-01-01").Replace(small)
	rota := mustParse(t, text)
	o := &oracle{turns: map[time.Time]int{}, zone: rota.zone, opens: opens, closes: closes, order: rota.rotation.order, first: rota.rotation.first.midnight()}
	for _, name := range strings.Split(weekdays, ",") {
		o.weekdays = append(o.weekdays, time.Weekday(slices.Index([]string{"SU", "MO", "TU", "WE", "TH", "FR", "SA"}, name)))
	}
	// The clocks change on these days in one of the zones.
	day := rapid.SampledFrom([]string{"2017-10-15", "2018-02-18", "2018-03-25", "2018-10-28", "2018-04-01", "2018-10-07", "2019-06-01"}).Draw(t, "day")
	date, _ := ParseDate(day)
	return rota, o, date + Date(rapid.IntRange(-1, 1).Draw(t, "beside"))
}

func clock(minute int) string {
	if minute > dayMinutes {
		minute -= dayMinutes
	}
	return fmt.Sprintf("%02d:%02d", minute/60, minute%60)
}

func mustParse(t *rapid.T, text string) *Rota {
	rota, err := Parse("r.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return rota
}

// drawChange draws a change that may be refused.
func drawChange(t *rapid.T, rota *Rota, about Date, now time.Time) Change {
	unit := rapid.SampledFrom([]Unit{"a", "b", "c"})
	date := rapid.Custom(func(t *rapid.T) Date { return about + Date(rapid.IntRange(-3, 3).Draw(t, "date")) })
	instant := rapid.Custom(func(t *rapid.T) time.Time {
		return now.Add(time.Duration(rapid.IntRange(0, 4*dayMinutes).Draw(t, "minute")) * time.Minute)
	})
	var action Action
	switch rapid.IntRange(0, 5).Draw(t, "action") {
	case 0:
		action = Cover{Date: date.Draw(t, "cover"), Unit: unit.Draw(t, "by")}
	case 1:
		action = Cover{Date: date.Draw(t, "cover"), Unit: Nobody}
	case 2:
		action = within(t, rota, about, unit.Draw(t, "by"))
	case 3:
		action = Swap{date.Draw(t, "a"), date.Draw(t, "b")}
	case 4:
		action = Well{unit.Draw(t, "well")}
	default:
		action = Sick{unit.Draw(t, "sick"), instant.Draw(t, "from"), instant.Draw(t, "until")}
	}
	return Change{now, "somebody", action}
}

// within draws a cover of a part of a shift.
func within(t *rapid.T, rota *Rota, date Date, unit Unit) Cover {
	start, end := rota.window.on(date, rota.zone)
	minutes := rapid.IntRange(0, max(0, int(end.Sub(start)/time.Minute)))
	from := start.Add(time.Duration(minutes.Draw(t, "from")) * time.Minute)
	return Cover{date, unit, from, start.Add(time.Duration(minutes.Draw(t, "until")) * time.Minute)}
}

// changed applies those of some drawn changes that are not refused.
func changed(t *rapid.T, rota *Rota, about Date) (*Rota, []Change) {
	now := firstAt((about - 2).at(0), rota.zone)
	var made []Change
	for range rapid.IntRange(0, 12).Draw(t, "changes") {
		now = now.Add(time.Duration(rapid.IntRange(0, 600).Draw(t, "later")) * time.Minute)
		c := drawChange(t, rota, about, now)
		if next, err := rota.With(c); err == nil {
			rota, made = next, append(made, c)
		}
	}
	return rota, made
}

func TestStaffsAsTheOracleSays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rota, o, about := world(t)
		rota, o.changes = changed(t, rota, about)
		begin := (about - 2).midnight()
		for minute := range 4 * dayMinutes {
			when := begin.Add(time.Duration(minute) * time.Minute)
			o.walk(when)
			if minute < dayMinutes {
				continue // until the latest time shown is known
			}
			want := o.staffs(when)
			if got, ok := rota.Staffs(when); got.Unit != want || ok != (want != Nobody) {
				t.Fatalf("%s: %+v, the oracle says %q", when.In(rota.zone), got, want)
			}
		}
	})
}

// Every minute of two years without changes.
func TestBrusAsTheOracleSays(t *testing.T) {
	rota := Brus()
	o := &oracle{turns: map[time.Time]int{}, zone: copenhagen, opens: 18 * 60, closes: 21 * 60, order: rota.rotation.order, first: rota.rotation.first.midnight(),
		weekdays: []time.Weekday{0, 1, 2, 3, 4, 5, 6}}
	for when := o.first; when.Before(o.first.AddDate(2, 0, 0)); when = when.Add(time.Minute) {
		o.walk(when)
		want := o.staffs(when)
		if got, ok := rota.Staffs(when); got.Unit != want || ok != (want != Nobody) {
			t.Fatalf("%s: %+v, the oracle says %q", when, got, want)
		}
	}
}

// Staffs, Next and Shifts agree.
func TestNextAndShiftsAgree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rota, _, about := world(t)
		rota, _ = changed(t, rota, about)
		begin, end := (about - 8).midnight(), (about + 8).midnight()
		var walked []Shift
		for next, ok := rota.Next(begin); ok && next.Start.Before(end); next, ok = rota.Next(next.Start) {
			walked = append(walked, next)
			if now, _ := rota.Staffs(next.Start); now != next {
				t.Fatalf("%+v begins, but %+v holds", next, now)
			}
			if last, _ := rota.Staffs(next.End.Add(-1)); last != next {
				t.Fatalf("%+v ends, but %+v holds", next, last)
			}
		}
		all := slices.DeleteFunc(rota.Shifts(begin, end), func(s Shift) bool { return !s.Start.After(begin) })
		if !slices.Equal(walked, all) {
			t.Fatalf("%+v\nbut %+v", walked, all)
		}
	})
}

// The same changes give the same rota, one at a time or all at once.
func TestReplayIsDeterministic(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rota, _, about := world(t)
		one, made := changed(t, rota, about)
		all, err := rota.With(made...)
		if err != nil {
			t.Fatal(err)
		}
		begin, end := (about - 8).midnight(), (about + 8).midnight()
		if !slices.Equal(one.Parts(begin, end), all.Parts(begin, end)) {
			t.Fatal("replay gave other shifts")
		}
	})
}

// In a long rotation with swaps no unit has more than its share of turns.
func TestSwapsKeepTheRotationFair(t *testing.T) {
	rota, now := Brus(), at(t, "2026-01-01 12:00")
	random := rand.New(rand.NewPCG(1, 2))
	first, _ := rota.Dates()
	for range 300 {
		swap := Swap{first + 1 + Date(random.IntN(1000)), first + 1 + Date(random.IntN(1000))}
		if next, err := rota.With(Change{now, "x", swap}); err == nil {
			rota = next
		}
	}
	evenings := map[Unit]int{}
	for _, shift := range rota.Shifts(first.midnight(), (first + 1100).midnight()) {
		evenings[shift.Unit]++
	}
	for unit, n := range evenings {
		if n != 100 {
			t.Errorf("%s has %d evenings of 1100", unit, n)
		}
	}
}
