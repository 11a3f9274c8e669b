package directory

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/stafett/stafett/pkg/directory/internal/directorytest"
	"github.com/stafett/stafett/pkg/directory/internal/fit"
	"github.com/stafett/stafett/pkg/directory/linefile"
	"github.com/stafett/stafett/pkg/directory/schedule"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
)

// toldSlots formats slots as the child is shown them.
func toldSlots(slots []*routingv1.LocalSlot) (lines []string) {
	for _, s := range slots {
		lines = append(lines, strings.TrimPrefix(s.Slot.Line, "lines/")+" "+s.LocalStart+" "+s.LocalEnd)
	}
	return lines
}

// On the night to Sunday no line for mental health is open: the child is offered Sunday at
// 15:00 on its own clock, even if the clocks change in between.
func TestSlotsOnSaturdayNight(t *testing.T) {
	need := Need{Header: header("nb", 14), Topics: []string{"MH.self_concept"}, FromLine: "alarmtelefonen"}
	for _, test := range []struct{ from, zone, want string }{
		{"2026-03-08T00:20:00+01:00", "Europe/Oslo", "snakkompsyken 2026-03-08T15:00:00+01:00 2026-03-08T21:00:00+01:00"},
		{"2026-03-29T00:20:00+01:00", "Europe/Oslo", "snakkompsyken 2026-03-29T15:00:00+02:00 2026-03-29T21:00:00+02:00"},
		{"2026-10-25T00:20:00+02:00", "Europe/Oslo", "snakkompsyken 2026-10-25T15:00:00+01:00 2026-10-25T21:00:00+01:00"},
		{"2026-03-08T00:20:00+01:00", "Europe/London", "snakkompsyken 2026-03-08T14:00:00Z 2026-03-08T20:00:00Z"},
		{"2026-03-08T16:20:00+01:00", "Europe/Oslo", "snakkompsyken 2026-03-08T16:35:00+01:00 2026-03-08T21:00:00+01:00"},
	} {
		got := New(linefile.Example()).Slots(need, directorytest.Instant(t, test.from), schedule.Zone(test.zone), 5)
		if diff := cmp.Diff([]string{test.want}, toldSlots(got)); diff != "" {
			t.Error(diff)
		}
		if start := got[0].Slot.StartTime.AsTime(); got[0].TimeZone != test.zone || !start.Equal(directorytest.Instant(t, got[0].LocalStart)) {
			t.Errorf("%v", got[0])
		}
	}
}

// The soonest slot comes first and, among equals, the line that suits best. A line that never
// closes is offered for a day.
func TestSlotsInOrder(t *testing.T) {
	need := Need{Header: header("da", 12), Topics: []string{"FR.x_parent_substance_use"}}
	want := []string{
		"cyberhus 2026-03-03T14:00:00+01:00 2026-03-03T22:00:00+01:00",
		"brus 2026-03-03T18:00:00+01:00 2026-03-03T21:00:00+01:00",
	}
	all, zone := New(linefile.Example()), schedule.Zone("Europe/Copenhagen")
	if diff := cmp.Diff(want, toldSlots(all.Slots(need, directorytest.Instant(t, "2026-03-03T12:00:00+01:00"), zone, 5))); diff != "" {
		t.Error(diff)
	}
	if got := all.Slots(need, directorytest.Instant(t, "2026-03-03T12:00:00+01:00"), zone, 1); len(got) != 1 {
		t.Errorf("%d slots", len(got))
	}
	both := []string{
		"brus 2026-03-03T19:15:00+01:00 2026-03-03T21:00:00+01:00",
		"cyberhus 2026-03-03T19:15:00+01:00 2026-03-03T22:00:00+01:00",
	}
	if diff := cmp.Diff(both, toldSlots(all.Slots(need, directorytest.Instant(t, "2026-03-03T19:00:00+01:00"), zone, 5))); diff != "" {
		t.Error(diff)
	}
	need = Need{Header: header("no", 14), Topics: []string{"V.physical"}}
	always := all.Slots(need, directorytest.Instant(t, "2026-03-03T19:00:00+01:00"), schedule.Zone("Europe/Oslo"), 5)
	if diff := cmp.Diff([]string{"alarmtelefonen 2026-03-03T19:15:00+01:00 2026-03-04T19:15:00+01:00"}, toldSlots(always)); diff != "" {
		t.Error(diff)
	}
}

