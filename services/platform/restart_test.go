package platform_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"google.golang.org/protobuf/proto"

	auditv1 "github.com/stafett/stafett/proto/stafett/audit/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	triagev1 "github.com/stafett/stafett/proto/stafett/triage/v1"
	"github.com/stafett/stafett/services/apitest"
	"github.com/stafett/stafett/services/internal/sealtest"
	"github.com/stafett/stafett/services/platform"
)

// answers is what two lines and an auditor are told.
func answers(w *apitest.World, conversation, handover string) (all []proto.Message) {
	w.T.Helper()
	w.Settle()
	add := func(m proto.Message, err error) {
		w.T.Helper()
		if err != nil {
			w.T.Fatal(err)
		}
		all = append(all, m)
	}
	for _, line := range []string{"sender", "first"} {
		d := w.Desk(line)
		for _, m := range []func() (proto.Message, error){
			func() (proto.Message, error) {
				return d.Intake.GetConversation(w.Ctx, &intakev1.GetConversationRequest{Name: conversation})
			},
			func() (proto.Message, error) {
				return d.Routing.GetHandover(w.Ctx, &routingv1.GetHandoverRequest{Name: handover})
			},
			func() (proto.Message, error) {
				return d.Triage.ListWorkItems(w.Ctx, &triagev1.ListWorkItemsRequest{})
			},
			func() (proto.Message, error) { return d.Directory.ListLines(w.Ctx, &routingv1.ListLinesRequest{}) },
		} {
			add(m())
		}
		for _, sealed := range d.Words(conversation) {
			add(&intakev1.SealedMessage{Sealed: []byte(sealed)}, nil)
		}
	}
	for _, s := range w.Replay(&auditv1.ReplayCommitsRequest{}).Appends {
		add(s, nil)
	}
	return all
}

func TestItGoesOnAfterARestart(t *testing.T) {
	cases := map[string]func(w *apitest.World){
		"nothing happened":           func(*apitest.World) {},
		"the projections were lost":  func(w *apitest.World) { w.Remove(apitest.ReadModels...) },
		"one projection was damaged": func(w *apitest.World) { os.WriteFile(filepath.Join(w.Data, "triage/model.db"), []byte("junk"), 0o600) },
	}
	for name, meanwhile := range cases {
		t.Run(name, func(t *testing.T) {
			w := apitest.NewWorld(t)
			sender, first, conversation, handover := w.Bridged()
			request := &intakev1.SendMessageRequest{
				RequestId: uuid.NewString(), Conversation: conversation, Participant: "child",
				Audience: handoverv1.Audience_AUDIENCE_ALL, Sealed: sealtest.Blob("hello"),
			}
			recorded := sender.Recorded(sender.Intake.SendMessage(w.Ctx, request))
			before := answers(w, conversation, handover)
			w.Restart(func() { meanwhile(w) })
			after := answers(w, conversation, handover)
			if len(before) != len(after) {
				t.Fatalf("it gives %d answers, before it were %d", len(after), len(before))
			}
			for i := range before {
				if !proto.Equal(before[i], after[i]) {
					t.Errorf("it answers\n  %v, before it was\n  %v", after[i], before[i])
				}
			}
			sender, first = w.Desk("sender"), w.Desk("first")
			if again := sender.Recorded(sender.Intake.SendMessage(w.Ctx, request)); !proto.Equal(again, recorded) {
				t.Errorf("the same request: %v, want %v", again, recorded)
			}
			sender.Transfer(first, handover)
			w.Leave(sender, handover)
			first.CloseConversation(conversation)
		})
	}
}

// TestDeadlinesThatPassedMeanwhile fire once, in the order of the protocol.
func TestDeadlinesThatPassedMeanwhile(t *testing.T) {
	for name, lost := range map[string][]string{"with its projections": nil, "rebuilt": apitest.ReadModels} {
		t.Run(name, func(t *testing.T) {
			w := apitest.NewWorld(t)
			sender := w.Desk("sender")
			_, offered := sender.Offered("first", "second")
			w.Desk("first").Acknowledge(offered+"/offers/1", apitest.OfferAlerting)
			_, unseen := sender.Offered("second", "third")
			_, accepted := sender.Offered("third")
			w.Desk("third").Accept(accepted, "1")
			w.Settle()
			w.Restart(func() {
				w.Remove(lost...)
				w.Clock.Advance(time.Hour)
			})
			for _, handover := range []string{offered, unseen, accepted} {
				w.WantState(handover, handoverv1.HandoverState_HANDOVER_STATE_RETURNED)
			}
			w.Advance(30 * time.Second) // the senders decide nothing
			w.WantFiredOnce(map[string]int{
				"OfferTimedOut": 1, "OfferUnreachable": 1, "HandoverReturned RETURN_REASON_BUDGET_SPENT": 2,
				"HandoverReturned RETURN_REASON_NO_JOIN": 1, "SupervisorTold SUPERVISOR_REASON_NO_DECISION": 3,
			})
		})
	}
}

