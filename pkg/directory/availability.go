package directory

import (
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/stafett/stafett/pkg/directory/internal/fit"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
)

// OpenAt reports whether a line answers the channel at an instant, considering its hours,
// closures and rota. An unknown line is closed.
func (d *Directory) OpenAt(id string, channel handoverv1.Channel, at time.Time) bool {
	e := d.entry(id)
	return e != nil && e.times.OpenAt(channel, at)
}

// OpenUntil returns when a line that answers the channel at an instant next stops. It returns
// false for a closed or unknown line, and if that lies more than four days ahead.
func (d *Directory) OpenUntil(id string, channel handoverv1.Channel, at time.Time) (time.Time, bool) {
	if e := d.entry(id); e != nil {
		return e.times.OpenUntil(channel, at)
	}
	return time.Time{}, false
}

// NextOpen returns when a line next answers the channel, which is the instant itself if it does. It returns
// false for an unknown line, and if none is known within two weeks.
func (d *Directory) NextOpen(id string, channel handoverv1.Channel, at time.Time) (time.Time, bool) {
	if e := d.entry(id); e != nil {
		return e.times.NextOpen(channel, at)
	}
	return time.Time{}, false
}

// CanTake reports whether a line that was ranked earlier may still be asked and, if not, why.
func (d *Directory) CanTake(id string, channel handoverv1.Channel, risk handoverv1.RiskLevel, at time.Time) handoverv1.PassReason {
	if shut := d.Shut(id, channel, at); shut != 0 {
		return shut
	}
	place, _ := d.find(id) // Shut knows it
	if !d.hasSeat(d.rows.at(place), channel, risk, at) {
		return handoverv1.PassReason_PASS_REASON_NO_SEAT
	}
	return handoverv1.PassReason_PASS_REASON_UNSPECIFIED
}

// Shut reports why a line can take nobody on a channel, whatever its seats; unspecified if it
// can.
func (d *Directory) Shut(id string, channel handoverv1.Channel, at time.Time) handoverv1.PassReason {
	e := d.entry(id)
	switch {
	case e == nil || !e.times.OpenAt(channel, at):
		return handoverv1.PassReason_PASS_REASON_CLOSED
	case e.live.Suspended != 0:
		return handoverv1.PassReason_PASS_REASON_SUSPENDED
	}
	return handoverv1.PassReason_PASS_REASON_UNSPECIFIED
}

// hasSeat evaluates only the capacity rule, which needs no further facts about the child.
func (d *Directory) hasSeat(r *row, channel handoverv1.Channel, risk handoverv1.RiskLevel, at time.Time) bool {
	judge := d.basis.rules().Judge()
	defer judge.Done()
	out := judge.Of(r.asks | fit.Conversation(channel, risk) | r.inputOfSeats(channel, risk, nanoseconds(at)))
	return verdicts(out.Failed)&of(handoverv1.Verdict_VERDICT_CAPACITY) == 0
}

// Availability reports per channel whether a line can take a child. It is nil for an unknown
// line and omits shifts, because the directory sees a rota only as [openinghours.Staffing].
func (d *Directory) Availability(id string, at time.Time) *routingv1.Availability {
	e := d.entry(id)
	if e == nil {
		return nil
	}
	told := &routingv1.Availability{Name: e.line.GetName() + "/availability", Suspended: e.live.Suspended}
	for channel, answers := range e.answers {
		if answers {
			told.Channels = append(told.Channels, e.on(handoverv1.Channel(channel), at))
		}
	}
	told.Closures = e.times.Closures(at)
	return told
}

func (e *entry) on(channel handoverv1.Channel, at time.Time) *routingv1.ChannelAvailability {
	told := &routingv1.ChannelAvailability{Channel: channel}
	reason, closed := e.times.Closed(channel, at)
	told.Open, told.ClosedReason = !closed, reason
	if until, closes := e.times.OpenUntil(channel, at); closes {
		told.CloseTime = timestamppb.New(until)
	}
	if next, opens := e.times.NextOpen(channel, at); closed && opens {
		told.NextOpenTime = timestamppb.New(next)
	}
	seats, known := e.seatsAt(channel, at)
	told.LeasedSeats = seats.Leased
	if left := seats.Left(); known {
		told.FreeSeats, told.Queue = &left, &seats.Queue
	}
	return told
}
