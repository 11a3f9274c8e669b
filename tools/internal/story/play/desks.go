package play

import (
	"context"
	"time"

	"github.com/stafett/stafett/pkg/client"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	"github.com/stafett/stafett/tools/internal/story"
)

const (
	// manySeats are free at every desk that the story does not mention.
	manySeats = 10
	// repeated is the interval between capacity reports: well within their lifetime.
	repeated = 45 * time.Second
)

// desks report the free seats of every line of the directory until the story ends.
type desks struct {
	world     *World
	platforms map[string]*client.Platform
	// seats holds the reports of the lines whose seats the story sets.
	seats map[string]*handoverv1.SeatReport
	spoke time.Time
}

func newDesks(w *World) *desks {
	return &desks{world: w, platforms: map[string]*client.Platform{}, seats: map[string]*handoverv1.SeatReport{}}
}

// speak reports for all lines, unless they have reported recently.
func (d *desks) speak(ctx context.Context) error {
	now := d.world.clock.now()
	if now.Sub(d.spoke) < repeated {
		return nil
	}
	for line := range d.platforms {
		if err := d.report(ctx, line); err != nil {
			return err
		}
	}
	d.spoke = now
	return nil
}

// have changes the seats of a line, and reports them.
func (d *desks) have(ctx context.Context, s *story.Step) error {
	d.seats[s.Who.Line] = &handoverv1.SeatReport{Free: s.Free, Queue: s.Queue}
	return d.report(ctx, s.Who.Line)
}

// report sends the report of one line, and retries while the platform is unavailable.
func (d *desks) report(ctx context.Context, line string) error {
	ctx, cancel := context.WithTimeout(ctx, d.world.patience)
	defer cancel()
	said := d.seats[line]
	if said == nil {
		said = &handoverv1.SeatReport{Free: manySeats}
	}
	request := &routingv1.ReportCapacityRequest{}
	for _, channel := range []handoverv1.Channel{handoverv1.Channel_CHANNEL_CHAT, handoverv1.Channel_CHANNEL_PHONE} {
		request.Seats = append(request.Seats, &handoverv1.SeatReport{Channel: channel, Free: said.Free, Queue: said.Queue})
	}
	return client.Retry(ctx, func(ctx context.Context) error {
		_, err := d.platforms[line].Directory.ReportCapacity(ctx, request)
		return err
	})
}
