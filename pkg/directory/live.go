package directory

import (
	"time"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// Live is what is known of a line at this moment beyond its facts. The zero Live: it has
// not closed, nobody knows of its seats, it has no rota, and its facts are from no log.
// What it holds must not be changed afterwards.
type Live struct {
	// Closures are the times for which it closed at short notice. One without an end
	// lasts until somebody says otherwise.
	Closures []*handoverv1.Closure
	// Seats are what its desks say, and what is set aside for offers, by channel: chat
	// and phone. A channel that is not in it has none.
	Seats map[handoverv1.Channel]Seats
	// SeatsUntil is from when on what the desks said counts for nothing. Zero: they have
	// said nothing. What is set aside is known all the same.
	SeatsUntil time.Time
	// Staffing is its rota. Nil: it has none, and is staffed whenever it is open.
	Staffing Staffing
	// FactsPosition is the position in the log of the line's facts.
	FactsPosition uint64
}

// Seats are those of one channel.
type Seats struct {
	// Free are staffed and free, as the desks say.
	Free int32
	// Leased of them are set aside for offers.
	Leased int32
	// Queue is how many children wait.
	Queue int32
}

// Left is how many may still be offered.
func (s Seats) Left() int32 { return max(0, s.Free-s.Leased) }

// Staffing says which unit staffs a line. It does not change.
type Staffing interface {
	// Staffs is the unit that staffs it at an instant, and the first instant at which
	// that unit does not. False where nobody does.
	Staffs(at time.Time) (unit string, until time.Time, staffed bool)
	// NextStaffed is the first instant from one on at which somebody staffs it. False
	// where none is known.
	NextStaffed(at time.Time) (time.Time, bool)
}

// lastSeated is the last channel that has seats. In sms and e-mail nobody waits at a desk.
const lastSeated = handoverv1.Channel_CHANNEL_PHONE

// HasSeats says whether somebody waits at a desk for the channel: chat and phone.
func HasSeats(channel handoverv1.Channel) bool {
	return channel == handoverv1.Channel_CHANNEL_CHAT || channel == lastSeated
}

// seats are those of a channel at an instant. False where nobody knows how many are free.
func (e *entry) seatsAt(channel handoverv1.Channel, at time.Time) (Seats, bool) {
	if !HasSeats(channel) {
		return Seats{}, false
	}
	return e.seats[channel], at.Before(e.live.SeatsUntil)
}
