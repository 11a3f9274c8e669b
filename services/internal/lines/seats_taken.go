package lines

import (
	"slices"
	"strings"
	"time"

	"go.etcd.io/bbolt"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// taken are the seats of a line that are taken, by channel, and when the first of those
// that are only set aside is free again by itself.
type taken struct {
	seats map[handoverv1.Channel]int32
	lapse time.Time
	ended []string // offers whose seats were set aside, and are not needed any more
}

// counting says which seats count as taken.
type counting struct {
	at    time.Time
	lease time.Duration
	// own is a conversation's name, or empty: what is only set aside for an offer of its
	// own is free to it.
	own string
	// newer is what was set aside since the transaction.
	newer []*handoverv1.Lease
}

func (c counting) isOwn(offer string) bool { return c.own != "" && strings.HasPrefix(offer, c.own+"/") }

// takenAt counts the seats of a line at an instant.
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

// linesAside are the lines at which a seat is only set aside for an offer of a conversation.
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

// Came says whether somebody has come to a line since its desks last spoke.
func Came(tx *bbolt.Tx, line string) (came bool, err error) {
	err = seatsOf(tx, line, func(_ string, s seat) error {
		came = came || s.stage == seated
		return nil
	})
	return came, err
}
