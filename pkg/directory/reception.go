package directory

import (
	"github.com/stafett/stafett/pkg/taxonomy"
	"github.com/stafett/stafett/pkg/yamlread"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

const (
	wantReceptions = "{alarmtelefonen: warm}"
	warm           = handoverv1.ReceptionWay_RECEPTION_WAY_WARM
)

// Receives returns how a line receives from another, by its id. A line that lists none
// receives warmly from everybody. A line that lists some receives from those alone; for all
// others the result is RECEPTION_WAY_UNSPECIFIED.
func Receives(line *handoverv1.Line, from string) handoverv1.ReceptionWay {
	return receives(line.GetReceivesFrom(), from)
}

func receives(list []*handoverv1.Reception, from string) handoverv1.ReceptionWay {
	if len(list) == 0 {
		return warm
	}
	way := handoverv1.ReceptionWay_RECEPTION_WAY_UNSPECIFIED
	for _, reception := range list {
		switch reception.GetLine() {
		case from:
			return reception.GetWay()
		case taxonomy.Everything:
			way = reception.GetWay()
		}
	}
	return way
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
