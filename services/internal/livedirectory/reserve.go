package livedirectory

import (
	"slices"
	"strings"
	"time"

	"go.etcd.io/bbolt"

	"github.com/stafett/stafett/pkg/directory"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	statev1 "github.com/stafett/stafett/proto/stafett/state/v1"
	"github.com/stafett/stafett/services/internal/lines"
	"github.com/stafett/stafett/services/internal/seats"
)

// Wanted is a seat that an offer needs.
type Wanted struct {
	// Line is the line's id, Offer the offer's name.
	Line, Offer string
	// Header describes what the child needs.
	Header *handoverv1.PacketHeader
	// Overfull: the line is asked although it may have no seat.
	Overfull bool
}

// NoSeat is the reason that a line to be asked can no longer take anyone.
type NoSeat struct{ Reason handoverv1.PassReason }

func (n NoSeat) Error() string { return "the line can take nobody any more: " + n.Reason.String() }

// Reserve decides whether a seat is reserved for an offer, on a line's newest state. It
// returns the event that reserves it, or nil if it is already reserved. Errors: NoSeat.
func (c *Cache) Reserve(tx *bbolt.Tx, newest *lines.State, w Wanted, at time.Time) (*eventv1.SeatLeased, error) {
	known, err := lines.StateOf(tx, w.Line)
	if err != nil {
		return nil, err
	}
	conversation, _, _ := strings.Cut(w.Offer, "/handovers/")
	count := seats.Counting{At: at, Lease: c.Lease, Own: conversation, Newer: leasesWithout(newest.Leases, known.Leases)}
	taken, err := seats.Count(tx, w.Line, count)
	if err != nil {
		return nil, err
	}
	live := c.live(newest, taken)
	now := c.empty().With(w.Line, newest.Line, live)
	if reason := now.CanTake(w.Line, w.Header.Channel, w.Header.Risk, at); reason != 0 && !(w.Overfull && reason == handoverv1.PassReason_PASS_REASON_NO_SEAT) {
		return nil, NoSeat{reason}
	}
	fresh := func(offer string) bool { return holds(newest.Leases, offer, at.Add(-c.Lease)) }
	victim := ""
	if at.Before(live.SeatsUntil) && w.Header.Risk == handoverv1.RiskLevel_RISK_LEVEL_R4 {
		victim = preempts(live.Seats[w.Header.Channel], taken, w.Header.Channel)
	}
	// A reservation stands as long as it would take over the same seat.
	if fresh(w.Offer) && PreemptedFor(newest, w.Offer) == victim {
		return nil, nil
	}
	// A lease that expired in this view may since have been renewed in a newer one.
	again := func(offer string) bool { return fresh(offer) && !count.IsOwn(offer) }
	ended := slices.DeleteFunc(append(taken.Ended, seats.Ended(tx, w.Line, known.Leases)...), again)
	return &eventv1.SeatLeased{Offer: w.Offer, Channel: w.Header.Channel, Ended: ended, Preempts: victim}, nil
}

// preempts returns the offer whose seat a child in imminent danger takes over, or nothing: there is another
// seat, or none that yields.
func preempts(left directory.Seats, taken seats.Taken, channel handoverv1.Channel) string {
	if left.Free-left.Leased+taken.Owed[channel] > 0 {
		return ""
	}
	return taken.Victim[channel]
}

// PreemptedFor returns the offer whose seat is reserved for another one, or nothing.
func PreemptedFor(newest *lines.State, offer string) (victim string) {
	for _, l := range newest.Leases {
		if l.Offer == offer {
			victim = l.Preempts
		}
	}
	return victim
}

// holds reports whether a seat was reserved for an offer after an instant.
func holds(leases []*statev1.Lease, offer string, after time.Time) bool {
	return slices.ContainsFunc(leases, func(l *statev1.Lease) bool {
		return l.Offer == offer && l.RecordTime.AsTime().After(after)
	})
}

// leasesWithout are the leases that are not in another list.
func leasesWithout(leases, others []*statev1.Lease) []*statev1.Lease {
	known := make(map[leaseKey]bool, len(others))
	for _, l := range others {
		known[keyOf(l)] = true
	}
	return slices.DeleteFunc(slices.Clone(leases), func(l *statev1.Lease) bool { return known[keyOf(l)] })
}

// leaseKey identifies a lease: an offer's may be renewed.
type leaseKey struct {
	offer   string
	channel handoverv1.Channel
	at      int64
}

func keyOf(l *statev1.Lease) leaseKey {
	return leaseKey{l.Offer, l.Channel, l.RecordTime.AsTime().UnixNano()}
}
