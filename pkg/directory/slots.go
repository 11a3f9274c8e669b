package directory

import (
	"cmp"
	"slices"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/stafett/stafett/pkg/directory/internal/fit"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
)

const (
	// soonestSlot is the minimum lead time: a slot that has begun cannot be promised.
	soonestSlot = 15 * time.Minute
	// furthestSlot is how far ahead a child can be promised a time.
	furthestSlot = 14 * 24 * time.Hour
	// longestSlot limits how much of a line's hours one slot offers.
	longestSlot = 24 * time.Hour
)

// slot is the next time at which one line is open.
type slot struct {
	line       string
	start, end time.Time
	score      int32
}

// Slots returns times to offer for later: for each suitable line the next time that it is
// open, from a quarter of an hour after the given instant until two weeks after it. It
// returns at most n lines, the soonest first, in the child's time zone. Seats are ignored,
// because nobody knows them in advance.
func (d *Directory) Slots(need Need, from time.Time, zone *time.Location, n int) []*routingv1.LocalSlot {
	need.Later = true
	made := d.decide(need, fit.Warm, from)
	defer made.done()
	var soonest []slot
	for _, r := range d.rows.each() {
		if s, opens := made.slot(r); opens {
			soonest = append(soonest, s)
		}
	}
	slices.SortFunc(soonest, func(a, b slot) int {
		return cmp.Or(a.start.Compare(b.start), cmp.Compare(b.score, a.score), cmp.Compare(a.line, b.line))
	})
	var told []*routingv1.LocalSlot
	for _, s := range soonest[:min(len(soonest), max(0, n))] {
		told = append(told, s.in(zone))
	}
	return told
}

// notForLater are the results that concern this moment only.
var notForLater = of(handoverv1.Verdict_VERDICT_CLOSED, handoverv1.Verdict_VERDICT_CAPACITY)

func (d *decision) slot(r *row) (slot, bool) {
	failed, _, held := d.judgeLine(r)
	if failed&^notForLater != 0 {
		return slot{}, false
	}
	e := r.entry
	start, opens := e.times.NextOpen(d.channel, d.at.Add(soonestSlot))
	if !opens || start.After(d.at.Add(furthestSlot)) {
		return slot{}, false
	}
	end := start.Add(longestSlot)
	if until, closes := e.times.OpenUntil(d.channel, start); closes && until.Before(end) {
		end = until
	}
	return slot{e.id, start, end, d.rules.Score(held).Points}, true
}

func (s slot) in(zone *time.Location) *routingv1.LocalSlot {
	return &routingv1.LocalSlot{
		Slot:       &routingv1.Slot{Line: "lines/" + s.line, StartTime: timestamppb.New(s.start), EndTime: timestamppb.New(s.end)},
		LocalStart: s.start.In(zone).Format(time.RFC3339),
		LocalEnd:   s.end.In(zone).Format(time.RFC3339),
		TimeZone:   zone.String(),
	}
}

// aboutThisPlan are the results that do not say whether a line suits a child.
var aboutThisPlan = of(handoverv1.Verdict_VERDICT_ASKED_BEFORE, handoverv1.Verdict_VERDICT_NOT_NAMED)

// Unsuitable returns why a line does not suit a child who goes there in this way, warmly or
// by signpost, now or later. It returns nothing if the line suits. A line that is not in the
// directory takes no children.
func (d *Directory) Unsuitable(id string, need Need, way handoverv1.ReceptionWay, at time.Time) []handoverv1.Verdict {
	place, known := d.find(id)
	if !known {
		return []handoverv1.Verdict{handoverv1.Verdict_VERDICT_INACTIVE}
	}
	made := d.decide(need, way, at)
	defer made.done()
	failed, _, _ := made.judgeLine(d.rows.at(place))
	if way == handoverv1.ReceptionWay_RECEPTION_WAY_SIGNPOST {
		failed &^= of(handoverv1.Verdict_VERDICT_CHANNEL) // the child may use any channel
	}
	return (failed &^ (notForLater | aboutThisPlan)).list()
}
