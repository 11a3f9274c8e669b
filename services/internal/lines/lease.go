package lines

import (
	"slices"
	"strings"
	"time"

	"go.etcd.io/bbolt"
	"google.golang.org/protobuf/proto"

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

// NoSeat is why a line that was to be asked can take nobody any more.
type NoSeat struct{ Reason handoverv1.PassReason }

func (n NoSeat) Error() string { return "the line can take nobody any more: " + n.Reason.String() }

// SetAside decides whether a seat is reserved for an offer, on a line's newest state.
// It returns the event that reserves it, or nil where it is reserved already. Errors:
// NoSeat.
func (c *Cache) SetAside(tx *bbolt.Tx, newest *State, w Wanted, at time.Time) (*eventv1.SeatLeased, error) {
	known, err := StateOf(tx, w.Line)
	if err != nil {
		return nil, err
	}
	conversation, _, _ := strings.Cut(w.Offer, "/handovers/")
	count := counting{at: at, lease: c.Lease, own: conversation, newer: leasesWithout(newest.Leases, known.Leases)}
	taken, err := takenAt(tx, w.Line, count)
	if err != nil {
		return nil, err
	}
	now := c.empty().With(w.Line, newest.Line, c.live(newest, taken))
	if reason := now.CanTake(w.Line, w.Header.Channel, w.Header.Risk, at); reason != 0 {
		return nil, NoSeat{reason}
	}
	fresh := func(offer string) bool { return holds(newest.Leases, offer, at.Add(-c.Lease)) }
	if fresh(w.Offer) {
		return nil, nil
	}
	// One that has lapsed here may have been set aside again where this has not looked yet.
	again := func(offer string) bool { return fresh(offer) && !count.isOwn(offer) }
	ended := slices.DeleteFunc(append(taken.ended, ended(tx, w.Line, known.Leases)...), again)
	return &eventv1.SeatLeased{Offer: w.Offer, Channel: w.Header.Channel, Ended: ended}, nil
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
		return slices.ContainsFunc(others, func(o *handoverv1.Lease) bool { return proto.Equal(o, l) })
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
