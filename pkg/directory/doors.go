package directory

import (
	"time"

	"github.com/stafett/stafett/pkg/directory/internal/fit"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// Behind returns the line that answers a number at an instant for a child from an area. Among
// open lines it prefers those with a door for that area over those with a door for every
// area, and then the first by id. The line is nil if none of them is open; known is false if
// no line has a door with that number.
func (d *Directory) Behind(channel handoverv1.Channel, number, area string, at time.Time) (line *handoverv1.Line, known bool) {
	best := fit.NoWay
	for _, e := range d.entries {
		for _, door := range e.line.GetDoors() {
			if number == "" || door.GetChannel() != channel || door.GetNumber() != number {
				continue
			}
			known = true
			if leads := fit.Through(door, area); leads > best && e.times.OpenAt(channel, at) {
				best, line = leads, e.line
			}
		}
	}
	return line, known
}
