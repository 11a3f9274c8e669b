package seats

import (
	"errors"
	"slices"
	"time"

	"go.etcd.io/bbolt"

	"github.com/stafett/stafett/pkg/directory"
	"github.com/stafett/stafett/pkg/event"
	"github.com/stafett/stafett/pkg/handover"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	statev1 "github.com/stafett/stafett/proto/stafett/state/v1"
	"github.com/stafett/stafett/services/internal/eventlog"
	"github.com/stafett/stafett/services/internal/lines"
)

// ProjectLine applies what a line's own events say about its seats. A capacity report
// includes everyone who came before it. It ignores entries of anything else.
func ProjectLine(tx *bbolt.Tx, entry eventlog.Entry) error {
	line, taken := entry.Line(), tx.Bucket([]byte(bucket))
	if line == "" {
		return nil
	}
	for _, e := range entry.Commit.Events {
		switch kind := e.Kind.(type) {
		case *eventv1.Event_SeatLeased:
			if err := reserve(taken, line, kind.SeatLeased, entry.Commit.RecordTime.AsTime()); err != nil {
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

// reserve reserves a seat and frees those that are no longer needed. The service that
// decided this may not have known that an offer was sent; the seat of a sent offer stays
// taken.
func reserve(all *bbolt.Bucket, line string, leased *eventv1.SeatLeased, at time.Time) error {
	sent := func(offer string) bool {
		stored := all.Get(keyOf(line, offer))
		return stored != nil && decodeSeat(stored).stage != aside
	}
	for _, offer := range leased.Ended {
		if sent(offer) {
			continue
		}
		if err := all.Delete(keyOf(line, offer)); err != nil {
			return err
		}
	}
	if sent(leased.Offer) {
		return nil
	}
	return all.Put(keyOf(line, leased.Offer), seat{aside, leased.Channel, at, leased.Preempts}.encode())
}

// free frees those of a line's seats that match.
func free(tx *bbolt.Tx, line string, which func(seat) bool) error {
	var freed []string
	err := seatsOf(tx, line, func(offer string, taken seat) error {
		if which(taken) {
			freed = append(freed, offer)
		}
		return nil
	})
	for _, offer := range freed {
		if err := tx.Bucket([]byte(bucket)).Delete(keyOf(line, offer)); err != nil {
			return err
		}
	}
	return err
}

// ProjectOffers records which seats a conversation's offers take after an entry. A seat is taken
// from the offer on, and free again when the offer has ended in any way.
func ProjectOffers(tx *bbolt.Tx, entry eventlog.Entry, c *statev1.Conversation) error {
	seen := map[uint32]bool{}
	for _, e := range entry.Commit.Events {
		number := event.Handover(event.What(e))
		if number == 0 || seen[number] {
			continue
		}
		seen[number] = true
		h := handover.Of(c).Handover(number)
		if !directory.HasSeats(h.GetHeader().GetChannel()) {
			continue
		}
		for offer := range h.Offers() {
			if err := projectOffer(tx, entry, h, offer); err != nil {
				return err
			}
		}
		if err := projectOwed(tx, entry, h); err != nil {
			return err
		}
	}
	return nil
}

// projectOwed keeps the next seat of a line for a handover that lost one there, until it is asked again or
// goes on without.
func projectOwed(tx *bbolt.Tx, entry eventlog.Entry, h handover.Handover) error {
	lost := h.Preempted()
	if !lost.Exists() {
		return nil
	}
	all, key := tx.Bucket([]byte(bucket)), keyOf(lost.Line, h.Name)
	waits := h.Owed().Exists() && h.State == handover.Offered
	switch stored := all.Get(key); {
	case !waits && stored == nil, waits && stored != nil && decodeSeat(stored).channel == h.Header.Channel:
		return nil
	case !waits:
		return errors.Join(all.Delete(key), lines.Revise(tx, lost.Line))
	}
	next := seat{stage: owed, channel: h.Header.Channel, since: entry.Commit.RecordTime.AsTime()}
	return errors.Join(all.Put(key, next.encode()), lines.Revise(tx, lost.Line))
}

func projectOffer(tx *bbolt.Tx, entry eventlog.Entry, h handover.Handover, offer handover.Offer) error {
	all, key := tx.Bucket([]byte(bucket)), keyOf(offer.Line, offer.Name)
	stored := all.Get(key)
	taken := seat{stage: live, channel: h.Header.Channel, since: entry.Commit.RecordTime.AsTime()}
	if h.Yields(offer) {
		taken.stage = ringing
	}
	switch known := stored != nil; {
	case offer.Lease:
		if known && decodeSeat(stored).stage == taken.stage && decodeSeat(stored).channel == taken.channel {
			return nil
		}
	case known && joined(entry, offer.Line) && speaks(tx, entry, offer.Line):
		taken.stage = seated
	case known && decodeSeat(stored).holds():
		return errors.Join(all.Delete(key), lines.Revise(tx, offer.Line))
	default:
		return nil
	}
	return errors.Join(all.Put(key, taken.encode()), lines.Revise(tx, offer.Line))
}

// speaks reports whether a line's capacity report is current. Without one, the number of free
// seats is unknown, and nothing needs to be subtracted.
func speaks(tx *bbolt.Tx, entry eventlog.Entry, line string) bool {
	s, err := lines.StateOf(tx, line)
	return err == nil && s.Capacity != nil && entry.Commit.RecordTime.AsTime().Before(s.Capacity.ExpireTime.AsTime())
}

// joined reports whether a line's counsellor came in an entry.
func joined(entry eventlog.Entry, line string) bool {
	return slices.ContainsFunc(entry.Commit.Events, func(e *eventv1.Event) bool { return e.GetReceiverJoined().GetLine() == line })
}
