package seats

import (
	"slices"
	"strings"
	"time"

	"go.etcd.io/bbolt"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	statev1 "github.com/stafett/stafett/proto/stafett/state/v1"
)

// Taken are the taken seats of a line, by channel, and when the first of the reserved ones
// lapses.
type Taken struct {
	Seats map[handoverv1.Channel]int32
	Lapse time.Time
	Ended []string // offers that had a reserved seat and no longer need it
}

// Counting says which seats count as taken.
type Counting struct {
	At    time.Time
	Lease time.Duration
	// Own is a conversation's name, or empty: a seat reserved for one of its own offers counts
	// as free to it.
	Own string
	// Newer are the leases made since the transaction.
	Newer []*statev1.Lease
}

// IsOwn reports whether an offer is of the conversation that counts.
func (c Counting) IsOwn(offer string) bool { return c.Own != "" && strings.HasPrefix(offer, c.Own+"/") }

// Count counts the taken seats of a line at an instant.
func Count(tx *bbolt.Tx, line string, c Counting) (Taken, error) {
	t := Taken{Seats: map[handoverv1.Channel]int32{}}
	for _, l := range c.Newer {
		if c.IsOwn(l.Offer) {
			t.Ended = append(t.Ended, l.Offer)
			continue
		}
		t.Seats[l.Channel]++
	}
	err := seatsOf(tx, line, func(offer string, s seat) error {
		if lapse := s.since.Add(c.Lease); s.stage == aside {
			if !c.At.Before(lapse) || c.IsOwn(offer) {
				t.Ended = append(t.Ended, offer)
				return nil
			}
			if t.Lapse.IsZero() || lapse.Before(t.Lapse) {
				t.Lapse = lapse
			}
		}
		t.Seats[s.channel]++
		return nil
	})
	return t, err
}

// ReservedFor lists the lines with a seat reserved for an unsent offer of a conversation.
func ReservedFor(tx *bbolt.Tx, conversation string) (ids []string) {
	cursor := tx.Bucket([]byte(bucket)).Cursor()
	for k, v := cursor.First(); k != nil; k, v = cursor.Next() {
		id, offer, _ := strings.Cut(string(k), "\x00")
		if decodeSeat(v).stage == aside && strings.HasPrefix(offer, conversation+"/") && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids
}

// Came reports whether anyone has come to a line since its desks last reported.
func Came(tx *bbolt.Tx, line string) (came bool, err error) {
	err = seatsOf(tx, line, func(_ string, s seat) error {
		came = came || s.stage == seated
		return nil
	})
	return came, err
}

// Ended lists the offers of these leases that no longer hold a seat.
func Ended(tx *bbolt.Tx, line string, leases []*statev1.Lease) (offers []string) {
	for _, l := range leases {
		if tx.Bucket([]byte(bucket)).Get(keyOf(line, l.Offer)) == nil {
			offers = append(offers, l.Offer)
		}
	}
	return offers
}
