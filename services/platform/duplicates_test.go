package platform_test

import (
	"sync"
	"testing"

	"github.com/google/uuid"
	"google.golang.org/grpc/codes"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
)

// times counts what the log has under a request id.
func (f *fleet) times(id string) (n int) {
	f.t.Helper()
	wanted := uuid.MustParse(id)
	for _, s := range f.log() {
		if string(s.Commit.RequestId) == string(wanted[:]) {
			n++
		}
	}
	return n
}

// duplicates is a line with a desk at each of two routing services.
func duplicates(t *testing.T) (*fleet, desk, desks) {
	t.Helper()
	f := newFleet(t)
	return f, f.desk("sender"), desks{f.desk("first"), f.replica().desk("first")}
}

// TestTheSameAcceptAgain: it is sent five times at once through both replicas,
// and again once the handover has ended.
func TestTheSameAcceptAgain(t *testing.T) {
	f, sender, first := duplicates(t)
	conversation, handover := sender.offered("first")
	id := uuid.NewString()
	accept := accepting(handover+"/offers/1", id)
	before := first.each(accept)
	if before.err != nil {
		t.Fatal(before.err)
	}
	sender.bridge(first[0], handover)
	sender.transfer(first[0], handover)
	f.done(sender, handover)
	first[0].done(first[0].Routing.ReportOutcome(f.ctx, &routingv1.ReportOutcomeRequest{
		RequestId: uuid.NewString(), Handover: handover, Outcome: handoverv1.Outcome_OUTCOME_ONGOING,
	}))
	first[0].close(conversation)
	if after := first.each(accept); !after.same(before) {
		t.Errorf("once the handover has ended it is answered %v, want %v", after, before)
	}
	for _, d := range first {
		_, err := declining(handover+"/offers/1", id)(d)
		refused(t, err, codes.AlreadyExists, "REQUEST_ID_REUSED")
	}
	if n := f.times(id); n != 1 {
		t.Errorf("it is in the log %d times, want once", n)
	}
}

// overtaking is a line's accept and decline of one offer, under ids of their own.
type overtaking struct {
	first           desks
	accept, decline func(desk) (*handoverv1.Recorded, error)
}

// orders are the orders in which both can arrive.
var orders = map[string]func(overtaking) (accepted, declined answered){
	"in order": func(o overtaking) (accepted, declined answered) {
		accepted = o.first.each(o.accept)
		return accepted, o.first.each(o.decline)
	},
	"reordered": func(o overtaking) (accepted, declined answered) {
		declined = o.first.each(o.decline)
		return o.first.each(o.accept), declined
	},
	"at once": func(o overtaking) (accepted, declined answered) {
		var both sync.WaitGroup
		both.Go(func() { accepted = o.first.each(o.accept) })
		both.Go(func() { declined = o.first.each(o.decline) })
		both.Wait()
		return accepted, declined
	},
}

// TestAnAcceptAndADeclineInAnyOrder: a line's two requests overtake each other.
// One is recorded, once, and each is answered the same ever after.
func TestAnAcceptAndADeclineInAnyOrder(t *testing.T) {
	f, sender, first := duplicates(t)
	for name, send := range orders {
		t.Run(name, func(t *testing.T) {
			for range 5 {
				_, handover := sender.offered("first")
				winner, loser := uuid.NewString(), uuid.NewString()
				o := overtaking{first, accepting(handover+"/offers/1", winner), declining(handover+"/offers/1", loser)}
				accepted, declined := send(o)
				lost := declined.err
				if accepted.err != nil {
					winner, loser, lost = loser, winner, accepted.err
				}
				refused(t, lost, codes.FailedPrecondition, "TOO_LATE")
				if !first.each(o.decline).same(declined) || !first.each(o.accept).same(accepted) {
					t.Errorf("asked again, the answers are others than %v and %v", accepted, declined)
				}
				if f.times(winner) != 1 || f.times(loser) != 0 {
					t.Errorf("the winner is in the log %d times and the loser %d times, want one and none", f.times(winner), f.times(loser))
				}
			}
		})
	}
}
