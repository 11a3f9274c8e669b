package routing_test

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"google.golang.org/grpc/codes"

	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	triagev1 "github.com/stafett/stafett/proto/stafett/triage/v1"
	"github.com/stafett/stafett/services/apitest"
)

const (
	offerWithdrawn   = handoverv1.OfferState_OFFER_STATE_WITHDRAWN
	offerUnreachable = handoverv1.OfferState_OFFER_STATE_UNREACHABLE
)

func confirmCancel(d apitest.Desk, offer string) (*handoverv1.Recorded, error) {
	return apitest.Placed(d.Routing.ConfirmCancel(d.Ctx, &routingv1.ConfirmCancelRequest{RequestId: uuid.NewString(), Offer: offer}))
}

// TestADeskIsAlertedAgain after 15 and 30 s, even if its watch was interrupted meanwhile, and
// not after that.
func TestADeskIsAlertedAgain(t *testing.T) {
	w := apitest.NewWorld(t)
	first := w.Desk("first")
	stream := first.WatchOffers(0)
	_, handover := w.Desk("sender").Offered("first", "second")
	offer := handover + "/offers/1"
	alerted := func(alerts uint32, state handoverv1.OfferState) uint64 {
		t.Helper()
		r := stream.Next(offer, state)
		if r.Offer.Alerts != alerts {
			t.Errorf("it was alerted %d times, want %d", r.Offer.Alerts, alerts)
		}
		return r.Position
	}
	alerted(1, apitest.OfferSent)
	first.Acknowledge(offer, apitest.OfferDelivered)
	alerted(1, apitest.OfferDelivered)
	w.Advance(15 * time.Second)
	position := alerted(2, apitest.OfferDelivered)
	stream = first.WatchOffers(position) // reconnected
	w.Advance(15 * time.Second)
	alerted(3, apitest.OfferDelivered)
	w.Advance(15*time.Second - time.Nanosecond)
	if n := len(apitest.Logged[*eventv1.OfferAlerted](w, "")); n != 2 {
		t.Errorf("it was alerted again %d times, want twice", n)
	}
	w.Advance(time.Nanosecond)
	alerted(3, apitest.OfferTimedOut)
	w.Desk("second").WatchOffers(0).Next(handover+"/offers/2", apitest.OfferSent)
}

// TestADeskThatIsNotThere is detected after 5 s, and the next is asked.
func TestADeskThatIsNotThere(t *testing.T) {
	w := apitest.NewWorld(t)
	first := w.Desk("first")
	stream := first.WatchOffers(0)
	_, handover := w.Desk("sender").Offered("first", "second")
	stream.Next(handover+"/offers/1", apitest.OfferSent)
	w.Advance(5*time.Second - time.Nanosecond)
	first.WatchOffers(0).Next(handover+"/offers/1", apitest.OfferSent)
	w.Advance(time.Nanosecond)
	stream.Next(handover+"/offers/1", offerUnreachable)
	_, err := first.Routing.AcceptOffer(w.Ctx, &routingv1.AcceptOfferRequest{RequestId: uuid.NewString(), Offer: handover + "/offers/1"})
	apitest.WantRefusal(t, err, codes.FailedPrecondition, "TOO_LATE")
	w.Desk("second").WatchOffers(0).Next(handover+"/offers/2", apitest.OfferSent)
}

// TestALineConfirmsThatItIsCalledOff, whether it was asked or had accepted, and even if it was
// offline at the time.
func TestALineConfirmsThatItIsCalledOff(t *testing.T) {
	for name, accepts := range map[string]bool{"asked": false, "accepted": true} {
		t.Run(name, func(t *testing.T) {
			w := apitest.NewWorld(t)
			sender, first := w.Desk("sender"), w.Desk("first")
			_, handover := sender.Offered("first")
			offer, state := handover+"/offers/1", offerWithdrawn
			first.Acknowledge(offer, apitest.OfferAlerting)
			if accepts {
				first.Accept(handover, "1")
				state = apitest.OfferAccepted
			}
			sender.Cancel(handover)
			for _, stream := range []apitest.OfferWatch{first.WatchOffers(0), first.WatchOffers(5)} {
				if r := stream.Next(offer, state); !r.ConfirmCancel {
					t.Errorf("the line is told %v, want that it must confirm", r)
				}
			}
			first.Took(confirmCancel(first, offer))
			w.WantState(handover, handoverv1.HandoverState_HANDOVER_STATE_CANCEL_CONFIRMED)
			if r := first.WatchOffers(5).Next(offer, state); r.ConfirmCancel {
				t.Errorf("once it has confirmed the line is told %v", r)
			}
			first.Took(confirmCancel(first, offer))
			if all := apitest.Logged[*eventv1.CancelConfirmed](w, ""); len(all) != 1 {
				t.Errorf("it is confirmed %d times, want once", len(all))
			}
			w.Advance(time.Minute)
			if all := apitest.Logged[*eventv1.SupervisorTold](w, ""); len(all) != 0 {
				t.Errorf("supervisors are told %v", all)
			}
		})
	}
}

