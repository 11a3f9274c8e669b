package capacity_test

import (
	"testing"
	"time"

	"github.com/google/uuid"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	"github.com/stafett/stafett/services/apitest"
)

// seats checks how many seats a line has for chats.
func seats(w *apitest.World, line string, free, aside int32) {
	w.T.Helper()
	if got := w.ChatAvailability(line); got.FreeSeats == nil || *got.FreeSeats != free || got.LeasedSeats != aside {
		w.T.Errorf("%s has %v, want %d seats free and %d set aside", line, got, free, aside)
	}
}

// ways are those in which an offer of first's only seat can end.
var ways = map[string]func(sender, first apitest.Desk, conversation, handover string){
	"declined": func(_, first apitest.Desk, _, handover string) { first.Decline(handover, "1") },
	"not answered": func(sender, first apitest.Desk, _, handover string) {
		first.Acknowledge(handover+"/offers/1", apitest.OfferAlerting)
		sender.Advance(45 * time.Second)
	},
	"not delivered": func(sender, _ apitest.Desk, _, handover string) { sender.Advance(5 * time.Second) },
	"taken back by the child": func(sender, _ apitest.Desk, _, handover string) {
		sender.Recorded(sender.Intake.WithdrawConsent(sender.Ctx, &intakev1.WithdrawConsentRequest{RequestId: uuid.NewString(), Handover: handover}))
	},
	"called off": func(sender, _ apitest.Desk, _, handover string) { sender.Cancel(handover) },
	"called off once accepted": func(sender, first apitest.Desk, _, handover string) {
		first.Accept(handover, "1")
		sender.Cancel(handover)
	},
	"left alone by the child": func(sender, first apitest.Desk, conversation, handover string) {
		first.Accept(handover, "1")
		sender.Disconnect(conversation, "child")
		sender.Advance(15 * time.Minute)
	},
	"accepted, and nobody came": func(sender, first apitest.Desk, _, handover string) {
		first.Accept(handover, "1")
		sender.Advance(30 * time.Second)
	},
	"handed over, and closed": func(sender, first apitest.Desk, conversation, handover string) {
		first.Accept(handover, "1")
		sender.Bridge(first, handover)
		sender.Transfer(first, handover)
		sender.Leave(sender, handover)
		first.Report(handover)
		first.CloseConversation(conversation)
	},
	"signposted": func(sender, _ apitest.Desk, _, handover string) {
		sender.Recorded(sender.Routing.SignpostHandover(sender.Ctx, apitest.Signposting(handover)))
	},
}

// TestASeatIsFreeAgain whichever way the offer ends, also once the projections are rebuilt, and the
// next child gets it.
func TestASeatIsFreeAgain(t *testing.T) {
	for name, ends := range ways {
		t.Run(name, func(t *testing.T) {
			w := apitest.NewQuietWorld(t, apitest.FourLines())
			sender, first := w.Desk("sender"), w.Desk("first")
			first.ReportSeats(1)
			conversation, handover := sender.Offered("first")
			w.WantState(handover, handoverv1.HandoverState_HANDOVER_STATE_OFFERED)
			seats(w, "first", 0, 1)
			w.WantNoOffer("first")
			ends(sender, first, conversation, handover)
			w.Settle()
			first.ReportSeats(1)
			seats(w, "first", 1, 0)
			w.Restart(func() { w.Remove(apitest.ReadModels...) })
			seats(w, "first", 1, 0)
			w.WantOffer("first")
			seats(w, "first", 0, 1)
		})
	}
}

// TestASeatThatIsTaken is counted by the desks once the counsellor has come: earlier reports
// do not free it, and the next report alone counts.
func TestASeatThatIsTaken(t *testing.T) {
	w := apitest.NewQuietWorld(t, apitest.FourLines())
	sender, first := w.Desk("sender"), w.Desk("first")
	first.ReportSeats(1)
	_, handover := sender.Offered("first")
	first.Accept(handover, "1")
	first.ReportSeats(2)
	seats(w, "first", 1, 1)
	first.ReportSeats(1)
	seats(w, "first", 0, 1)
	w.WantNoOffer("first")
	sender.Bridge(first, handover)
	seats(w, "first", 0, 1)
	first.ReportSeats(0)
	seats(w, "first", 0, 0)
	sender.Transfer(first, handover)
	seats(w, "first", 0, 0)
	first.ReportSeats(1)
	seats(w, "first", 1, 0)
	w.WantOffer("first")
}
