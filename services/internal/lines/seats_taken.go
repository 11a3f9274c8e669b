package lines

import (
	"slices"
	"strings"
	"time"

	"go.etcd.io/bbolt"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// taken are the taken seats of a line, by channel, and when the first of the reserved ones
// lapses.
type taken struct {
	seats map[handoverv1.Channel]int32
	lapse time.Time
	ended []string // offers that had a reserved seat and no longer need it
}

// counting says which seats count as taken.
type counting struct {
	at    time.Time
	lease time.Duration
	// own is a conversation's name, or empty: a seat reserved for one of its own offers counts
	// as free to it.
	own string
	// newer are the leases made since the transaction.
	newer []*handoverv1.Lease
}

func (c counting) isOwn(offer string) bool { return c.own != "" && strings.HasPrefix(offer, c.own+"/") }

// takenAt counts the taken seats of a line at an instant.
func takenAt(tx *bbolt.Tx, line string, c counting) (taken, error) {
	t := taken{seats: map[handoverv1.Channel]int32{}}
	for _, l := range c.newer {
		if c.isOwn(l.Offer) {
			t.ended = append(t.ended, l.Offer)
			continue
		}
		t.seats[l.Channel]++
	}
	err := seatsOf(tx, line, func(offer string, s seat) error {
		if lapse := s.since.Add(c.lease); s.stage == aside {
			if !c.at.Before(lapse) || c.isOwn(offer) {
				t.ended = append(t.ended, offer)
				return nil
			}
			if t.lapse.IsZero() || lapse.Before(t.lapse) {
				t.lapse = lapse
			}
		}
		t.seats[s.channel]++
		return nil
	})
	return t, err
}

// linesAside are the lines with a seat reserved for an unsent offer of a conversation.
func linesAside(tx *bbolt.Tx, conversation string) (ids []string) {
	cursor := tx.Bucket([]byte(seatsBucket)).Cursor()
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
