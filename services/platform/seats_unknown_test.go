package platform_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"google.golang.org/protobuf/proto"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	triagev1 "github.com/stafett/stafett/proto/stafett/triage/v1"
)

// changedLines are the four lines, one of them changed.
func changedLines(line string, change func(*handoverv1.Line)) (lines []*handoverv1.Line) {
	for _, l := range fourLines() {
		l = proto.CloneOf(l)
		if l.Name == "lines/"+line {
			change(l)
		}
		lines = append(lines, l)
	}
	return lines
}

// offer is an offer of a handover of sender's.
func (w *world) offer(handover string, n int) *handoverv1.Offer {
	w.t.Helper()
	w.settle()
	h := must[*handoverv1.Handover](w.t)(w.desk("sender").Routing.GetHandover(w.ctx, &routingv1.GetHandoverRequest{Name: handover}))
	if len(h.Offers) < n {
		w.t.Fatalf("%s plans %v, want %d lines", handover, h.Offers, n)
	}
	return h.Offers[n-1]
}

// TestUnknownSeats: what desks said counts for two minutes. Nobody is asked before they
// have spoken, nor once they have been silent for so long, but where it is an emergency.
func TestUnknownSeats(t *testing.T) {
	w := quietWorld(t, changedLines("second", func(l *handoverv1.Line) { l.Emergency = true }))
	first := w.desk("first")
	if got := w.chats("first"); got.FreeSeats != nil || got.Queue != nil || !got.Open {
		t.Errorf("before its desks have spoken first has %v, want it open and nothing known", got)
	}
	w.asksNobody("first")
	w.asks("second")
	told := first.free(1)
	if until := told.ExpireTime.AsTime(); !until.Equal(w.clock.Now().Add(2 * time.Minute)) {
		t.Errorf("it counts until %v, want two minutes", until)
	}
	w.pass(2*time.Minute - time.Nanosecond)
	w.seats("first", 1, 0)
	w.asks("first")
	w.pass(time.Nanosecond)
	if got := w.chats("first"); got.FreeSeats != nil {
		t.Errorf("after two minutes first has %v, want nothing known", got)
	}
	w.asksNobody("first")
	w.asks("second")
	first.free(2)
	w.asks("first")
}

// TestAReportIsRecordedWhenItSaysSomething: desks repeat themselves, and the log does not.
func TestAReportIsRecordedWhenItSaysSomething(t *testing.T) {
	w := quietWorld(t, fourLines())
	first := w.desk("first")
	told := first.free(2)
	w.pass(time.Minute)
	w.unchanged(func() {
		if again := first.free(2); !proto.Equal(again, told) {
			t.Errorf("answered %v, want %v as before", again, told)
		}
	})
	if other := first.free(3); other.Position <= told.Position || other.ExpireTime.AsTime().Sub(told.ExpireTime.AsTime()) != time.Minute {
		t.Errorf("another number is answered %v", other)
	}
	w.pass(time.Minute + time.Nanosecond)
	if later := first.free(3); later.ExpireTime.AsTime().Sub(w.clock.Now()) != 2*time.Minute {
		t.Errorf("after half of its time it counts until %v", later.ExpireTime.AsTime())
	}
}

// planned brings a handover to first and then second so far that first is asked.
func planned(w *world) (handover string) {
	for _, line := range []string{"first", "second", "third"} {
		w.desk(line).free(1)
	}
	_, handover = w.desk("sender").offered("first", "second", "third")
	return handover
}

// TestALineWhoseTurnHasCome is passed over where it cannot take anybody any more, and the
// history says why.
func TestALineWhoseTurnHasCome(t *testing.T) {
	for want, meanwhile := range map[handoverv1.PassReason]func(second desk){
		handoverv1.PassReason_PASS_REASON_NO_SEAT: func(second desk) { second.asks("second") },
		handoverv1.PassReason_PASS_REASON_CLOSED:  func(second desk) { second.done(second.closing(time.Hour)) },
	} {
		t.Run(want.String(), func(t *testing.T) {
			w := quietWorld(t, fourLines())
			handover := planned(w)
			meanwhile(w.desk("second"))
			w.settle()
			w.desk("first").decline(handover, "1")
			if passed := w.offer(handover, 2); passed.State != handoverv1.OfferState_OFFER_STATE_WITHDRAWN || passed.PassReason != want {
				t.Errorf("second is passed over as %v, want for %v", passed, want)
			}
			if asked := w.offer(handover, 3); asked.State != offerSent {
				t.Errorf("third is %v, want it asked", asked)
			}
		})
	}
}

// TestALifeInDanger is not kept waiting for a seat: an emergency line is asked although
// its desks say that it has none.
func TestALifeInDanger(t *testing.T) {
	w := quietWorld(t, changedLines("second", func(l *handoverv1.Line) { l.Emergency = true }))
	sender := w.desk("sender")
	w.desk("first").free(0)
	w.desk("second").free(0)
	w.asksNobody("second")
	handover := sender.propose(sender.open(), "first", "second")
	conversation, _, _ := strings.Cut(handover, "/handovers/")
	sender.done(sender.Triage.AssessRisk(w.ctx, &triagev1.AssessRiskRequest{
		RequestId: uuid.NewString(), Conversation: conversation, Level: handoverv1.RiskLevel_RISK_LEVEL_R4,
	}))
	askConsent(sender, sender, handover)
	sender.done(sender.Intake.GiveConsent(w.ctx, &intakev1.GiveConsentRequest{RequestId: uuid.NewString(), Handover: handover, Scopes: introAndLine}))
	w.stands(handover, handoverv1.HandoverState_HANDOVER_STATE_OFFERED)
	if asked := w.offer(handover, 1); asked.Line != "second" || asked.State != offerSent {
		t.Errorf("the plan begins with %v, want second asked", asked)
	}
}
