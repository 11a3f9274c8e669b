package platform_test

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"google.golang.org/grpc/codes"

	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	triagev1 "github.com/stafett/stafett/proto/stafett/triage/v1"
)

const (
	offerWithdrawn   = handoverv1.OfferState_OFFER_STATE_WITHDRAWN
	offerUnreachable = handoverv1.OfferState_OFFER_STATE_UNREACHABLE
)

func (d desk) cancel(handover string) *handoverv1.Recorded {
	d.t.Helper()
	return d.done(d.Routing.CancelHandover(d.ctx, &routingv1.CancelHandoverRequest{
		RequestId: uuid.NewString(), Handover: handover, Reason: handoverv1.CancelReason_CANCEL_REASON_NOT_NEEDED,
	}))
}

func (d desk) confirmCancel(offer string) (*handoverv1.Recorded, error) {
	return d.Routing.ConfirmCancel(d.ctx, &routingv1.ConfirmCancelRequest{RequestId: uuid.NewString(), Offer: offer})
}

// TestADeskIsAlertedAgain after 15 and 30 s, also where its watch was cut
// meanwhile, and not after that.
func TestADeskIsAlertedAgain(t *testing.T) {
	w := newWorld(t)
	first := w.desk("first")
	stream := first.offers(0)
	_, handover := w.desk("sender").offered("first", "second")
	offer := handover + "/offers/1"
	alerted := func(alerts uint32, state handoverv1.OfferState) uint64 {
		t.Helper()
		r := stream.next(offer, state)
		if r.Offer.Alerts != alerts {
			t.Errorf("it was alerted %d times, want %d", r.Offer.Alerts, alerts)
		}
		return r.Position
	}
	alerted(1, offerSent)
	first.acknowledge(offer, offerDelivered)
	alerted(1, offerDelivered)
	w.pass(15 * time.Second)
	position := alerted(2, offerDelivered)
	stream = first.offers(position) // reconnected
	w.pass(15 * time.Second)
	alerted(3, offerDelivered)
	w.pass(15*time.Second - time.Nanosecond)
	if n := len(logged[*eventv1.OfferAlerted](w, "")); n != 2 {
		t.Errorf("it was alerted again %d times, want twice", n)
	}
	w.pass(time.Nanosecond)
	alerted(3, offerTimedOut)
	w.desk("second").offers(0).next(handover+"/offers/2", offerSent)
}

// TestADeskThatIsNotThere is found out after 5 s, and the next is asked.
func TestADeskThatIsNotThere(t *testing.T) {
	w := newWorld(t)
	first := w.desk("first")
	stream := first.offers(0)
	_, handover := w.desk("sender").offered("first", "second")
	stream.next(handover+"/offers/1", offerSent)
	w.pass(5*time.Second - time.Nanosecond)
	first.offers(0).next(handover+"/offers/1", offerSent)
	w.pass(time.Nanosecond)
	stream.next(handover+"/offers/1", offerUnreachable)
	_, err := first.Routing.AcceptOffer(w.ctx, &routingv1.AcceptOfferRequest{RequestId: uuid.NewString(), Offer: handover + "/offers/1"})
	refused(t, err, codes.FailedPrecondition, "TOO_LATE")
	w.desk("second").offers(0).next(handover+"/offers/2", offerSent)
}

// TestALineConfirmsThatItIsCalledOff, whether it was asked or had accepted, also
// where it was away when that happened.
func TestALineConfirmsThatItIsCalledOff(t *testing.T) {
	for name, accepts := range map[string]bool{"asked": false, "accepted": true} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			sender, first := w.desk("sender"), w.desk("first")
			_, handover := sender.offered("first")
			offer, state := handover+"/offers/1", offerWithdrawn
			first.acknowledge(offer, offerAlerting)
			if accepts {
				first.accept(handover, "1")
				state = offerAccepted
			}
			sender.cancel(handover)
			for _, stream := range []offers{first.offers(0), first.offers(5)} {
				if r := stream.next(offer, state); !r.ConfirmCancel {
					t.Errorf("the line is told %v, want that it must confirm", r)
				}
			}
			first.done(first.confirmCancel(offer))
			w.stands(handover, handoverv1.HandoverState_HANDOVER_STATE_CANCEL_CONFIRMED)
			if r := first.offers(5).next(offer, state); r.ConfirmCancel {
				t.Errorf("once it has confirmed the line is told %v", r)
			}
			first.done(first.confirmCancel(offer))
			if all := logged[*eventv1.CancelConfirmed](w, ""); len(all) != 1 {
				t.Errorf("it is confirmed %d times, want once", len(all))
			}
			w.pass(time.Minute)
			if all := logged[*eventv1.SupervisorTold](w, ""); len(all) != 0 {
				t.Errorf("supervisors are told %v", all)
			}
		})
	}
}

