package livedirectory

import (
	"errors"
	"path/filepath"
	"testing"
	"time"

	"go.etcd.io/bbolt"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/stafett/stafett/pkg/directory"
	"github.com/stafett/stafett/pkg/event"
	"github.com/stafett/stafett/pkg/handover"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	"github.com/stafett/stafett/services/internal/eventlog"
	"github.com/stafett/stafett/services/internal/lines"
	"github.com/stafett/stafett/services/internal/seats"
)

const chat = handoverv1.Channel_CHANNEL_CHAT

var evening = time.Date(2026, 11, 23, 19, 0, 0, 0, time.UTC)

// book is a projection's part about one line, and the line's chain.
type book struct {
	t     *testing.T
	db    *bbolt.DB
	chain lines.State
	cache Cache
}

func newBook(t *testing.T) *book {
	t.Helper()
	// A file that had to grow would wait for the transactions that tests keep open.
	db, err := bbolt.Open(filepath.Join(t.TempDir(), "model.db"), 0o600, &bbolt.Options{NoSync: true, InitialMmapSize: 1 << 24})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	b := &book{t: t, db: db, cache: Cache{Lease: 10 * time.Second}}
	b.update(func(tx *bbolt.Tx) error {
		for _, name := range Buckets {
			if _, err := tx.CreateBucket([]byte(name)); err != nil {
				return err
			}
		}
		return nil
	})
	return b
}

func (b *book) update(do func(*bbolt.Tx) error) {
	b.t.Helper()
	if err := b.db.Update(do); err != nil {
		b.t.Fatal(err)
	}
}

// happens applies the next commit of the line.
func (b *book) happens(at time.Time, what proto.Message) {
	b.t.Helper()
	entry := eventlog.Entry{Position: b.chain.HeadPosition + 1, Commit: &eventv1.Commit{
		Subject: eventlog.LineSubject("brus"), Number: b.chain.Commits + 1, PreviousHash: b.chain.HeadHash,
		RecordTime: timestamppb.New(at), Events: []*eventv1.Event{event.Of(what)},
	}}
	entry.Hash[0] = byte(entry.Position)
	b.update(func(tx *bbolt.Tx) error { return Project(tx, entry) })
	b.chain.HeadPosition, b.chain.Commits, b.chain.HeadHash = entry.Position, entry.Commit.Number, entry.Hash[:]
}

// offers applies an entry of a conversation with one offer to the line.
func (b *book) offers(what proto.Message, offer *handoverv1.Offer) {
	b.t.Helper()
	const name = "conversations/c/handovers/1"
	offer.Name, offer.Line = name+"/offers/1", "brus"
	c := &handoverv1.Conversation{Handovers: []*handoverv1.Handover{
		{Name: name, Header: &handoverv1.PacketHeader{Channel: chat}, Offers: []*handoverv1.Offer{offer}},
	}}
	entry := eventlog.Entry{Commit: &eventv1.Commit{RecordTime: timestamppb.New(evening), Events: []*eventv1.Event{event.Of(what)}}}
	b.update(func(tx *bbolt.Tx) error { return seats.ProjectOffers(tx, entry, c) })
}

func (b *book) directory(at time.Time) (d *directory.Directory) {
	b.t.Helper()
	err := b.db.View(func(tx *bbolt.Tx) (err error) {
		d, err = b.cache.Directory(tx, at)
		return err
	})
	if err != nil {
		b.t.Fatal(err)
	}
	return d
}

func (b *book) left(at time.Time) int32 {
	b.t.Helper()
	return b.directory(at).Live("brus").Seats[chat].Left()
}

func (b *book) reports(free int32) {
	b.t.Helper()
	b.happens(evening, &eventv1.CapacityReported{
		Seats: []*handoverv1.SeatReport{{Channel: chat, Free: free}}, ExpireTime: timestamppb.New(evening.Add(2 * time.Minute)),
	})
}

// The directory recomputes what has changed, and nothing else.
func TestTheDirectoryFollowsItsLines(t *testing.T) {
	b := newBook(t)
	brus := &handoverv1.Line{Name: "lines/brus", Ages: &handoverv1.AgeBand{MinYears: 7, MaxYears: 25}}
	b.happens(evening, &eventv1.LinePublished{Line: brus})
	first := b.directory(evening)
	if b.directory(evening) != first {
		t.Error("it was worked out anew for nothing")
	}
	b.reports(2)
	if now := b.directory(evening); now.Line("brus") != first.Line("brus") || now.Live("brus").Seats[chat].Free != 2 {
		t.Errorf("after a report it is %v with %v", now.Line("brus"), now.Live("brus"))
	}
	older := proto.CloneOf(brus)
	older.Ages.MaxYears = 30
	b.happens(evening, &eventv1.LinePublished{Line: older})
	if oldest := b.directory(evening).Line("brus").GetAges().GetMaxYears(); oldest != 30 {
		t.Errorf("the oldest is %d after the line changed", oldest)
	}
	b.happens(evening, &eventv1.LineRemoved{})
	if line := b.directory(evening).Line("brus"); line != nil {
		t.Errorf("after it was taken out there is %v", line)
	}
}

