package linefile

import (
	"regexp"

	"github.com/stafett/stafett/pkg/directory/areacode"
	"github.com/stafett/stafett/pkg/taxonomy"
	"github.com/stafett/stafett/pkg/yamlread"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

const (
	wantReceptions = "{alarmtelefonen: warm}"
	warm           = handoverv1.ReceptionWay_RECEPTION_WAY_WARM
)

var numberPattern = regexp.MustCompile(`^\+?[0-9]{3,15}$`)

func readAreas(list yamlread.Value) []string {
	return readList(list, `["NO-03", "0301"]`, func(value yamlread.Value) (string, bool) {
		text, ok := value.Text(`"0301"`)
		if ok && !areacode.Valid(text) {
			value.Refuse("%q is not an area; write a country such as DK, a subdivision such as NO-03, or the number of a municipality such as \"0301\"", text)
		}
		return text, ok
	})
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
		value.Refuse("%q is not a number to call; write 3 to 15 digits without spaces, for example \"116111\"", text)
	}
	return text
}

// readReceptions reads a way for each line, or {way: warm, agreed: signpost}.
func (r *references) readReceptions(value yamlread.Value) []*handoverv1.Reception {
	var all []*handoverv1.Reception
	for _, entry := range value.Entries(wantReceptions) {
		reception := &handoverv1.Reception{Line: entry.Key}
		if entry.Value.IsMapping() {
			fields := entry.Value.Fields("way", "agreed")
			reception.Way = readWay(fields.Need("way", "warm"))
			if agreed, ok := fields.Get("agreed"); ok {
				reception.Agreed = readWay(agreed)
			}
		} else {
			reception.Way = readWay(entry.Value)
		}
		if entry.Key != taxonomy.Everything {
			r.mention(entry.At, entry.Key)
		}
		all = append(all, reception)
	}
	return all
}

func readWay(value yamlread.Value) handoverv1.ReceptionWay {
	return readCode(value, "RECEPTION_WAY_", handoverv1.ReceptionWay_value, warm)
}
