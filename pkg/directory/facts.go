package directory

import (
	"github.com/stafett/stafett/pkg/directory/internal/fit"
	"github.com/stafett/stafett/pkg/directory/openinghours"
	"github.com/stafett/stafett/pkg/directory/rules"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// facts are what is computed from one line's published facts.
type facts struct {
	criteria
	line *handoverv1.Line
	id   string
	// capacity is how many seats it has when fully staffed, 0 if unknown.
	capacity [fit.LastSeated + 1]int32
}

// criteria are those of the facts that every decision reads.
type criteria struct {
	hours openinghours.Published
	// asks is the rule input from the line, the same for every child.
	asks rules.Input
	places
	ages ages
	// answers marks the channels with an hours entry, whether or not its times are known, and
	// byPlace those on which the child's area matters.
	answers, byPlace [handoverv1.Channel_CHANNEL_EMAIL + 1]bool
	// takesChildren reports whether it takes children at all, now or later.
	takesChildren bool
}

// factsOf computes the facts of a line and adds new lists to l.
func (l *lists) factsOf(line *handoverv1.Line) facts {
	f := facts{line: line, id: ID(line), criteria: criteria{
		hours: openinghours.Of(line), ages: ages{line.GetAges().GetMinYears(), line.GetAges().GetMaxYears()}, asks: fit.Line(line),
		places: l.placesOf(line), takesChildren: takesChildren(line),
	}}
	f.readChannels()
	return f
}

func (f *facts) readChannels() {
	for _, hours := range f.line.GetHours() {
		if channel := hours.GetChannel(); known(channel) {
			f.answers[channel] = true
		}
	}
	for _, door := range f.line.GetDoors() {
		if channel := door.GetChannel(); known(channel) && len(door.GetAreas()) > 0 {
			f.byPlace[channel] = true
		}
	}
	for _, capacity := range f.line.GetCapacity() {
		if channel := capacity.GetChannel(); HasSeats(channel) {
			f.capacity[channel] = capacity.GetSeats()
		}
	}
}

// known reports whether a channel is one of those listed.
func known(channel handoverv1.Channel) bool {
	return 0 <= channel && channel <= handoverv1.Channel_CHANNEL_EMAIL
}

// answersOn reports whether the line publishes hours for a channel.
func (c *criteria) answersOn(channel handoverv1.Channel) bool {
	return known(channel) && c.answers[channel]
}

// wayIn returns the most specific way to the line for a child from an area.
func (r *row) wayIn(channel handoverv1.Channel, area string) fit.Way {
	if !known(channel) || !r.byPlace[channel] {
		return fit.CommonWay
	}
	return fit.WayIn(r.entry.line, channel, area)
}
