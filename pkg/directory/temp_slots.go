package directory

import (
	"time"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
)

func (d *Directory) Slots(need Need, from time.Time, zone *time.Location, n int) []*routingv1.LocalSlot {
	return nil
}
func (d *Directory) Unsuitable(id string, need Need, at time.Time) []handoverv1.Verdict { return nil }