// TestALineThatDoesNotConfirm: after 30 s its supervisors are told, on its custody watch too.
func TestALineThatDoesNotConfirm(t *testing.T) {
	w := apitest.NewWorld(t)
	sender, first := w.Desk("sender"), w.Desk("first")
	conversation, handover := sender.Offered("first")
	firsts := first.WatchCustody("", w.LogEnd()) // even if it begins late
	sender.Cancel(handover)
	w.Advance(30 * time.Second)
	told := next(firsts, conversation, "sender", 1, 0).SupervisorCalls
	if len(told) != 1 || told[0].Reason != handoverv1.SupervisorReason_SUPERVISOR_REASON_CANCEL_UNCONFIRMED {
		t.Errorf("its supervisors are told %v", told)
	}
	first.Took(confirmCancel(first, handover+"/offers/1")) // late, but still useful
	w.WantState(handover, handoverv1.HandoverState_HANDOVER_STATE_CANCEL_CONFIRMED)
}

// TestOnlyOwnOffers: planned offers are not visible yet, and a line whose answer has ended its
// offer sees nothing more.
func TestOnlyOwnOffers(t *testing.T) {
	w := apitest.NewWorld(t)
	sender, first, second, third := w.Desk("sender"), w.Desk("first"), w.Desk("second"), w.Desk("third")
	firsts, seconds, thirds := first.WatchOffers(0), second.WatchOffers(0), third.WatchOffers(0)
	_, handover := sender.Offered("first", "second", "third")
	h := w.WantState(handover, handoverv1.HandoverState_HANDOVER_STATE_OFFERED)
	if len(h.Offers) != 3 || h.Offers[2].State != handoverv1.OfferState_OFFER_STATE_PLANNED || h.Offers[2].CreateTime != nil {
		t.Errorf("the sender sees %v, want all three of the plan", h.Offers)
	}
	firsts.Next(handover+"/offers/1", apitest.OfferSent)
	first.Decline(handover, "1")
	firsts.Next(handover+"/offers/1", apitest.OfferDeclined)
	second.Accept(handover, "2")
	seconds.Next(handover+"/offers/2", apitest.OfferSent)
	seconds.Next(handover+"/offers/2", apitest.OfferAccepted)
	for _, offer := range []string{"/offers/3", "/offers/1"} {
		_, err := third.Routing.AcceptOffer(w.Ctx, &routingv1.AcceptOfferRequest{RequestId: uuid.NewString(), Offer: handover + offer})
		apitest.WantRefusal(t, err, codes.NotFound, "OFFER_NOT_FOUND")
	}
	sender.Cancel(handover)
	if r := seconds.Next(handover+"/offers/2", apitest.OfferAccepted); !r.ConfirmCancel {
		t.Errorf("the line that accepted is told %v", r)
	}
	_, next := sender.Offered() // first, second and third in turn
	for n, stream := range []apitest.OfferWatch{firsts, seconds, thirds} {
		offer := next + "/offers/" + string(rune('1'+n))
		stream.Next(offer, apitest.OfferSent)
		w.Desk([]string{"first", "second", "third"}[n]).Decline(next, string(rune('1'+n)))
		stream.Next(offer, apitest.OfferDeclined)
	}
}

// TestWhatBecomesKnownLater is shown to the asked line, but not to one that has declined.
func TestWhatBecomesKnownLater(t *testing.T) {
	w := apitest.NewWorld(t)
	sender, first := w.Desk("sender"), w.Desk("first")
	conversation, handover := sender.Offered("first", "second")
	sent := first.WatchOffers(0).Next(handover+"/offers/1", apitest.OfferSent)
	first.Decline(handover, "1")
	sender.Recorded(sender.Triage.AssessRisk(w.Ctx, &triagev1.AssessRiskRequest{
		RequestId: uuid.NewString(), Conversation: conversation, Level: handoverv1.RiskLevel_RISK_LEVEL_R3,
	}))
	if r := first.WatchOffers(sent.Position).Next(handover+"/offers/1", apitest.OfferDeclined); r.Header != nil {
		t.Errorf("the line that declined is told %v", r.Header)
	}
	if r := w.Desk("second").WatchOffers(0).Next(handover+"/offers/2", apitest.OfferSent); r.Header.GetRisk() != handoverv1.RiskLevel_RISK_LEVEL_R3 {
		t.Errorf("the asked line is told %v, want the risk", r.Header)
	}
}