// TestADeadlineToCome is awaited again after a restart.
func TestADeadlineToCome(t *testing.T) {
	w := apitest.NewWorld(t)
	_, handover := w.Desk("sender").Offered("first", "second")
	w.Desk("first").Acknowledge(handover+"/offers/1", apitest.OfferAlerting)
	w.Settle()
	before, waiting := w.NextDue()
	w.Restart(func() { w.Clock.Advance(10 * time.Second) })
	w.Settle() // what is looked at once after a start is due at once
	if after, still := w.NextDue(); !waiting || !still || !after.Equal(before) {
		t.Errorf("due at %v, want %v as before", after, before)
	}
	stream := w.Desk("first").WatchOffers(0)
	stream.Next(handover+"/offers/1", apitest.OfferAlerting)
	w.Advance(5 * time.Second)
	stream.Next(handover+"/offers/1", apitest.OfferAlerting) // the desk is alerted again
	w.Advance(30 * time.Second)
	stream.Next(handover+"/offers/1", apitest.OfferTimedOut)
}

// TestNoWordIsSweptAway: the service died before its projection had the newest message, and
// was down for longer than an orphan may live.
func TestNoWordIsSweptAway(t *testing.T) {
	w := apitest.NewWorld(t)
	sender, _, conversation, _ := w.Bridged()
	model, kept := filepath.Join(w.Data, "intake/model.db"), filepath.Join(t.TempDir(), "model.db")
	w.Restart(func() { copyFile(t, kept, model) })
	sender = w.Desk("sender")
	sender.Say(conversation, "child", "hello")
	w.Restart(func() {
		copyFile(t, model, kept)
		w.Clock.Advance(25 * time.Second)
	})
	w.Restart(func() {
		copyFile(t, model, kept)
		w.Clock.Advance(2 * time.Hour)
	})
	if got := w.Desk("sender").Words(conversation); len(got) != 1 || got[0] != "hello" {
		t.Errorf("the sender reads %q, want the message", got)
	}
}

func copyFile(t *testing.T, to, from string) {
	t.Helper()
	all, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(to, all, 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestALogThatWasLost stops the start: the projections remember it.
func TestALogThatWasLost(t *testing.T) {
	w := apitest.NewWorld(t)
	w.Desk("sender").OpenConversation()
	w.Settle()
	w.Stop()
	w.Remove("log")
	_, err := platform.Up(w.Ctx, platform.Config{Data: w.Data, Lines: apitest.FourLines(), Clock: w.Clock})
	if err == nil || !strings.Contains(err.Error(), "the log") || !strings.Contains(err.Error(), "restore") {
		t.Errorf("%v, want that the log is another one and must be restored", err)
	}
}

// TestReadiness tells how long the platform takes to start; it demands nothing.
func TestReadiness(t *testing.T) {
	w := apitest.NewWorld(t)
	sender := w.Desk("sender")
	for range 100 {
		sender.OpenConversation()
	}
	w.Settle()
	for name, lost := range map[string][]string{"again": nil, "rebuilding": apitest.ReadModels} {
		w.Stop()
		w.Remove(lost...)
		began := time.Now()
		w.Start()
		up := time.Since(began)
		if _, err := w.Desk("sender").Intake.GetConversation(w.Ctx, &intakev1.GetConversationRequest{Name: "conversations/" + strings.Repeat("0", 32)}); err == nil {
			t.Error("it answers of a conversation that is not there")
		}
		t.Logf("started %s in %v, answered after %v", name, up.Round(time.Millisecond), time.Since(began).Round(time.Millisecond))
	}
	began := time.Now()
	w.Stop()
	t.Logf("stopped in %v", time.Since(began).Round(time.Millisecond))
	began = time.Now()
	fresh, err := platform.Up(context.Background(), platform.Config{Data: t.TempDir(), Lines: apitest.FourLines()})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("started in an empty folder in %v", time.Since(began).Round(time.Millisecond))
	if err := fresh.Close(); err != nil {
		t.Error(err)
	}
}
