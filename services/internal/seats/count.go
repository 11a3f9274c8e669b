package seats

import (
	"bytes"
	"slices"
	"strings"
	"time"

	"go.etcd.io/bbolt"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	statev1 "github.com/stafett/stafett/proto/stafett/state/v1"
	"github.com/stafett/stafett/services/internal/projection"
)

// Taken are the taken seats of a line, by channel, and when the first of the reserved ones
// lapses.
type Taken struct {
	Seats map[handoverv1.Channel]int32
	// Owed is how many of them are kept for those that lost a seat or are about to, and Victim is the offer
	// whose seat a child in imminent danger takes if it finds no other, the newest one.
	Owed    map[handoverv1.Channel]int32
	Victim  map[handoverv1.Channel]string
	Ringing map[handoverv1.Channel]int32 // how many are of such offers
	Lapse   time.Time
	Ended   []string // offers that had a reserved seat and no longer need it
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
	t := Taken{
		Seats: map[handoverv1.Channel]int32{}, Owed: map[handoverv1.Channel]int32{}, Ringing: map[handoverv1.Channel]int32{},
		Victim: map[handoverv1.Channel]string{},
	}
	claimed := t.countNewer(c)
	yields := map[string]seat{}
	err := seatsOf(tx, line, func(offer string, s seat) error {
		if s.preempts != "" && !c.IsOwn(offer) && c.At.Before(s.since.Add(c.Lease)) {
			claimed[s.preempts] = true
		}
		switch {
		case s.stage == aside && !t.isReserved(offer, s, c), s.stage == owed && c.IsOwn(offer):
			return nil
		case s.stage == owed:
			t.Owed[s.channel]++
		case s.stage == ringing:
			yields[offer] = s
		}
		t.Seats[s.channel]++
		return nil
	})
	t.yield(yields, claimed)
	return t, err
}

// countNewer counts the leases that the transaction does not have, and returns the offers whose seats others take
// over. What a conversation took over itself, it may take again.
func (t *Taken) countNewer(c Counting) map[string]bool {
	claimed := map[string]bool{}
	for _, l := range c.Newer {
		if c.IsOwn(l.Offer) {
			t.Ended = append(t.Ended, l.Offer)
			continue
		}
		if l.Preempts != "" {
			claimed[l.Preempts] = true
		}
		t.Seats[l.Channel]++
	}
	return claimed
}

// isReserved reports whether a reserved seat counts as taken: it has not lapsed, and is somebody else's.
func (t *Taken) isReserved(offer string, s seat, c Counting) bool {
	lapse := s.since.Add(c.Lease)
	if !c.At.Before(lapse) || c.IsOwn(offer) {
		t.Ended = append(t.Ended, offer)
		return false
	}
	if t.Lapse.IsZero() || lapse.Before(t.Lapse) {
		t.Lapse = lapse
	}
	return true
}

// yield sorts the seats of offers that yield: one that is claimed is kept for its handover until that has
// another, and of the others the newest goes first, which has lost the least time.
func (t *Taken) yield(offers map[string]seat, claimed map[string]bool) {
	for offer, s := range offers {
		if claimed[offer] {
			t.Owed[s.channel]++
			continue
		}
		t.Ringing[s.channel]++
		newest, known := offers[t.Victim[s.channel]]
		if !known || s.since.After(newest.since) || s.since.Equal(newest.since) && offer < t.Victim[s.channel] {
			t.Victim[s.channel] = offer
		}
	}
}

// ReservedFor lists the lines with a seat reserved for an unsent offer of a conversation, or owed to it.
func ReservedFor(tx *bbolt.Tx, conversation string) (ids []string) {
	cursor := tx.Bucket([]byte(bucket)).Cursor()
	for k, v := cursor.First(); k != nil; k, v = cursor.Next() {
		id, offer, _ := strings.Cut(string(k), "\x00")
		if s := decodeSeat(v); (s.stage == aside || s.stage == owed) && strings.HasPrefix(offer, conversation+"/") && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids
}

// Owed lists the handovers that wait for a line's next seat, by name; for an empty line those of all lines.
func Owed(tx *bbolt.Tx, line string) (handovers []string) {
	var prefix []byte
	if line != "" {
		prefix = projection.Prefix(line)
	}
	cursor := tx.Bucket([]byte(bucket)).Cursor()
	for k, v := cursor.Seek(prefix); k != nil && bytes.HasPrefix(k, prefix); k, v = cursor.Next() {
		if _, name, _ := strings.Cut(string(k), "\x00"); decodeSeat(v).stage == owed {
			handovers = append(handovers, name)
		}
	}
	return handovers
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
