package routing

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/event"
	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/decide"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	statev1 "github.com/stafett/stafett/proto/stafett/state/v1"
	"github.com/stafett/stafett/services/internal/aggregate"
	"github.com/stafett/stafett/services/internal/lines"
	"github.com/stafett/stafett/services/internal/livedirectory"
	"github.com/stafett/stafett/services/internal/logtest"
)

// offering reserves what a decision needs that sends an offer of a conversation to a line.
func offering(t testing.TB, r *reservations, conversation int, channel handoverv1.Channel, line string) aggregate.Outcome {
	name := handover.ConversationName(fmt.Sprint(conversation))
	state := &handover.State{Conversation: &statev1.Conversation{Name: name, Handovers: []*statev1.Handover{
		{Name: handover.HandoverName(name, 1), Header: &handoverv1.PacketHeader{Channel: channel, Risk: handoverv1.RiskLevel_RISK_LEVEL_R1}},
	}}}
	decision := decide.Decision{Events: []*eventv1.Event{
		event.Of(&eventv1.HandoverRouted{Handover: 1}), event.Of(&eventv1.OfferSent{Handover: 1, Offer: 1, Line: line}),
	}}
	return r.reserve(logtest.Context(t), state, decision)
}

func reserving(t testing.TB, free int32) (*reservations, func(time.Duration)) {
	t.Helper()
	s, clock := open(t)
	s.free(t, "first", free)
	return &reservations{identity: s.deps.Identity, model: s.model, cache: s.cache, lines: s.lines}, func(d time.Duration) {
		clock.Advance(d)
		s.caughtUp(t)
	}
}

func TestASeatIsReservedForOneOffer(t *testing.T) {
	r, wait := reserving(t, 1)
	if outcome := offering(t, r, 1, chat, "first"); !outcome.Held() {
		t.Fatalf("the free seat was not reserved: %v", outcome.Err)
	}
	if outcome := offering(t, r, 1, chat, "first"); !outcome.Held() {
		t.Errorf("the same offer's seat is gone: %v", outcome.Err)
	}
	outcome := offering(t, r, 2, chat, "first")
	if outcome.Result != aggregate.Contended || !errors.As(outcome.Err, new(livedirectory.NoSeat)) {
		t.Errorf("a second offer got %v, %v, want to be decided again for want of a seat", outcome.Result, outcome.Err)
	}
	wait(r.cache.Lease)
	if outcome := offering(t, r, 2, chat, "first"); !outcome.Held() {
		t.Errorf("the lapsed seat of an offer that was not sent was not reserved again: %v", outcome.Err)
	}
}

func TestOffersInWritingNeedNoSeat(t *testing.T) {
	r, _ := reserving(t, 0)
	if outcome := offering(t, r, 1, handoverv1.Channel_CHANNEL_EMAIL, "first"); outcome.Result != aggregate.NothingToDo {
		t.Errorf("an offer of an e-mail got %v, %v", outcome.Result, outcome.Err)
	}
}

func TestOneOfManyGetsTheLastSeat(t *testing.T) {
	r, _ := reserving(t, 1)
	var wait sync.WaitGroup
	outcomes := make([]aggregate.Outcome, 8)
	for i := range outcomes {
		wait.Go(func() { outcomes[i] = offering(t, r, i, chat, "first") })
	}
	wait.Wait()
	held := 0
	for _, outcome := range outcomes {
		if outcome.Held() {
			held++
		} else if !errors.As(outcome.Err, new(livedirectory.NoSeat)) {
			t.Errorf("an offer got %v, %v", outcome.Result, outcome.Err)
		}
	}
	if held != 1 {
		t.Errorf("%d offers got the one seat", held)
	}
}

// TestSeatsOfALineAreReservedTogether: they wait for one commit, not for one each.
func TestSeatsOfALineAreReservedTogether(t *testing.T) {
	r, _ := reserving(t, 40)
	commits := func() uint64 {
		if err := r.model.CatchUp(logtest.Context(t), 0); err != nil {
			t.Fatal(err)
		}
		return r.model.Position()
	}
	before := commits()
	held := together(t, r, 64)
	if made := commits() - before; held != 40 || made > 20 {
		t.Errorf("%d of 40 seats were reserved, with %d commits", held, made)
	}
}

// TestManyReservationsHaveEnded: more than one commit can list, so it ends some, and the next ones
// the others. A commit that lists all would never fit, and the line never get an offer again.
func TestManyReservationsHaveEnded(t *testing.T) {
	r, wait := reserving(t, 1)
	const commits, each = 4, 250
	for i := range commits {
		outcome := r.lines.Do(logtest.Context(t), aggregate.Call{Target: "first", Command: "Test"}, func(*lines.State, time.Time) (leased []proto.Message, _ error) {
			for j := range each {
				leased = append(leased, &eventv1.SeatLeased{Offer: fmt.Sprintf("conversations/0191d3f0-7c3e-7000-8000-%012d/handovers/1/offers/1", i*each+j), Channel: chat})
			}
			return leased, nil
		})
		if outcome.Err != nil {
			t.Fatal(outcome.Err)
		}
	}
	wait(r.cache.Lease)
	for i := range commits {
		if outcome := offering(t, r, i, chat, "first"); !outcome.Held() {
			t.Fatalf("with so many that have ended, reservation %d got %v, %v", i+1, outcome.Result, outcome.Err)
		}
		wait(r.cache.Lease)
	}
	if s, err := lines.Read(r.model.View, "first"); err != nil || len(s.Leases) != 1 {
		t.Errorf("%d reservations are left, %v, want the last one", len(s.GetLeases()), err)
	}
}

// together reserves seats for that many conversations at once and counts those that got one.
func together(t testing.TB, r *reservations, count int) (held int) {
	t.Helper()
	outcomes := make([]aggregate.Outcome, count)
	var wait sync.WaitGroup
	for i := range outcomes {
		wait.Go(func() { outcomes[i] = offering(t, r, i, chat, "first") })
	}
	wait.Wait()
	for _, outcome := range outcomes {
		if outcome.Held() {
			held++
		}
	}
	return held
}

// BenchmarkSeats reserves a seat at one line for each of 64 conversations, all at once.
func BenchmarkSeats(b *testing.B) {
	for b.Loop() {
		b.StopTimer()
		r, _ := reserving(b, 64)
		b.StartTimer()
		if held := together(b, r, 64); held != 64 {
			b.Fatalf("%d seats were reserved", held)
		}
	}
}
