package directory

import (
	"slices"
	"time"

	"github.com/stafett/stafett/pkg/directory/areacode"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// way is how a child from an area reaches a line on a channel.
type way int

const (
	// noWay: the line has doors, but none for this area.
	noWay way = iota
	// commonWay: through a door for every area, or the line names no doors.
	commonWay
	// ownWay: through a door for this area.
	ownWay
)

// wayIn returns the most specific way to a line.
func wayIn(line *handoverv1.Line, channel handoverv1.Channel, area string) way {
	best, named := noWay, false
	for _, door := range line.GetDoors() {
		if door.GetChannel() == channel {
			best, named = max(best, through(door, area)), true
		}
	}
	if !named {
		return commonWay
	}
	return best
}

func through(door *handoverv1.Door, area string) way {
	switch {
	case len(door.GetAreas()) == 0:
		return commonWay
	case area != "" && slices.ContainsFunc(door.GetAreas(), func(of string) bool { return areacode.Contains(of, area) }):
		return ownWay
	}
	return noWay
}

// Behind returns the line that answers a number at an instant for a child from an area. Among
// open lines it prefers those with a door for that area over those with a door for every
// area, and then the first by id. The line is nil if none of them is open; known is false if
// no line has a door with that number.
func (d *Directory) Behind(channel handoverv1.Channel, number, area string, at time.Time) (line *handoverv1.Line, known bool) {
	best := noWay
	for _, e := range d.entries {
		for _, door := range e.line.GetDoors() {
			if number == "" || door.GetChannel() != channel || door.GetNumber() != number {
				continue
			}
			known = true
			if leads := through(door, area); leads > best && e.times.OpenAt(channel, at) {
				best, line = leads, e.line
			}
		}
	}
	return line, known
}
