package fit

import (
	"slices"

	"github.com/stafett/stafett/pkg/directory/areacode"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// Way is how a child from an area reaches a line on a channel.
type Way int

const (
	// NoWay: the line has doors, but none for this area.
	NoWay Way = iota
	// CommonWay: through a door for every area, or the line names no doors.
	CommonWay
	// OwnWay: through a door for this area.
	OwnWay
)

// WayIn returns the most specific way to a line.
func WayIn(line *handoverv1.Line, channel handoverv1.Channel, area string) Way {
	best, named := NoWay, false
	for _, door := range line.GetDoors() {
		if door.GetChannel() == channel {
			best, named = max(best, Through(door, area)), true
		}
	}
	if !named {
		return CommonWay
	}
	return best
}

// Through is the way that a door is for an area.
func Through(door *handoverv1.Door, area string) Way {
	switch {
	case len(door.GetAreas()) == 0:
		return CommonWay
	case area != "" && slices.ContainsFunc(door.GetAreas(), func(of string) bool { return areacode.Contains(of, area) }):
		return OwnWay
	}
	return NoWay
}
