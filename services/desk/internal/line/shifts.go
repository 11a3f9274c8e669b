package line

import (
	"context"
	"time"

	"github.com/stafett/stafett/pkg/client"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
)

// Shift starts or ends a person's shift.
func (l *Line) Shift(ctx context.Context, person string, on bool) error {
	if err := l.Store.Put(shiftKind, person, on); err != nil {
		return err
	}
	l.mu.Lock()
	l.shifts[person] = on
	l.mu.Unlock()
	l.StaffIsHere(person)
	l.Wake()
	l.report(ctx)
	l.Hub.Changed("")
	return nil
}

// OnShift says whether a person has started their shift.
func (l *Line) OnShift(person string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.shifts[person]
}

// reportSeats reports the free seats: after two minutes the platform forgets a report.
func (l *Line) reportSeats(ctx context.Context) {
	every := time.NewTicker(20 * time.Second)
	defer every.Stop()
	for {
		l.report(ctx)
		select {
		case <-ctx.Done():
			return
		case <-every.C:
		}
	}
}

// report counts a seat for everybody on shift whose window answers and who is in no conversation. A line
// where nobody has started a shift yet reports nothing: its seats are unknown.
func (l *Line) report(ctx context.Context) {
	free, known := l.free()
	if !known {
		return
	}
	request := &routingv1.ReportCapacityRequest{Seats: []*handoverv1.SeatReport{{Channel: handoverv1.Channel_CHANNEL_CHAT, Free: free}}}
	err := client.Retry(ctx, func(ctx context.Context) error {
		_, err := l.Platform.Directory.ReportCapacity(ctx, request)
		return err
	})
	l.fail("seats were not reported", err)
}

func (l *Line) free() (seats int32, known bool) {
	busy := map[string]bool{}
	for _, e := range l.open() {
		for _, p := range l.snapshot(e).Conversation.GetParticipants() {
			busy[p.Id] = busy[p.Id] || p.Present && p.Line == l.Name()
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for person, on := range l.shifts {
		if on && !busy[person] && l.Now().Sub(l.seen[staffKey(person)]) < present {
			seats++
		}
	}
	return seats, len(l.shifts) > 0
}
