package directory

import (
	"github.com/stafett/stafett/pkg/taxonomy"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

const warm = handoverv1.ReceptionWay_RECEPTION_WAY_WARM

// receives returns how a line with this list receives from another, by its id. A line that
// lists none receives warmly from everybody. A line that lists some receives from those alone;
// for all others the result is RECEPTION_WAY_UNSPECIFIED.
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
