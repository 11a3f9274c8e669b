package lines

import (
	"slices"
	"strings"
	"time"

	"go.etcd.io/bbolt"

	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// Wanted is a seat that an offer needs.
type Wanted struct {
	// Line is the line's id, Offer the offer's name.
	Line, Offer string
	// Header is what the child needs.
	Header *handoverv1.PacketHeader
}

// SetAside decides whether a seat is set aside for an offer, on a line's newest state:
// the event that says so, nothing where it is set aside already, or the reason why
// the line cannot be asked.
func (c *Cache) SetAside(tx *bbolt.Tx, newest *State, w Wanted, at time.Time) (*eventv1.SeatLeased, handoverv1.PassReason, error) {
	known, err := StateOf(tx, w.Line)
	if err != nil {
		return nil, 0, err
	}
	newer := leasesWithout(newest.Leases, known.Leases)
	if holds(newest.Leases, w.Offer, at.Add(-c.Lease)) {
		return nil, 0, nil
	}
	conversation, _, _ := strings.Cut(w.Offer, "/handovers/")
	taken, err := takenAt(tx, w.Line, counting{at: at, lease: c.Lease, own: conversation, newer: newer})
	if err != nil {
		return nil, 0, err
	}
	live, err := c.liveOf(newest, taken)
	if err != nil {
		return nil, 0, err
	}
	now := c.empty().With(w.Line, newest.Line, live)
	if reason := now.CanTake(w.Line, w.Header.Channel, w.Header.Risk, at); reason != 0 {
		return nil, reason, nil
	}
	ended := append(taken.ended, ended(tx, w.Line, known.Leases)...)
	return &eventv1.SeatLeased{Offer: w.Offer, Channel: w.Header.Channel, Ended: ended}, 0, nil
}

// holds says whether a seat was set aside for an offer after an instant.
func holds(leases []*handoverv1.Lease, offer string, after time.Time) bool {
	return slices.ContainsFunc(leases, func(l *handoverv1.Lease) bool {
		return l.Offer == offer && l.RecordTime.AsTime().After(after)
	})
}

// leasesWithout are the leases that are not among others.
func leasesWithout(leases, others []*handoverv1.Lease) []*handoverv1.Lease {
	return slices.DeleteFunc(slices.Clone(leases), func(l *handoverv1.Lease) bool {
		return slices.ContainsFunc(others, func(o *handoverv1.Lease) bool { return o.Offer == l.Offer })
	})
}

// ended are the offers whose seats were set aside once and are not taken any more.
func ended(tx *bbolt.Tx, line string, leases []*handoverv1.Lease) (offers []string) {
	for _, l := range leases {
		if tx.Bucket([]byte(seatsBucket)).Get(seatKey(line, l.Offer)) == nil {
			offers = append(offers, l.Offer)
		}
	}
	return offers
}
