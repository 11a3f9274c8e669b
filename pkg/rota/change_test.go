package rota

import (
	"errors"
	"testing"
	"time"
)

func TestChangesAreRefused(t *testing.T) {
	now := at(t, "2026-01-05 19:00") // b has the shift, which has begun
	today := DateOf(now)
	day := func(date string) time.Time { return at(t, date+" 12:00") }
	rota := with(t, parsed(t, small),
		Change{now, "x", Sick{"c", day("2026-01-08"), day("2026-01-10")}},
		Change{now, "x", Cover{Date: today + 1, Unit: Nobody}},
		Change{now, "x", Cover{Date: today + 3, Unit: "a", From: at(t, "2026-01-08 20:00")}})
	for name, test := range map[string]struct {
		change Change
		reason Reason
		want   string
	}{
		"unsigned":          {Change{now, "", Well{"c"}}, Unsigned, "change 1 (well): nobody made it; say who"},
		"no time":           {Change{By: "x", Action: Well{"c"}}, Unsigned, "change 1 (well): it was made at no time; say when"},
		"nothing":           {Change{At: now, By: "x"}, NoAction, "change 1 (nothing): it does nothing; say what"},
		"out of order":      {Change{now.Add(-time.Second), "x", Well{"c"}}, OutOfOrder, "change 1 (well): it was made at 2026-01-05 18:59:59 +01:00, before the change at 2026-01-05 19:00:00 +01:00; make changes in their order"},
		"unknown cover":     {Change{now, "x", Cover{Date: today, Unit: "d"}}, UnknownUnit, `change 1 (cover): there is no unit "d"; name one of [a b c]`},
		"cover long ago":    {Change{now, "x", Cover{Date: today - 1, Unit: "a"}}, Past, "change 1 (cover): the shift of 2026-01-04 ended at 2026-01-04 21:00:00 +01:00; cover one that has not ended"},
		"cover never":       {Change{now, "x", Cover{Date: today - 9999, Unit: "a"}}, NoShift, "change 1 (cover): there is no shift on 1998-08-21; name a date of the rotation"},
		"cover began":       {Change{now, "x", Cover{Date: today, Unit: "a", From: at(t, "2026-01-05 18:30")}}, Past, "change 1 (cover): it begins at 2026-01-05 18:30:00 +01:00, before now (2026-01-05 19:00:00 +01:00); begin now or later"},
		"cover outside":     {Change{now, "x", Cover{Date: today, Unit: "a", Until: at(t, "2026-01-05 21:01")}}, NoShift, "change 1 (cover): the shift of 2026-01-05 is from 2026-01-05 18:00:00 +01:00 until 2026-01-05 21:00:00 +01:00; cover time within it"},
		"cover reversed":    {Change{now, "x", Cover{Date: today, Unit: "a", From: at(t, "2026-01-05 20:30"), Until: at(t, "2026-01-05 20:00")}}, Reversed, "change 1 (cover): it begins at 2026-01-05 20:30:00 +01:00 and ends at 2026-01-05 20:00:00 +01:00; begin before the end"},
		"cover by the sick": {Change{now, "x", Cover{Date: today + 4, Unit: "c"}}, UnitSick, "change 1 (cover): c is sick from 2026-01-08 12:00:00 +01:00 until 2026-01-10 12:00:00 +01:00; name another unit"},
		"swap with itself":  {Change{now, "x", Swap{today + 5, today + 5}}, WithItself, "change 1 (swap): 2026-01-10 cannot be swapped with itself; name two dates"},
		"swap of one unit":  {Change{now, "x", Swap{today + 5, today + 8}}, WithItself, "change 1 (swap): a has both 2026-01-10 and 2026-01-13; name a date of another unit"},
		"swap of no shift":  {Change{now, "x", Swap{today + 5, today + 99999}}, NoShift, "change 1 (swap): there is no shift on 2299-10-20; name a date of the rotation"},
		"swap begun":        {Change{now, "x", Swap{today, today + 5}}, Past, "change 1 (swap): the shift of 2026-01-05 began at 2026-01-05 18:00:00 +01:00; swap one that has not begun"},
		"swap of nobody":    {Change{now, "x", Swap{today + 5, today + 1}}, NobodyHas, "change 1 (swap): nobody has the shift of 2026-01-06; cover it instead"},
		"swap divided":      {Change{now, "x", Swap{today + 3, today + 5}}, Divided, "change 1 (swap): several units have parts of the shift of 2026-01-08; cover it instead"},
		"unknown sick":      {Change{now, "x", Sick{"d", now, day("2026-01-06")}}, UnknownUnit, `change 1 (sick): there is no unit "d"; name one of [a b c]`},
		"nobody sick":       {Change{now, "x", Sick{Nobody, now, day("2026-01-06")}}, UnknownUnit, "change 1 (sick): nobody cannot be sick; name one of [a b c]"},
		"sick twice":        {Change{now, "x", Sick{"c", now, day("2026-01-09")}}, Overlaps, "change 1 (sick): c is sick from 2026-01-08 12:00:00 +01:00 until 2026-01-10 12:00:00 +01:00 already; name time outside of it"},
		"sick reversed":     {Change{now, "x", Sick{"a", day("2026-01-09"), day("2026-01-09")}}, Reversed, "change 1 (sick): it begins at 2026-01-09 12:00:00 +01:00 and ends at 2026-01-09 12:00:00 +01:00; begin before the end"},
		"sick in the past":  {Change{now, "x", Sick{"a", day("2026-01-05"), day("2026-01-09")}}, Past, "change 1 (sick): it begins at 2026-01-05 12:00:00 +01:00, before now (2026-01-05 19:00:00 +01:00); begin now or later"},
		"well and not sick": {Change{now, "x", Well{"a"}}, NotSick, "change 1 (well): a is not sick, now or later; name a unit that is"},
		"unknown well":      {Change{now, "x", Well{"d"}}, UnknownUnit, `change 1 (well): there is no unit "d"; name one of [a b c]`},
	} {
		t.Run(name, func(t *testing.T) {
			changed, err := rota.With(test.change)
			var refused *Refused
			if !errors.As(err, &refused) || refused.Reason != test.reason || err.Error() != test.want || changed != nil {
				t.Errorf("%v\nwant %s: %s", err, test.reason, test.want)
			}
		})
	}
}

