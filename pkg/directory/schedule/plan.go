package schedule

import (
	"slices"
	"sync/atomic"
	"time"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// Plan holds the opening times of one channel, precomputed for fast queries. Its answers
// never change, and it is safe for concurrent use. A nil plan is never open.
type Plan struct {
	tracks []track
	last   atomic.Pointer[stretch]
}

// track is the part of a plan in one time zone.
type track struct {
	zone       *time.Location
	windows    []window
	exceptions []exception
	// overnight reports whether any window continues past midnight.
	overnight bool
}

// Compile computes when a line answers a channel. It returns nil if the line never does.
func Compile(line *handoverv1.Line, channel handoverv1.Channel) *Plan {
	zone := Zone(line.GetTimeZone())
	if zone == nil || !has(line, channel) {
		return nil
	}
	plan := &Plan{tracks: make([]track, 1, 2)}
	plan.tracks[0] = track{zone: zone, exceptions: exceptionsOf(channel, line.GetExceptions())}
	for _, hours := range line.GetHours() {
		if hours.GetChannel() == channel {
			plan.add(hours)
		}
	}
	for i := range plan.tracks {
		plan.tracks[i].overnight = plan.tracks[i].passesMidnight()
	}
	return plan
}

func (t *track) passesMidnight() bool {
	late := func(w window) bool { return w.closes > dayMins }
	return slices.ContainsFunc(t.windows, late) ||
		slices.ContainsFunc(t.exceptions, func(e exception) bool { return slices.ContainsFunc(e.windows, late) })
}

func has(line *handoverv1.Line, channel handoverv1.Channel) bool {
	for _, hours := range line.GetHours() {
		if hours.GetChannel() == channel {
			return true
		}
	}
	return false
}

func (p *Plan) add(hours *handoverv1.Hours) {
	if p.tracks[0].windows == nil {
		p.tracks[0].windows = make([]window, 0, len(hours.GetWindows())+len(hours.GetSchedules()))
	}
	for _, written := range hours.GetWindows() {
		w := window{weekdaysOf(written), written.GetOpensMinute(), written.GetClosesMinute()}
		if w.sound() {
			p.tracks[0].windows = append(p.tracks[0].windows, w)
		}
	}
	for _, written := range hours.GetSchedules() {
		p.addSchedule(written)
	}
}

func (p *Plan) addSchedule(written *handoverv1.Schedule) {
	w, err := windowOf(written)
	if err != nil {
		return
	}
	if written.GetTimezone() == "" {
		p.tracks[0].windows = append(p.tracks[0].windows, w)
	} else if zone := Zone(written.GetTimezone()); zone != nil {
		t := p.in(zone)
		t.windows = append(t.windows, w)
	}
}

// in returns the track of a zone. Exceptions close every zone on its own local day; their
// replacement hours are in the line's zone.
func (p *Plan) in(zone *time.Location) *track {
	for i := range p.tracks {
		if p.tracks[i].zone == zone {
			return &p.tracks[i]
		}
	}
	t := track{zone: zone}
	for _, e := range p.tracks[0].exceptions {
		t.exceptions = append(t.exceptions, exception{days: e.days, reason: e.reason})
	}
	p.tracks = append(p.tracks, t)
	return &p.tracks[len(p.tracks)-1]
}

// exception returns the exception with the highest precedence on a day, or nil.
func (t *track) exception(d date) *exception {
	for i := range t.exceptions {
		if t.exceptions[i].days.has(d) {
			return &t.exceptions[i]
		}
	}
	return nil
}

// on returns the windows to consider on a day. If all is false, only those whose days include
// it apply.
func (t *track) on(d date) (windows []window, all bool) {
	if e := t.exception(d); e != nil {
		return e.windows, true
	}
	return t.windows, false
}

// each visits the spans of the windows that open on a day.
func (t *track) each(d date, visit func(span)) {
	windows, all := t.on(d)
	for _, w := range windows {
		if all || w.days.has(d) {
			for _, s := range instants(t.zone, d.at(w.opens), d.at(w.closes)) {
				visit(s)
			}
		}
	}
}
