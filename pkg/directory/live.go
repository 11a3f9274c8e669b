package directory

import (
	"time"

	"github.com/stafett/stafett/pkg/directory/internal/fit"
	"github.com/stafett/stafett/pkg/directory/openinghours"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// Live is what is currently known of a line beyond its facts. The zero Live has no closures,
// unknown seats and no rota, and its facts come from no log. Values in it must not change
// afterwards.
type Live struct {
	// Closures are the short-notice closures. One without an end lasts until further notice.
	Closures []*handoverv1.Closure
	// Seats are the desks' reports and the reservations for offers, by channel: chat and
	// phone. A missing channel has no seats.
	Seats map[handoverv1.Channel]Seats
	// SeatsUntil is when the desks' reports expire. Zero means that they have reported
	// nothing. Reservations are known all the same.
	SeatsUntil time.Time
	// Staffing is the line's rota. Nil means that it has none and is staffed whenever it is
	// open.
	Staffing openinghours.Staffing
	// Suspended is why an operator suspended the line; unspecified if it is not suspended.
	Suspended handoverv1.SuspensionReason
	// FactsPosition is the log position of the line's facts.
	FactsPosition uint64
}

// Seats are the seats of one channel.
type Seats struct {
	// Free are staffed and free, as reported by the desks.
	Free int32
	// Leased is how many of them are reserved for offers, or for children who lost theirs.
	Leased int32
	// Yielding is how many of those a child in imminent danger may take over.
	Yielding int32
	// Queue is how many children wait.
	Queue int32
}

// Left is how many seats can still be offered.
func (s Seats) Left() int32 { return max(0, s.Free-s.Leased) }

// LeftFor is how many seats can still be offered at a risk.
func (s Seats) LeftFor(risk handoverv1.RiskLevel) int32 {
	if risk == handoverv1.RiskLevel_RISK_LEVEL_R4 {
		return max(0, s.Free-s.Leased+s.Yielding)
	}
	return s.Left()
}

// HasSeats reports whether the channel needs a person at a desk: chat and phone.
func HasSeats(channel handoverv1.Channel) bool { return fit.HasSeats(channel) }

// seatsAt returns the seats of a channel at an instant. It returns false if the number of
// free seats is unknown.
func (e *entry) seatsAt(channel handoverv1.Channel, at time.Time) (Seats, bool) {
	if !HasSeats(channel) {
		return Seats{}, false
	}
	return e.seats[channel], at.Before(e.live.SeatsUntil)
}
