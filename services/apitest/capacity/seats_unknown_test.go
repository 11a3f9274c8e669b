package capacity_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"google.golang.org/protobuf/proto"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	triagev1 "github.com/stafett/stafett/proto/stafett/triage/v1"
	"github.com/stafett/stafett/services/apitest"
)

// TestUnknownSeats: a capacity report expires after two minutes. A line without a current
// report is not asked, except in an emergency.
func TestUnknownSeats(t *testing.T) {
	w := apitest.NewQuietWorld(t, apitest.ChangedLines("second", func(l *handoverv1.Line) { l.Emergency = true }))
	first := w.Desk("first")
	if got := w.ChatAvailability("first"); got.FreeSeats != nil || got.Queue != nil || !got.Open {
		t.Errorf("before its desks have spoken first has %v, want it open and nothing known", got)
	}
	w.WantNoOffer("first")
	w.WantOffer("second")
	told := first.ReportSeats(1)
	if until := told.ExpireTime.AsTime(); !until.Equal(w.Clock.Now().Add(2 * time.Minute)) {
		t.Errorf("it counts until %v, want two minutes", until)
	}
	w.Advance(2*time.Minute - time.Nanosecond)
	seats(w, "first", 1, 0)
	w.WantOffer("first")
	w.Advance(time.Nanosecond)
	if got := w.ChatAvailability("first"); got.FreeSeats != nil {
		t.Errorf("after two minutes first has %v, want nothing known", got)
	}
	w.WantNoOffer("first")
	w.WantOffer("second")
	first.ReportSeats(2)
	w.WantOffer("first")
}

// TestAReportIsRecordedWhenItSaysSomething: desks repeat themselves, and the log does not.
func TestAReportIsRecordedWhenItSaysSomething(t *testing.T) {
	w := apitest.NewQuietWorld(t, apitest.FourLines())
	first := w.Desk("first")
	told := first.ReportSeats(2)
	w.Advance(time.Minute)
	w.WantUnchanged(func() {
		if again := first.ReportSeats(2); !proto.Equal(again, told) {
			t.Errorf("answered %v, want %v as before", again, told)
		}
	})
	if other := first.ReportSeats(3); other.Position <= told.Position || other.ExpireTime.AsTime().Sub(told.ExpireTime.AsTime()) != time.Minute {
		t.Errorf("another number is answered %v", other)
	}
	w.Advance(time.Minute + time.Nanosecond)
	if later := first.ReportSeats(3); later.ExpireTime.AsTime().Sub(w.Clock.Now()) != 2*time.Minute {
		t.Errorf("after half of its time it counts until %v", later.ExpireTime.AsTime())
	}
}

// TestALineWhoseTurnHasCome is passed over if it can no longer take anyone, and the history
// says why.
func TestALineWhoseTurnHasCome(t *testing.T) {
	for want, meanwhile := range map[handoverv1.PassReason]func(second apitest.Desk){
		handoverv1.PassReason_PASS_REASON_NO_SEAT: func(second apitest.Desk) { second.WantOffer("second") },
		handoverv1.PassReason_PASS_REASON_CLOSED:  func(second apitest.Desk) { second.Took(second.CloseFor(time.Hour)) },
	} {
		t.Run(want.String(), func(t *testing.T) {
			w := apitest.NewQuietWorld(t, apitest.FourLines())
			handover := apitest.Planned(w)
			meanwhile(w.Desk("second"))
			w.Settle()
			w.Desk("first").Decline(handover, "1")
			if passed := w.GetOffer(handover, 2); passed.State != handoverv1.OfferState_OFFER_STATE_WITHDRAWN || passed.PassReason != want {
				t.Errorf("second is passed over as %v, want for %v", passed, want)
			}
			if asked := w.GetOffer(handover, 3); asked.State != apitest.OfferSent {
				t.Errorf("third is %v, want it asked", asked)
			}
		})
	}
}

// TestALifeInDanger does not wait for a seat: an emergency line is asked although its desks
// report none.
func TestALifeInDanger(t *testing.T) {
	w := apitest.NewQuietWorld(t, apitest.ChangedLines("second", func(l *handoverv1.Line) { l.Emergency = true }))
	sender := w.Desk("sender")
	w.Desk("first").ReportSeats(0)
	w.Desk("second").ReportSeats(0)
	w.WantNoOffer("second")
	handover := sender.Propose(sender.OpenConversation())
	conversation, _, _ := strings.Cut(handover, "/handovers/")
	sender.Recorded(sender.Triage.AssessRisk(w.Ctx, &triagev1.AssessRiskRequest{
		RequestId: uuid.NewString(), Conversation: conversation, Level: handoverv1.RiskLevel_RISK_LEVEL_R4,
	}))
	apitest.AskConsent(sender, sender, handover)
	sender.Recorded(sender.Intake.GiveConsent(w.Ctx, &intakev1.GiveConsentRequest{RequestId: uuid.NewString(), Handover: handover, Scopes: apitest.IntroAndLine}))
	w.WantState(handover, handoverv1.HandoverState_HANDOVER_STATE_OFFERED)
	if asked := w.GetOffer(handover, 1); asked.Line != "lines/second" || asked.State != apitest.OfferSent {
		t.Errorf("the plan begins with %v, want second asked", asked)
	}
}
