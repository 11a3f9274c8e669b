package fit

import (
	"github.com/stafett/stafett/pkg/taxonomy"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// Warm is how a line receives where nothing else is agreed.
const Warm = handoverv1.ReceptionWay_RECEPTION_WAY_WARM

// Receives returns how a line with this list receives from another, by its id. A line that
// lists none receives warmly from everybody. A line that lists some receives from those alone;
// for all others the result is RECEPTION_WAY_UNSPECIFIED.
func Receives(list []*handoverv1.Reception, from string) handoverv1.ReceptionWay {
	if len(list) == 0 {
		return Warm
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
