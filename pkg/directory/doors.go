package directory

import (
	"regexp"
	"slices"
	"time"

	"github.com/stafett/stafett/pkg/yamlread"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

var numberPattern = regexp.MustCompile(`^\+?[0-9]{3,15}$`)

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
	case area != "" && slices.ContainsFunc(door.GetAreas(), func(of string) bool { return within(of, area) }):
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
			if leads := through(door, area); leads > best && e.times.openAt(channel, at) {
				best, line = leads, e.line
			}
		}
	}
	return line, known
}

// readDoors reads a list such as [{id: cyberhus, channel: chat, through: cyberhus}].
func (r *references) readDoors(list yamlread.Value) []*handoverv1.Door {
	ids := map[string]yamlread.Value{}
	var doors []*handoverv1.Door
	for _, member := range list.List("[{id: own-page, channel: chat}]") {
		doors = append(doors, r.readDoor(member.Fields("id", "channel", "through", "number", "areas"), ids))
	}
	return doors
}

func (r *references) readDoor(fields yamlread.Fields, ids map[string]yamlread.Value) *handoverv1.Door {
	door := &handoverv1.Door{Id: readID(fields, "door", ids)}
	channel := fields.Need("channel", "chat")
	if name, ok := channel.Text("chat"); ok {
		door.Channel = readChannel(channel, name)
	}
	if through, ok := fields.Get("through"); ok {
		if door.Through, ok = through.Text("cyberhus"); ok {
			r.mention(through, door.Through)
		}
	}
	if areas, ok := fields.Get("areas"); ok {
		door.Areas = readAreas(areas)
	}
	if number, ok := fields.Get("number"); ok {
		door.Number = readPhone(number)
		r.open(number, door)
	}
	return door
}

func readPhone(value yamlread.Value) string {
	text, ok := value.Text(`"116111"`)
	if ok && !numberPattern.MatchString(text) {
		value.Refuse("%q is no number to call; write 3 to 15 digits without spaces, for example \"116111\"", text)
	}
	return text
}
