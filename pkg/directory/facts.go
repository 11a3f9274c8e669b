package directory

import (
	"github.com/stafett/stafett/pkg/directory/rules"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// facts are what the rules ask of one line, worked out from what was published of it.
type facts struct {
	line  *handoverv1.Line
	id    string
	hours *hours
	// asks is what the rules ask of the line whoever the child is.
	asks rules.Input
	places
	// takesChildren says whether it does, be it not now.
	takesChildren bool
	// answers says which channels it has hours for, known or not, and byPlace on which of
	// them it matters from where the child comes.
	answers, byPlace [handoverv1.Channel_CHANNEL_EMAIL + 1]bool
	// capacity is how many seats it has when it is fully staffed. 0 where nobody knows.
	capacity [lastSeated + 1]int32
}

// factsOf works them out, and adds to the lists what is new.
func (l *lists) factsOf(line *handoverv1.Line) facts {
	f := facts{
		line: line, id: ID(line), hours: hoursOf(line), asks: inputOfLine(line),
		places: l.placesOf(line), takesChildren: takesChildren(line),
	}
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

// known says whether a channel is one of those that are listed.
func known(channel handoverv1.Channel) bool {
	return 0 <= channel && channel <= handoverv1.Channel_CHANNEL_EMAIL
}

// answersOn says whether the line has hours for a channel.
func (f *facts) answersOn(channel handoverv1.Channel) bool {
	return known(channel) && f.answers[channel]
}

// wayIn is the closest way to the line for a child from an area.
func (f *facts) wayIn(channel handoverv1.Channel, area string) way {
	if !known(channel) || !f.byPlace[channel] {
		return commonWay
	}
	return wayIn(f.line, channel, area)
}
