package livedirectory

import (
	"errors"
	"testing"
	"time"

	"go.etcd.io/bbolt"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/stafett/stafett/pkg/directory"
	"github.com/stafett/stafett/pkg/handover"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	statev1 "github.com/stafett/stafett/proto/stafett/state/v1"
	"github.com/stafett/stafett/services/internal/eventlog"
	"github.com/stafett/stafett/services/internal/lines"
	"github.com/stafett/stafett/services/internal/linestest"
	"github.com/stafett/stafett/services/internal/seats"
)

const chat = linestest.Chat

var evening = linestest.Evening

// book is a projection's part about one line, with the directory that follows it.
type book struct {
	*linestest.Book
	cache Cache
}

func newBook(t *testing.T) *book {
	t.Helper()
	project := func(tx *bbolt.Tx, entry eventlog.Entry, c *statev1.Conversation) error {
		if c != nil {
			return seats.ProjectOffers(tx, entry, c)
		}
		return Project(tx, entry)
	}
	return &book{linestest.New(t, Buckets, project), Cache{Lease: 10 * time.Second}}
}

func (b *book) directory(at time.Time) (d *directory.Directory) {
	b.T.Helper()
	b.View(func(tx *bbolt.Tx) (err error) {
		d, err = b.cache.Directory(tx, at)
		return err
	})
	return d
}

func (b *book) left(at time.Time) int32 {
	b.T.Helper()
	return b.directory(at).Live("brus").Seats[chat].Left()
}

// The directory recomputes what has changed, and nothing else.
func TestTheDirectoryFollowsItsLines(t *testing.T) {
	b := newBook(t)
	brus := &handoverv1.Line{Name: "lines/brus", Ages: &handoverv1.AgeBand{MinYears: 7, MaxYears: 25}}
	b.Happens(evening, &eventv1.LinePublished{Line: brus})
	first := b.directory(evening)
	if b.directory(evening) != first {
		t.Error("it was worked out again for nothing")
	}
	b.Reports(2)
	if now := b.directory(evening); now.Line("brus") != first.Line("brus") || now.Live("brus").Seats[chat].Free != 2 {
		t.Errorf("after a report it is %v with %v", now.Line("brus"), now.Live("brus"))
	}
	older := proto.CloneOf(brus)
	older.Ages.MaxYears = 30
	b.Happens(evening, &eventv1.LinePublished{Line: older})
	if oldest := b.directory(evening).Line("brus").GetAges().GetMaxYears(); oldest != 30 {
		t.Errorf("the oldest is %d after the line changed", oldest)
	}
	b.Happens(evening, &eventv1.LineRemoved{})
	if line := b.directory(evening).Line("brus"); line != nil {
		t.Errorf("after it was taken out there is %v", line)
	}
}

// TestWhatIsReserved: newest has commits that the projection does not have yet.
func TestWhatIsReserved(t *testing.T) {
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
			b.Happens(evening, &eventv1.LinePublished{Line: alwaysOpen()})
			b.Reports(1)
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

func lease(offer string, at time.Time) *statev1.Lease {
	return &statev1.Lease{Offer: offer, Channel: chat, RecordTime: timestamppb.New(at)}
}

func alwaysOpen() *handoverv1.Line {
	return &handoverv1.Line{Name: handover.LineName("brus"), TimeZone: "Europe/Copenhagen", Hours: []*handoverv1.Hours{{
		Channel: chat, Windows: []*handoverv1.Window{{Weekdays: []int32{1, 2, 3, 4, 5, 6, 7}, ClosesMinute: 24 * 60}},
	}}}
}

func (b *book) state() (s *lines.State) {
	b.T.Helper()
	b.View(func(tx *bbolt.Tx) (err error) {
		s, err = lines.StateOf(tx, "brus")
		return err
	})
	return s
}

func (b *book) setAside(newest *lines.State) (leased *eventv1.SeatLeased, reason handoverv1.PassReason) {
	b.T.Helper()
	b.View(func(tx *bbolt.Tx) (err error) {
		wanted := Wanted{Line: "brus", Offer: mine, Header: &handoverv1.PacketHeader{Channel: chat}}
		leased, err = b.cache.Reserve(tx, newest, wanted, evening)
		if none := (NoSeat{}); errors.As(err, &none) {
			reason, err = none.Reason, nil
		}
		return err
	})
	return leased, reason
}