func TestTheRefusedChangeIsNamed(t *testing.T) {
	now := at(t, "2026-01-05 12:00")
	sick := Change{now, "x", Sick{"a", now, now.Add(time.Hour)}}
	changed, err := parsed(t, small).With(sick, sick)
	var refused *Refused
	if !errors.As(err, &refused) || refused.Index != 1 || changed != nil {
		t.Errorf("%v, %v", changed, err)
	}
}

func TestCoverOfWhatHasBegun(t *testing.T) {
	now := at(t, "2026-01-05 19:00")
	rota := with(t, parsed(t, small), Change{now, "x", Cover{Date: DateOf(now), Unit: "a"}})
	rota = with(t, rota, Change{now, "x", Cover{DateOf(now), Nobody, at(t, "2026-01-05 20:00"), at(t, "2026-01-05 20:15")}})
	for clock, want := range map[string]Unit{"18:59": "b", "19:00": "a", "19:59": "a", "20:00": Nobody, "20:14": Nobody, "20:15": "a", "20:59": "a"} {
		if got, _ := rota.Staffs(at(t, "2026-01-05 "+clock)); got.Unit != want {
			t.Errorf("%s: %q, want %q", clock, got.Unit, want)
		}
	}
}

func TestCoversOfPartsOfAShift(t *testing.T) {
	now := at(t, "2026-01-05 12:00")
	clock := func(clock string) time.Time { return at(t, "2026-01-05 "+clock) }
	rota := with(t, parsed(t, small), Change{now, "x", Cover{DateOf(now), "a", clock("20:00"), clock("20:30")}},
		Change{now, "x", Cover{DateOf(now), "c", clock("18:30"), clock("19:00")}},
		Change{now, "x", Cover{DateOf(now), "c", clock("20:15"), clock("20:30")}})
	for when, want := range map[string]Unit{"18:00": "b", "18:30": "c", "19:00": "b", "20:00": "a", "20:15": "c", "20:30": "b", "20:59": "b"} {
		if got, _ := rota.Staffs(clock(when)); got.Unit != want {
			t.Errorf("%s: %q, want %q", when, got.Unit, want)
		}
	}
}

func TestACovererMayBeOutsideOfTheRotation(t *testing.T) {
	text := small[:len(small)-len("[a, b, c]\n")] + "[a, b]\n"
	now := at(t, "2026-01-02 12:00")
	rota := with(t, parsed(t, text), Change{now, "x", Cover{Date: DateOf(now), Unit: "c"}},
		Change{now, "x", Sick{"c", now, now.Add(24 * time.Hour)}})
	if got, _ := rota.Staffs(at(t, "2026-01-02 18:00")); got.Unit != "b" || got.For != "c" {
		t.Errorf("%+v, want b, whose turn it is", got)
	}
}

// Well shortens an absence, which moves it before others in the order of their ends.
func TestWellAgainBesideTheSick(t *testing.T) {
	now := at(t, "2026-01-01 08:00")
	rota := with(t, parsed(t, small), Change{now, "x", Sick{"a", now, at(t, "2026-01-02 08:00")}},
		Change{now, "x", Sick{"b", now, at(t, "2026-01-03 08:00")}}, Change{at(t, "2026-01-01 12:00"), "x", Well{"b"}})
	if got, _ := rota.Staffs(at(t, "2026-01-01 18:00")); got.Unit != "b" || got.For != "a" {
		t.Errorf("%+v, want b for a", got)
	}
}