// A seat is taken from its reservation until the offer has ended, or until the desks report
// after the counsellor has come.
func TestASeatIsTakenAndFreed(t *testing.T) {
	const offer = "conversations/c/handovers/1/offers/1"
	sent := &eventv1.OfferSent{Handover: 1, Offer: 1, Line: "brus"}
	for name, test := range map[string]struct {
		ends  proto.Message
		offer *handoverv1.Offer
		left  int32
		after int32 // once the desks have spoken
	}{
		"declined": {&eventv1.OfferDeclined{Handover: 1, Offer: 1}, &handoverv1.Offer{State: handoverv1.OfferState_OFFER_STATE_DECLINED}, 1, 1},
		"joined":   {&eventv1.ReceiverJoined{Handover: 1, Line: "brus"}, &handoverv1.Offer{State: handoverv1.OfferState_OFFER_STATE_ACCEPTED}, 0, 1},
		"no join":  {&eventv1.HandoverReturned{Handover: 1}, &handoverv1.Offer{State: handoverv1.OfferState_OFFER_STATE_ACCEPTED}, 1, 1},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBook(t)
			b.happens(evening, &eventv1.LinePublished{Line: &handoverv1.Line{Name: "lines/brus"}})
			b.reports(1)
			b.happens(evening, &eventv1.SeatLeased{Offer: offer, Channel: chat})
			if left := b.left(evening); left != 0 {
				t.Errorf("%d left once it is set aside", left)
			}
			b.offers(sent, &handoverv1.Offer{Lease: true})
			if left := b.left(evening.Add(time.Hour)); left != 0 {
				t.Errorf("%d left an hour after the offer was sent", left)
			}
			b.offers(test.ends, test.offer)
			if left := b.left(evening); left != test.left {
				t.Errorf("%d left after the end, want %d", left, test.left)
			}
			b.reports(1)
			if left := b.left(evening); left != test.after {
				t.Errorf("%d left once the desks have spoken, want %d", left, test.after)
			}
		})
	}
}

// TestASeatThatNobodyTook is free again by itself: the process may have ended before
// it sent the offer.
func TestASeatThatNobodyTook(t *testing.T) {
	b := newBook(t)
	b.happens(evening, &eventv1.LinePublished{Line: &handoverv1.Line{Name: "lines/brus"}})
	b.reports(1)
	b.happens(evening, &eventv1.SeatLeased{Offer: "lost", Channel: chat})
	if left := b.left(evening.Add(10*time.Second - time.Nanosecond)); left != 0 {
		t.Errorf("%d left while it is set aside", left)
	}
	if left := b.left(evening.Add(10 * time.Second)); left != 1 {
		t.Errorf("%d left after 10 s, want 1", left)
	}
}

// TestWhatIsSetAside: newest has commits that the projection does not have yet.
func TestWhatIsSetAside(t *testing.T) {
	for name, test := range map[string]struct {
		newest func(*lines.State)
		want   handoverv1.PassReason
		again  bool
	}{
		"free":           {func(*lines.State) {}, 0, false},
		"taken since":    {func(s *lines.State) { s.Leases = append(s.Leases, lease("other", evening)) }, handoverv1.PassReason_PASS_REASON_NO_SEAT, false},
		"has it already": {func(s *lines.State) { s.Leases = append(s.Leases, lease(mine, evening)) }, 0, true},
		"closed since": {func(s *lines.State) {
			s.Closures = []*handoverv1.Closure{{StartTime: timestamppb.New(evening), EndTime: timestamppb.New(evening.Add(time.Hour))}}
		}, handoverv1.PassReason_PASS_REASON_CLOSED, false},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBook(t)
			b.happens(evening, &eventv1.LinePublished{Line: alwaysOpen()})
			b.reports(1)
			newest := b.state()
			test.newest(newest)
			leased, reason := b.setAside(newest)
			if reason != test.want || (leased != nil) != (test.want == 0 && !test.again) {
				t.Errorf("%v, %v", leased, reason)
			}
		})
	}
}

// mine is the offer for which a seat is wanted.
const mine = "conversations/c/handovers/1/offers/1"

func lease(offer string, at time.Time) *handoverv1.Lease {
	return &handoverv1.Lease{Offer: offer, Channel: chat, RecordTime: timestamppb.New(at)}
}

func alwaysOpen() *handoverv1.Line {
	return &handoverv1.Line{Name: handover.LineName("brus"), TimeZone: "Europe/Copenhagen", Hours: []*handoverv1.Hours{{
		Channel: chat, Windows: []*handoverv1.Window{{Weekdays: []int32{1, 2, 3, 4, 5, 6, 7}, ClosesMinute: 24 * 60}},
	}}}
}

func (b *book) state() (s *lines.State) {
	b.t.Helper()
	err := b.db.View(func(tx *bbolt.Tx) (err error) {
		s, err = lines.StateOf(tx, "brus")
		return err
	})
	if err != nil {
		b.t.Fatal(err)
	}
	return s
}

func (b *book) setAside(newest *lines.State) (leased *eventv1.SeatLeased, reason handoverv1.PassReason) {
	b.t.Helper()
	err := b.db.View(func(tx *bbolt.Tx) (err error) {
		wanted := Wanted{Line: "brus", Offer: mine, Header: &handoverv1.PacketHeader{Channel: chat}}
		leased, err = b.cache.SetAside(tx, newest, wanted, evening)
		if none := (NoSeat{}); errors.As(err, &none) {
			reason, err = none.Reason, nil
		}
		return err
	})
	if err != nil {
		b.t.Fatal(err)
	}
	return leased, reason
}
