package directory

import (
	"cmp"
	"regexp"
	"slices"
	"time"

	"github.com/stafett/stafett/pkg/yamlread"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

var numberPattern = regexp.MustCompile(`^\+?[0-9]{3,15}$`)

// Behind is the line that answers a number at an instant, for a child from an area: of
// the open lines with a door for just that area the first by name, and otherwise of
// those with a door for everywhere else. Nil where nobody does.
func Behind(lines []*handoverv1.Line, channel handoverv1.Channel, number, area string, at time.Time) *handoverv1.Line {
	var here, elsewhere []*handoverv1.Line
	for _, line := range lines {
		for _, door := range line.GetDoors() {
			if door.GetChannel() != channel || door.GetNumber() != number || number == "" {
				continue
			}
			if len(door.GetAreas()) == 0 {
				elsewhere = append(elsewhere, line)
			} else if area != "" && slices.ContainsFunc(door.GetAreas(), func(of string) bool { return within(of, area) }) {
				here = append(here, line)
			}
		}
	}
	for _, some := range [][]*handoverv1.Line{here, elsewhere} {
		slices.SortFunc(some, func(a, b *handoverv1.Line) int { return cmp.Compare(a.GetName(), b.GetName()) })
		for _, line := range some {
			if OpenAt(line, channel, at) {
				return line
			}
		}
	}
	return nil
}

// readDoors reads {id: cyberhus, channel: chat, through: cyberhus} and the like.
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
