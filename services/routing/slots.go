package routing

import (
	"cmp"
	"context"
	"fmt"

	"github.com/stafett/stafett/pkg/directory/schedule"
	"github.com/stafett/stafett/pkg/refusal"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
)

const (
	someSlots = 5
	mostSlots = 50
	// mostLines bounds what a page token can skip.
	mostLines = 100_000
)

// FindSlots returns a page of the next times that may be offered to a child.
func (s *Service) FindSlots(ctx context.Context, r *routingv1.FindSlotsRequest) (*routingv1.FindSlotsResponse, error) {
	all, need, err := s.asked(ctx, r)
	if err != nil {
		return nil, err
	}
	zone := schedule.Zone(cmp.Or(r.TimeZone, all.Line(need.FromLine).GetTimeZone(), "UTC"))
	if zone == nil {
		return nil, refusal.Field("time_zone", fmt.Sprintf("%q is not a time zone; write an IANA name, for example Europe/Oslo", r.TimeZone))
	}
	page, err := readSlotsPage(r.PageToken, s.instant(r.StartTime))
	if err != nil {
		return nil, err
	}
	size := min(cmp.Or(int(r.PageSize), someSlots), mostSlots)
	return page.of(all.Slots(need, page.from, zone, page.after+size+1), size), nil
}
