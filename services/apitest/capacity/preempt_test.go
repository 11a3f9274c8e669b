package capacity_test

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"

	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	triagev1 "github.com/stafett/stafett/proto/stafett/triage/v1"
	"github.com/stafett/stafett/services/apitest"
)

// imminent brings a child in imminent danger to the point where it is asked about a handover to lines.
func imminent(d apitest.Desk, lines ...string) (handover string) {
	d.T.Helper()
	conversation := d.OpenConversation()
	d.Recorded(d.Triage.AssessRisk(d.Ctx, &triagev1.AssessRiskRequest{
		RequestId: uuid.NewString(), Conversation: conversation, Level: handoverv1.RiskLevel_RISK_LEVEL_R4,
	}))
	handover = d.Propose(conversation, lines...)
	d.Recorded(d.Intake.AskConsent(d.Ctx, &intakev1.AskConsentRequest{RequestId: uuid.NewString(), Handover: handover, Scopes: onlyIntro}))
	return handover
}

func agree(d apitest.Desk, handover string) error {
	_, err := d.Intake.GiveConsent(d.Ctx, &intakev1.GiveConsentRequest{RequestId: uuid.NewString(), Handover: handover, Scopes: onlyIntro})
	return err
}

// lost checks that the first offer of a handover lost its seat to a child in danger.
func lost(w *apitest.World, handover string) {
	w.T.Helper()
	if o := w.GetOffer(handover, 1); o.State != handoverv1.OfferState_OFFER_STATE_WITHDRAWN || o.PassReason != handoverv1.PassReason_PASS_REASON_PREEMPTED {
		w.T.Errorf("the first offer of %s is %v (%v), want it withdrawn for a child in danger", handover, o.State, o.PassReason)
	}
}

// TestOneSeatTwoChildren: a child in imminent danger gets the seat that rings for another. That one goes on with the
// next line and has the next seat of this one, before others who come later, also after a restart.
func TestOneSeatTwoChildren(t *testing.T) {
	w := apitest.NewQuietWorld(t, apitest.FourLines())
	sender, first := w.Desk("sender"), w.Desk("first")
	first.ReportSeats(1)
	_, calm := sender.Offered("first")
	danger := imminent(sender, "first")
	if err := agree(sender, danger); err != nil {
		t.Fatal(err)
	}
	w.Settle()
	lost(w, calm)
	w.WantState(calm, handoverv1.HandoverState_HANDOVER_STATE_OFFERED)
	w.WantState(danger, handoverv1.HandoverState_HANDOVER_STATE_OFFERED)
	w.WantNoOffer("first")
	w.Restart(func() { w.Remove(apitest.ReadModels...) })
	first = w.Desk("first")
	w.WantNoOffer("first")
	first.Decline(danger, "1")
	w.Settle()
	if o := w.GetOffer(calm, 2); o.State != handoverv1.OfferState_OFFER_STATE_SENT {
		t.Errorf("the next seat did not go to whom it is owed: %v", o)
	}
	w.WantNoOffer("first")
	first.Accept(calm, "2")
}

// TestTheAcceptAndTheDanger come at the same instant: one has the seat, and never both.
func TestTheAcceptAndTheDanger(t *testing.T) {
	w := apitest.NewQuietWorld(t, apitest.FourLines())
	sender, first := w.Desk("sender"), w.Desk("first")
	taken := 0
	for range 12 {
		sender.Advance(10 * time.Second) // a reservation that came too late lapses
		first.ReportSeats(1)
		_, calm := sender.Offered("first")
		danger := imminent(sender) // a named line would be asked beyond its seats
		var both errgroup.Group
		both.Go(func() error { return agree(sender, danger) })
		both.Go(func() error {
			_, _ = first.Accepting(calm+"/offers/1", uuid.NewString())(w.Ctx) // too late is an answer, too
			return nil
		})
		if err := both.Wait(); err != nil {
			t.Fatal(err)
		}
		w.Settle()
		accepted := w.GetOffer(calm, 1).State == handoverv1.OfferState_OFFER_STATE_ACCEPTED
		if asked := len(apitest.Logged[*eventv1.OfferSent](w, apitest.ConversationOf(danger))) > 0; asked == accepted {
			t.Errorf("the calm child was accepted: %v; the one in danger was offered: %v", accepted, asked)
		}
		if !accepted {
			taken++
			lost(w, calm)
			first.Decline(danger, "1")
			w.Settle()
		}
		sender.Cancel(calm)
		w.Settle()
	}
	t.Logf("the danger was first %d times of 12", taken)
}

// TestWhoWaitsIsAskedOnceASeatIsReported: more seats are as good as one that is freed.
func TestWhoWaitsIsAskedOnceASeatIsReported(t *testing.T) {
	w := apitest.NewQuietWorld(t, apitest.FourLines())
	sender, first := w.Desk("sender"), w.Desk("first")
	first.ReportSeats(1)
	_, calm := sender.Offered("first")
	danger := imminent(sender, "first")
	if err := agree(sender, danger); err != nil {
		t.Fatal(err)
	}
	w.Settle()
	sender.Advance(time.Second)
	lost(w, calm)
	first.ReportSeats(2)
	w.Settle()
	if o := w.GetOffer(calm, 2); o.State != handoverv1.OfferState_OFFER_STATE_SENT {
		t.Errorf("a second seat did not go to whom it is owed: %v", o)
	}
}

// TestANamedLineThatIsFull is asked for a child in imminent danger all the same, with a warning, and for no other.
func TestANamedLineThatIsFull(t *testing.T) {
	w := apitest.NewQuietWorld(t, apitest.FourLines())
	sender := w.Desk("sender")
	w.Desk("first").ReportSeats(0)
	w.WantNoOffer("first")
	danger := imminent(sender, "first")
	if err := agree(sender, danger); err != nil {
		t.Fatal(err)
	}
	w.Settle()
	if o := w.GetOffer(danger, 1); o.State != handoverv1.OfferState_OFFER_STATE_SENT {
		t.Errorf("the named line is %v, want it asked", o)
	}
	h := w.WantState(danger, handoverv1.HandoverState_HANDOVER_STATE_OFFERED)
	if warnings := h.Routing.Candidates[0].Warnings; len(warnings) != 1 || warnings[0] != handoverv1.Verdict_VERDICT_CAPACITY {
		t.Errorf("the decision warns of %v, want that it is full", warnings)
	}
	if h.Trial == nil {
		t.Error("the sender was not told before the child was asked")
	}
}
