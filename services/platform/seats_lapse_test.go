package platform_test

import (
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	"github.com/stafett/stafett/services/internal/aggregate"
	"github.com/stafett/stafett/services/internal/identity"
	"github.com/stafett/stafett/services/internal/lines"
)

// setsAside sets a seat of a line aside for an offer, as a routing service does that
// ends before it sends it.
func (w *world) setsAside(line, offer string) {
	w.t.Helper()
	unknown := func(string) (*lines.State, error) { return &lines.State{}, nil }
	call := aggregate.Call{Target: line, Caller: "spiffe://" + identity.DefaultDomain + "/service/routing", Command: "SetSeatAside"}
	err := lines.NewRepository(w.Log(), w.clock, unknown).Do(w.ctx, call, func(*lines.State, time.Time) ([]proto.Message, error) {
		return []proto.Message{&eventv1.SeatLeased{Offer: offer, Channel: chat}}, nil
	}).Err
	if err != nil {
		w.t.Fatal(err)
	}
}

// TestASeatForAnOfferThatIsNeverSent is blocked for 10 s, and for nobody longer, whether
// the service goes on, starts again, or has lost its read model.
func TestASeatForAnOfferThatIsNeverSent(t *testing.T) {
	for name, meanwhile := range map[string]func(*world){
		"it goes on":         func(*world) {},
		"it starts again":    func(w *world) { w.restart(func() {}) },
		"it has to read all": func(w *world) { w.restart(func() { w.remove(readModels...) }) },
	} {
		t.Run(name, func(t *testing.T) {
			w := quietWorld(t, fourLines())
			w.desk("first").free(1)
			w.setsAside("first", w.desk("sender").open()+"/handovers/1/offers/1")
			meanwhile(w)
			w.pass(10*time.Second - time.Nanosecond)
			w.seats("first", 0, 1)
			w.asksNobody("first")
			w.pass(time.Nanosecond)
			w.seats("first", 1, 0)
			w.asks("first")
			w.seats("first", 0, 1)
			w.pass(time.Second) // the new one does not lapse with the old
			w.seats("first", 0, 1)
		})
	}
}

// TestASeatThatIsSetAsideAlready is the offer's for which it was: the service that comes
// after one that ended between setting aside and sending, or a replica that is faster,
// sends it.
func TestASeatThatIsSetAsideAlready(t *testing.T) {
	for name, meanwhile := range map[string]func(*world){
		"by another":  func(*world) {},
		"by the same": func(w *world) { w.restart(func() {}) },
	} {
		t.Run(name, func(t *testing.T) {
			w := quietWorld(t, fourLines())
			w.desk("first").free(1)
			handover := w.desk("sender").propose(w.desk("sender").open(), "first")
			w.setsAside("first", handover+"/offers/1")
			meanwhile(w)
			w.desk("sender").consent(handover)
			w.stands(handover, handoverv1.HandoverState_HANDOVER_STATE_OFFERED)
			w.seats("first", 0, 1)
			w.pass(4 * time.Second)
			w.seats("first", 0, 1)
			if n := len(logged[*eventv1.SeatLeased](w, "")); n != 1 {
				t.Errorf("the seat was set aside %d times, want once", n)
			}
		})
	}
}