// TestALineThatDoesNotConfirm: after 30 s its supervisors are told, at its watch
// of custody too.
func TestALineThatDoesNotConfirm(t *testing.T) {
	w := newWorld(t)
	sender, first := w.desk("sender"), w.desk("first")
	conversation, handover := sender.offered("first")
	firsts := first.custody("", w.last()) // also if it begins late
	sender.cancel(handover)
	w.pass(30 * time.Second)
	told := firsts.next(conversation, "sender", 1, 0).SupervisorCalls
	if len(told) != 1 || told[0].Reason != handoverv1.SupervisorReason_SUPERVISOR_REASON_CANCEL_UNCONFIRMED {
		t.Errorf("its supervisors are told %v", told)
	}
	first.done(first.confirmCancel(handover + "/offers/1")) // late, and still of use
	w.stands(handover, handoverv1.HandoverState_HANDOVER_STATE_CANCEL_CONFIRMED)
}

// TestOnlyOwnOffers: those that are planned are nobody's yet, and a line whose
// answer has ended its offer learns nothing more.
func TestOnlyOwnOffers(t *testing.T) {
	w := newWorld(t)
	sender, first, second, third := w.desk("sender"), w.desk("first"), w.desk("second"), w.desk("third")
	firsts, seconds, thirds := first.offers(0), second.offers(0), third.offers(0)
	_, handover := sender.offered("first", "second", "third")
	h := w.stands(handover, handoverv1.HandoverState_HANDOVER_STATE_OFFERED)
	if len(h.Offers) != 3 || h.Offers[2].State != handoverv1.OfferState_OFFER_STATE_PLANNED || h.Offers[2].CreateTime != nil {
		t.Errorf("the sender sees %v, want all three of the plan", h.Offers)
	}
	firsts.next(handover+"/offers/1", offerSent)
	first.decline(handover, "1")
	firsts.next(handover+"/offers/1", offerDeclined)
	second.accept(handover, "2")
	seconds.next(handover+"/offers/2", offerSent)
	seconds.next(handover+"/offers/2", offerAccepted)
	for _, offer := range []string{"/offers/3", "/offers/1"} {
		_, err := third.Routing.AcceptOffer(w.ctx, &routingv1.AcceptOfferRequest{RequestId: uuid.NewString(), Offer: handover + offer})
		refused(t, err, codes.NotFound, "OFFER_NOT_FOUND")
	}
	sender.cancel(handover)
	if r := seconds.next(handover+"/offers/2", offerAccepted); !r.ConfirmCancel {
		t.Errorf("the line that accepted is told %v", r)
	}
	_, next := sender.offered() // first, second and third in turn
	for n, stream := range []offers{firsts, seconds, thirds} {
		offer := next + "/offers/" + string(rune('1'+n))
		stream.next(offer, offerSent)
		w.desk([]string{"first", "second", "third"}[n]).decline(next, string(rune('1'+n)))
		stream.next(offer, offerDeclined)
	}
}

// TestWhatBecomesKnownLater is for the line that is asked, and not for one that
// has declined.
func TestWhatBecomesKnownLater(t *testing.T) {
	w := newWorld(t)
	sender, first := w.desk("sender"), w.desk("first")
	conversation, handover := sender.offered("first", "second")
	sent := first.offers(0).next(handover+"/offers/1", offerSent)
	first.decline(handover, "1")
	sender.done(sender.Triage.AssessRisk(w.ctx, &triagev1.AssessRiskRequest{
		RequestId: uuid.NewString(), Conversation: conversation, Level: handoverv1.RiskLevel_RISK_LEVEL_R3,
	}))
	if r := first.offers(sent.Position).next(handover+"/offers/1", offerDeclined); r.Header != nil {
		t.Errorf("the line that declined is told %v", r.Header)
	}
	if r := w.desk("second").offers(0).next(handover+"/offers/2", offerSent); r.Header.GetRisk() != handoverv1.RiskLevel_RISK_LEVEL_R3 {
		t.Errorf("the asked line is told %v, want the risk", r.Header)
	}
}
