package warm

import (
	"context"
	"time"

	"github.com/stafett/stafett/pkg/client"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
)

// Pair is the line that hands over and the line that receives.
type Pair struct {
	From     *client.Platform
	To       *client.Platform
	Receiver string // the id of the receiving line
	Watch    *Watch // what the receiver sees
	Keys     *Keys  // nil: nothing is sealed for anybody
}

// Connected makes a pair of two connected lines, whose receiver has seats and watches until the
// context ends.
func Connected(ctx context.Context, receiver string, from, to *client.Platform) (Pair, error) {
	if err := report(ctx, to); err != nil {
		return Pair{}, err
	}
	go staff(ctx, to)
	watch, err := follow(ctx, receiver, to)
	return Pair{From: from, To: to, Receiver: receiver, Watch: watch}, err
}

// staff repeats the report of seats, which is valid for two minutes.
func staff(ctx context.Context, line *client.Platform) {
	ticker := time.NewTicker(time.Minute)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			_ = report(ctx, line) // without seats, the next handover says so
		}
	}
}

func report(ctx context.Context, line *client.Platform) error {
	_, err := line.Directory.ReportCapacity(ctx, &routingv1.ReportCapacityRequest{
		Seats: []*handoverv1.SeatReport{{Channel: handoverv1.Channel_CHANNEL_CHAT, Free: 1000}},
	})
	return err
}
