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
	// manySeats are free at every desk of which the story says nothing else.
	manySeats = 10
	// repeated is how often desks say what seats they have: well within the time for
	// which it counts.
	repeated = 45 * time.Second
)

// desks say for every line of the directory how many seats are free, as long as the
// story goes on.
type desks struct {
	world     *World
	platforms map[string]*client.Platform
	// seats are those of the lines of which the story says how many.
	seats map[string]*handoverv1.SeatReport
	spoke time.Time
}

func newDesks(w *World) *desks {
	return &desks{world: w, platforms: map[string]*client.Platform{}, seats: map[string]*handoverv1.SeatReport{}}
}

// speak says it for all lines, unless they have spoken of late.
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

// have changes what a line's desks say, and says it.
func (d *desks) have(ctx context.Context, s *story.Step) error {
	d.seats[s.Who.Line] = &handoverv1.SeatReport{Free: s.Free, Queue: s.Queue}
	return d.report(ctx, s.Who.Line)
}

// report says it for one line, again and again while the platform is away.
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
