package routing

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/stafett/stafett/pkg/directory"
	"github.com/stafett/stafett/pkg/directory/schedule"
	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/refusal"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
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
		return nil, refusal.Field("time_zone", fmt.Sprintf("%q is no time zone; write an IANA name, for example Europe/Oslo", r.TimeZone))
	}
	page, err := readSlotsPage(r.PageToken, s.instant(r.StartTime))
	if err != nil {
		return nil, err
	}
	size := min(cmp.Or(int(r.PageSize), someSlots), mostSlots)
	return page.of(all.Slots(need, page.from, zone, page.after+size+1), size), nil
}

// suits refuses a line that cannot receive this child in this way at an instant, whether it is
// open or not.
func suits(all *directory.Directory) handover.Suits {
	return func(c *handoverv1.Conversation, line string, way handoverv1.ReceptionWay, at time.Time) error {
		need := directory.Need{Header: handover.Header(c), Topics: c.Assessment.GetTags(), FromLine: c.Custody.Line}
		return unsuitable(line, all.Unsuitable(line, need, way, at))
	}
}

func unsuitable(line string, failed []handoverv1.Verdict) error {
	if len(failed) == 0 {
		return nil
	}
	var why []string
	for _, verdict := range failed {
		why = append(why, strings.TrimPrefix(verdict.String(), "VERDICT_"))
	}
	return refusal.LineUnsuitable(fmt.Sprintf("%s does not suit this child: %s; find the lines that do", line, strings.Join(why, ", ")),
		"line", line, "failed", strings.Join(why, ","))
}
