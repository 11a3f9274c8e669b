package lines

import (
	"bytes"
	"encoding/binary"
	"errors"
	"slices"
	"strings"
	"time"

	"go.etcd.io/bbolt"

	"github.com/stafett/stafett/pkg/directory"
	"github.com/stafett/stafett/pkg/event"
	"github.com/stafett/stafett/pkg/handover"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	"github.com/stafett/stafett/services/internal/eventlog"
	"github.com/stafett/stafett/services/internal/readmodel"
)

// seatsBucket has the seats that are taken at each line, by line and offer.
const seatsBucket = "seats"

// stage says how far an offer that takes a seat has come.
type stage byte

const (
	aside  stage = iota // set aside, and the offer is not sent yet
	live                // the offer is open, or accepted
	seated              // the counsellor has come, and the desks have not spoken since
)

// seat is one that is taken.
type seat struct {
	stage   stage
	channel handoverv1.Channel
	since   time.Time
}

func (s seat) encode() []byte {
	return binary.BigEndian.AppendUint64([]byte{byte(s.stage), byte(s.channel)}, uint64(s.since.UnixNano()))
}

func decodeSeat(stored []byte) seat {
	return seat{
		stage: stage(stored[0]), channel: handoverv1.Channel(stored[1]),
		since: time.Unix(0, int64(binary.BigEndian.Uint64(stored[2:]))),
	}
}

func seatKey(line, offer string) []byte { return append(readmodel.Prefix(line), offer...) }

// seatsOf calls for each seat that is taken at a line, with its offer.
func seatsOf(tx *bbolt.Tx, line string, each func(offer string, taken seat) error) error {
	prefix := readmodel.Prefix(line)
	cursor := tx.Bucket([]byte(seatsBucket)).Cursor()
	for k, v := cursor.Seek(prefix); bytes.HasPrefix(k, prefix); k, v = cursor.Next() {
		if err := each(string(k[len(prefix):]), decodeSeat(v)); err != nil {
			return err
		}
	}
	return nil
}

// foldLineSeats applies what a line's own events say of its seats. Who has come before
// the desks spoke is in what they said.
func foldLineSeats(tx *bbolt.Tx, line string, entry eventlog.Entry) error {
	bucket := tx.Bucket([]byte(seatsBucket))
	for _, e := range entry.Append.Events {
		switch kind := e.Kind.(type) {
		case *eventv1.Event_SeatLeased:
			if err := foldLeased(bucket, line, kind.SeatLeased, entry.Append.RecordTime.AsTime()); err != nil {
				return err
			}
		case *eventv1.Event_CapacityReported:
			if err := free(tx, line, func(taken seat) bool { return taken.stage == seated }); err != nil {
				return err
			}
		}
	}
	return nil
}

// foldLeased sets a seat aside and frees those that are not needed any more. Who decided
// it may not have known that an offer was sent: then its seat stays as it is.
func foldLeased(bucket *bbolt.Bucket, line string, leased *eventv1.SeatLeased, at time.Time) error {
	sent := func(offer string) bool {
		stored := bucket.Get(seatKey(line, offer))
		return stored != nil && decodeSeat(stored).stage != aside
	}
	for _, offer := range leased.Ended {
		if sent(offer) {
			continue
		}
		if err := bucket.Delete(seatKey(line, offer)); err != nil {
			return err
		}
	}
	if sent(leased.Offer) {
		return nil
	}
	return bucket.Put(seatKey(line, leased.Offer), seat{aside, leased.Channel, at}.encode())
}

// free frees some of a line's seats.
func free(tx *bbolt.Tx, line string, which func(seat) bool) error {
	var freed []string
	err := seatsOf(tx, line, func(offer string, taken seat) error {
		if which(taken) {
			freed = append(freed, offer)
		}
		return nil
	})
	for _, offer := range freed {
		if err := tx.Bucket([]byte(seatsBucket)).Delete(seatKey(line, offer)); err != nil {
			return err
		}
	}
	return err
}

// FoldOffers notes which seats a conversation's offers take after an entry. A seat is
// taken from the offer on, and free again once it has ended in any way.
func FoldOffers(tx *bbolt.Tx, entry eventlog.Entry, c *handoverv1.Conversation) error {
	seen := map[uint32]bool{}
	for _, e := range entry.Append.Events {
		what, ok := event.What(e).(interface{ GetHandover() uint32 })
		if !ok || seen[what.GetHandover()] {
			continue
		}
		seen[what.GetHandover()] = true
		h := handover.NumberedHandover(c, what.GetHandover())
		if !directory.HasSeats(h.GetHeader().GetChannel()) {
			continue
		}
		for _, offer := range h.GetOffers() {
			if err := foldOffer(tx, entry, h, offer); err != nil {
				return err
			}
		}
	}
	return nil
}

func foldOffer(tx *bbolt.Tx, entry eventlog.Entry, h *handoverv1.Handover, offer *handoverv1.Offer) error {
	bucket, key := tx.Bucket([]byte(seatsBucket)), seatKey(offer.Line, offer.Name)
	stored := bucket.Get(key)
	taken := seat{live, h.Header.Channel, entry.Append.RecordTime.AsTime()}
	switch known := stored != nil; {
	case offer.Lease:
		if known && decodeSeat(stored).stage == live && decodeSeat(stored).channel == taken.channel {
			return nil
		}
	case known && joined(entry, offer.Line) && speaks(tx, entry, offer.Line):
		taken.stage = seated
	case known && decodeSeat(stored).stage == live:
		return errors.Join(bucket.Delete(key), revise(tx, offer.Line))
	default:
		return nil
	}
	return errors.Join(bucket.Put(key, taken.encode()), revise(tx, offer.Line))
}

// speaks says whether the desks of a line have spoken of late. Where they have not,
// nobody knows how many seats are free, and nothing need be taken off.
func speaks(tx *bbolt.Tx, entry eventlog.Entry, line string) bool {
	s, err := StateOf(tx, line)
	return err == nil && s.Capacity != nil && entry.Append.RecordTime.AsTime().Before(s.Capacity.ExpireTime.AsTime())
}

// joined says whether a line's counsellor came in an entry.
func joined(entry eventlog.Entry, line string) bool {
	return slices.ContainsFunc(entry.Append.Events, func(e *eventv1.Event) bool { return e.GetReceiverJoined().GetLine() == line })
}

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
