package capacity_test

import (
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	"github.com/stafett/stafett/services/apitest"
	"github.com/stafett/stafett/services/internal/aggregate"
	"github.com/stafett/stafett/services/internal/identity"
	"github.com/stafett/stafett/services/internal/lines"
)

// setsAside reserves a seat of a line for an offer, like a routing service that ends before it
// sends the offer.
func setsAside(w *apitest.World, line, offer string) {
	w.T.Helper()
	call := aggregate.Call{Target: line, Caller: "spiffe://" + identity.DefaultDomain + "/service/routing", Command: "SetSeatAside"}
	err := lines.NewRepository(w.Log(), w.Clock, lines.Nothing()).Do(w.Ctx, call, func(*lines.State, time.Time) ([]proto.Message, error) {
		return []proto.Message{&eventv1.SeatLeased{Offer: offer, Channel: apitest.Chat}}, nil
	}).Err
	if err != nil {
		w.T.Fatal(err)
	}
}

// TestASeatForAnOfferThatIsNeverSent is blocked for 10 s and no longer, whether the service
// goes on, restarts, or has lost its projection.
func TestASeatForAnOfferThatIsNeverSent(t *testing.T) {
	for name, meanwhile := range map[string]func(*apitest.World){
		"it goes on":         func(*apitest.World) {},
		"it starts again":    func(w *apitest.World) { w.Restart(func() {}) },
		"it has to read all": func(w *apitest.World) { w.Restart(func() { w.Remove(apitest.ReadModels...) }) },
	} {
		t.Run(name, func(t *testing.T) {
			w := apitest.NewQuietWorld(t, apitest.FourLines())
			w.Desk("first").ReportSeats(1)
			setsAside(w, "first", w.Desk("sender").OpenConversation()+"/handovers/1/offers/1")
			meanwhile(w)
			w.Advance(10*time.Second - time.Nanosecond)
			seats(w, "first", 0, 1)
			w.WantNoOffer("first")
			w.Advance(time.Nanosecond)
			seats(w, "first", 1, 0)
			w.WantOffer("first")
			seats(w, "first", 0, 1)
			w.Advance(time.Second) // the new lease does not lapse with the old
			seats(w, "first", 0, 1)
		})
	}
}

// TestASeatThatIsReservedAlready stays with its offer: a service that restarted between
// reserving and sending, or a faster replica, sends the offer.
func TestASeatThatIsReservedAlready(t *testing.T) {
	for name, meanwhile := range map[string]func(*apitest.World){
		"by another":  func(*apitest.World) {},
		"by the same": func(w *apitest.World) { w.Restart(func() {}) },
	} {
		t.Run(name, func(t *testing.T) {
			w := apitest.NewQuietWorld(t, apitest.FourLines())
			w.Desk("first").ReportSeats(1)
			handover := w.Desk("sender").Propose(w.Desk("sender").OpenConversation(), "first")
			setsAside(w, "first", handover+"/offers/1")
			meanwhile(w)
			w.Desk("sender").Consent(handover)
			w.WantState(handover, handoverv1.HandoverState_HANDOVER_STATE_OFFERED)
			seats(w, "first", 0, 1)
			w.Advance(4 * time.Second)
			seats(w, "first", 0, 1)
			if n := len(apitest.Logged[*eventv1.SeatLeased](w, "")); n != 1 {
				t.Errorf("the seat was set aside %d times, want once", n)
			}
		})
	}
}
