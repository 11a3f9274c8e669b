package replicas_test

import (
	"sync"
	"testing"

	"github.com/google/uuid"
	"google.golang.org/grpc/codes"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	"github.com/stafett/stafett/services/apitest"
)

// times counts the commits under a request id.
func times(f *apitest.Fleet, id string) (n int) {
	f.T.Helper()
	wanted := uuid.MustParse(id)
	for _, s := range f.Commits() {
		if string(s.Commit.RequestId) == string(wanted[:]) {
			n++
		}
	}
	return n
}

// duplicates is a line with a desk at each of two routing services.
func duplicates(t *testing.T) (*apitest.Fleet, apitest.Desk, apitest.Desks) {
	t.Helper()
	f := apitest.NewFleet(t)
	return f, f.Desk("sender"), apitest.Desks{f.Desk("first"), f.Replica().Desk("first")}
}

// TestTheSameAcceptAgain: it is sent five times at once through both replicas, and again after
// the handover has ended.
func TestTheSameAcceptAgain(t *testing.T) {
	f, sender, first := duplicates(t)
	conversation, handover := sender.Offered("first")
	id := uuid.NewString()
	accept := accepting(handover+"/offers/1", id)
	before := each(first, accept)
	if before.err != nil {
		t.Fatal(before.err)
	}
	sender.Bridge(first[0], handover)
	sender.Transfer(first[0], handover)
	f.Leave(sender, handover)
	first[0].Recorded(first[0].Routing.ReportOutcome(f.Ctx, &routingv1.ReportOutcomeRequest{
		RequestId: uuid.NewString(), Handover: handover, Outcome: handoverv1.Outcome_OUTCOME_ONGOING,
	}))
	first[0].CloseConversation(conversation)
	if after := each(first, accept); !after.same(before) {
		t.Errorf("once the handover has ended it is answered %v, want %v", after, before)
	}
	for _, d := range first {
		_, err := declining(handover+"/offers/1", id)(d)
		apitest.WantRefusal(t, err, codes.AlreadyExists, "REQUEST_ID_REUSED")
	}
	if n := times(f, id); n != 1 {
		t.Errorf("it is in the log %d times, want once", n)
	}
}

// overtaking is a line's accept and decline of one offer, with different request ids.
type overtaking struct {
	first           apitest.Desks
	accept, decline func(apitest.Desk) (*handoverv1.Recorded, error)
}

// orders are the orders in which both can arrive.
var orders = map[string]func(overtaking) (accepted, declined answered){
	"in order": func(o overtaking) (accepted, declined answered) {
		accepted = each(o.first, o.accept)
		return accepted, each(o.first, o.decline)
	},
	"reordered": func(o overtaking) (accepted, declined answered) {
		declined = each(o.first, o.decline)
		return each(o.first, o.accept), declined
	},
	"at once": func(o overtaking) (accepted, declined answered) {
		var both sync.WaitGroup
		both.Go(func() { accepted = each(o.first, o.accept) })
		both.Go(func() { declined = each(o.first, o.decline) })
		both.Wait()
		return accepted, declined
	},
}

// TestAnAcceptAndADeclineInAnyOrder: a line's two requests overtake each other. A decline after
// the accept gives the child back, an accept after the decline is too late, and each always
// gets the same answer.
func TestAnAcceptAndADeclineInAnyOrder(t *testing.T) {
	f, sender, first := duplicates(t)
	for name, send := range orders {
		t.Run(name, func(t *testing.T) {
			for range 5 {
				_, handover := sender.Offered("first")
				accept, decline := uuid.NewString(), uuid.NewString()
				o := overtaking{first, accepting(handover+"/offers/1", accept), declining(handover+"/offers/1", decline)}
				accepted, declined := send(o)
				taken := 1
				if accepted.err != nil {
					taken = 0
					apitest.WantRefusal(t, accepted.err, codes.FailedPrecondition, "TOO_LATE")
				}
				if !each(first, o.decline).same(declined) || !each(first, o.accept).same(accepted) {
					t.Errorf("asked again, the answers are others than %v and %v", accepted, declined)
				}
				if declined.err != nil || times(f, accept) != taken || times(f, decline) != 1 {
					t.Errorf("the accept is in the log %d times, want %d, and the decline %d times, want once", times(f, accept), taken, times(f, decline))
				}
			}
		})
	}
}