// Among slots that begin together the line that suits best comes first; current seats do not
// matter.
func TestSlotsAtOneTime(t *testing.T) {
	all := New(nil)
	for name, of := range map[string]string{"a": "cyberhus", "b": "brus", "c": "brus"} {
		line := directorytest.Line(t, of)
		line.Name = "lines/" + name
		all = all.With(name, line, Live{})
	}
	waitless := someSeats()
	waitless.Seats[chat] = Seats{Free: 3}
	all = all.With("c", all.Line("c"), waitless)
	need := Need{Header: header("da", 12), Topics: []string{"FR.x_parent_substance_use"}}
	var order []string
	for _, s := range all.Slots(need, directorytest.Instant(t, "2026-03-03T19:00:00+01:00"), time.UTC, 5) {
		order = append(order, strings.TrimPrefix(s.Slot.Line, "lines/"))
	}
	if diff := cmp.Diff([]string{"b", "c", "a"}, order); diff != "" {
		t.Error(diff)
	}
}

// If no line opens, or none that suits, there are no slots.
func TestNoSlots(t *testing.T) {
	at := directorytest.Instant(t, "2026-03-03T19:00:00+01:00")
	need := Need{Header: header("da", 12), Topics: []string{"FR.x_parent_substance_use"}}
	closed := &handoverv1.Closure{}
	for name, all := range map[string]*Directory{
		"no lines":        New(nil),
		"closed for long": with(t, "brus", Live{Closures: []*handoverv1.Closure{closed}}),
		"staffed never":   with(t, "brus", Live{Staffing: shift{}}),
		"no line suits":   with(t, "snakkompsyken", someSeats()),
	} {
		if got := all.Slots(need, at, time.UTC, 5); len(got) > 0 {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// A slot is a time at which its line is open and would be asked, and no earlier time is one.
func TestSlotsAreOpenings(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		at := drawEvening(t)
		all, need := drawLives(t, New(drawLines(t)), at), drawNeed(t)
		slots := all.Slots(need, at, time.UTC, 50)
		if !slices.IsSortedFunc(slots, func(a, b *routingv1.LocalSlot) int {
			return a.Slot.StartTime.AsTime().Compare(b.Slot.StartTime.AsTime())
		}) {
			t.Fatalf("not the soonest first: %v", slots)
		}
		for _, s := range slots {
			id, start, end := strings.TrimPrefix(s.Slot.Line, "lines/"), s.Slot.StartTime.AsTime(), s.Slot.EndTime.AsTime()
			if !all.OpenAt(id, need.Header.Channel, start) || !all.OpenAt(id, need.Header.Channel, end.Add(-time.Second)) || end.Sub(start) > longestSlot {
				t.Fatalf("%s is not open from %s to %s", id, start, end)
			}
			for before := at.Add(soonestSlot); before.Before(start); before = before.Add(time.Minute) {
				if all.OpenAt(id, need.Header.Channel, before) {
					t.Fatalf("%s is open at %s already", id, before)
				}
			}
			if failed := all.Unsuitable(id, need, fit.Warm, at); len(failed) > 0 {
				t.Fatalf("%s: %v", id, failed)
			}
		}
	})
}

func TestUnsuitable(t *testing.T) {
	const signpost = handoverv1.ReceptionWay_RECEPTION_WAY_SIGNPOST
	at := directorytest.Instant(t, "2026-03-07T00:20:00+01:00")
	line := directorytest.Line(t, "snakkompsyken")
	line.ReceivesFrom = []*handoverv1.Reception{{Line: "alarmtelefonen", Way: signpost}, {Line: "brus", Way: fit.Warm}}
	all := New(nil).With("snakkompsyken", line, Live{})
	for _, test := range []struct {
		id, from string
		age      int32
		way      handoverv1.ReceptionWay
		want     []handoverv1.Verdict
	}{
		{"snakkompsyken", "alarmtelefonen", 14, fit.Warm, []handoverv1.Verdict{handoverv1.Verdict_VERDICT_DIRECTION}},
		{"snakkompsyken", "alarmtelefonen", 14, signpost, nil},
		{"snakkompsyken", "brus", 14, signpost, nil},
		{"snakkompsyken", "cyberhus", 14, signpost, []handoverv1.Verdict{handoverv1.Verdict_VERDICT_DIRECTION}},
		{"snakkompsyken", "alarmtelefonen", 30, signpost, []handoverv1.Verdict{handoverv1.Verdict_VERDICT_AGE}},
		{"snakkompsyken", "snakkompsyken", 14, signpost, []handoverv1.Verdict{handoverv1.Verdict_VERDICT_SAME_LINE}},
		{"nowhere", "alarmtelefonen", 14, signpost, []handoverv1.Verdict{handoverv1.Verdict_VERDICT_INACTIVE}},
	} {
		need := Need{
			Header: header("no", test.age), Topics: []string{"MH.mood"}, FromLine: test.from,
			Asked: map[string]bool{"snakkompsyken": true}, Named: []string{"brus"},
		}
		if diff := cmp.Diff(test.want, all.Unsuitable(test.id, need, test.way, at)); diff != "" {
			t.Errorf("%s from %s: %s", test.id, test.from, diff)
		}
	}
}
