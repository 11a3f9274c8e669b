package platform_test

import (
	"testing"
	"time"

	"github.com/google/uuid"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
)

// availability is whether a line can take somebody now, as an auditor sees it.
func (w *world) availability(line string) *routingv1.Availability {
	w.t.Helper()
	w.settle()
	return must[*routingv1.Availability](w.t)(w.auditor().Directory.GetAvailability(w.ctx, &routingv1.GetAvailabilityRequest{Line: "lines/" + line}))
}

// chats is the same for chats alone, which the line must have hours for.
func (w *world) chats(line string) *routingv1.ChannelAvailability {
	w.t.Helper()
	for _, channel := range w.availability(line).Channels {
		if channel.Channel == chat {
			return channel
		}
	}
	w.t.Fatalf("%s has no hours for chats", line)
	return nil
}

// seats checks how many seats a line has for chats.
func (w *world) seats(line string, free, aside int32) {
	w.t.Helper()
	if got := w.chats(line); got.FreeSeats == nil || *got.FreeSeats != free || got.LeasedSeats != aside {
		w.t.Errorf("%s has %v, want %d seats free and %d set aside", line, got, free, aside)
	}
}

// asks checks that a new handover of sender's to a line comes to be an offer.
func (w *world) asks(line string) {
	w.t.Helper()
	_, handover := w.desk("sender").offered(line)
	w.stands(handover, handoverv1.HandoverState_HANDOVER_STATE_OFFERED)
}

// asksNobody checks that a new handover of sender's to a line comes back.
func (w *world) asksNobody(line string) {
	w.t.Helper()
	_, handover := w.desk("sender").offered(line)
	h := w.stands(handover, handoverv1.HandoverState_HANDOVER_STATE_RETURNED)
	if h.ReturnReason != handoverv1.ReturnReason_RETURN_REASON_NO_LINE_OPEN {
		w.t.Errorf("%s came back because of %v", handover, h.ReturnReason)
	}
}

// quietWorld is one whose desks say nothing of their seats but what the test lets
// them say.
func quietWorld(t *testing.T, lines []*handoverv1.Line) *world {
	t.Helper()
	w := newWorldOf(t, lines)
	w.quiet = true
	return w
}

// ways are those on which an offer of first's only seat comes to an end.
var ways = map[string]func(sender, first desk, conversation, handover string){
	"declined": func(_, first desk, _, handover string) { first.decline(handover, "1") },
	"not answered": func(sender, first desk, _, handover string) {
		first.acknowledge(handover+"/offers/1", offerAlerting)
		sender.pass(45 * time.Second)
	},
	"not delivered": func(sender, _ desk, _, handover string) { sender.pass(5 * time.Second) },
	"taken back by the child": func(sender, _ desk, _, handover string) {
		sender.done(sender.Intake.WithdrawConsent(sender.ctx, &intakev1.WithdrawConsentRequest{RequestId: uuid.NewString(), Handover: handover}))
	},
	"called off": func(sender, _ desk, _, handover string) { sender.cancel(handover) },
	"called off once accepted": func(sender, first desk, _, handover string) {
		first.accept(handover, "1")
		sender.cancel(handover)
	},
	"left alone by the child": func(sender, first desk, conversation, handover string) {
		first.accept(handover, "1")
		sender.disconnect(conversation, "child")
		sender.pass(15 * time.Minute)
	},
	"accepted, and nobody came": func(sender, first desk, _, handover string) {
		first.accept(handover, "1")
		sender.pass(30 * time.Second)
	},
	"signposted": func(sender, _ desk, _, handover string) {
		sender.done(sender.Routing.SignpostHandover(sender.ctx, signposting(handover)))
	},
	"an emergency": func(sender, _ desk, _, handover string) {
		sender.done(sender.Routing.CallEmergency(sender.ctx, calling(handover)))
	},
}

// TestASeatIsFreeAgain on every way out, and the next child gets it.
func TestASeatIsFreeAgain(t *testing.T) {
	for name, ends := range ways {
		t.Run(name, func(t *testing.T) {
			w := quietWorld(t, fourLines())
			sender, first := w.desk("sender"), w.desk("first")
			first.free(1)
			conversation, handover := sender.offered("first")
			w.stands(handover, handoverv1.HandoverState_HANDOVER_STATE_OFFERED)
			w.seats("first", 0, 1)
			w.asksNobody("first")
			ends(sender, first, conversation, handover)
			w.settle()
			first.free(1)
			w.seats("first", 1, 0)
			w.asks("first")
			w.seats("first", 0, 1)
		})
	}
}

// TestASeatThatIsTaken is the desks' to speak of once the counsellor has come: until
// then what they say does not give it away, and what they say next counts alone.
func TestASeatThatIsTaken(t *testing.T) {
	w := quietWorld(t, fourLines())
	sender, first := w.desk("sender"), w.desk("first")
	first.free(1)
	_, handover := sender.offered("first")
	first.accept(handover, "1")
	first.free(2)
	w.seats("first", 1, 1)
	first.free(1)
	w.seats("first", 0, 1)
	w.asksNobody("first")
	sender.bridge(first, handover)
	w.seats("first", 0, 1)
	first.free(0)
	w.seats("first", 0, 0)
	sender.transfer(first, handover)
	w.seats("first", 0, 0)
	first.free(1)
	w.seats("first", 1, 0)
	w.asks("first")
}
