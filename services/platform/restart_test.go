package platform_test

import (
	"context"
	"maps"
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
	"github.com/stafett/stafett/services/platform"
)

// restart stops the platform, lets something happen and starts it again.
func (w *world) restart(meanwhile func()) {
	w.t.Helper()
	w.down()
	meanwhile()
	w.start()
}

func (w *world) remove(paths ...string) {
	w.t.Helper()
	for _, path := range paths {
		if err := os.RemoveAll(filepath.Join(w.data, path)); err != nil {
			w.t.Fatal(err)
		}
	}
}

var readModels = []string{"intake/model.db", "triage/model.db", "routing/model.db", "audit/model.db"}

// answers is what two lines and an auditor are told.
func (w *world) answers(conversation, handover string) (all []proto.Message) {
	w.t.Helper()
	w.settle()
	add := func(m proto.Message, err error) {
		w.t.Helper()
		if err != nil {
			w.t.Fatal(err)
		}
		all = append(all, m)
	}
	for _, line := range []string{"sender", "first"} {
		d := w.desk(line)
		for _, m := range []func() (proto.Message, error){
			func() (proto.Message, error) {
				return d.Intake.GetConversation(w.ctx, &intakev1.GetConversationRequest{Name: conversation})
			},
			func() (proto.Message, error) {
				return d.Routing.GetHandover(w.ctx, &routingv1.GetHandoverRequest{Name: handover})
			},
			func() (proto.Message, error) {
				return d.Triage.ListWorklist(w.ctx, &triagev1.ListWorklistRequest{})
			},
			func() (proto.Message, error) { return d.Routing.ListLines(w.ctx, &routingv1.ListLinesRequest{}) },
		} {
			add(m())
		}
		for _, sealed := range d.words(conversation) {
			add(&intakev1.SealedMessage{Sealed: []byte(sealed)}, nil)
		}
	}
	for _, s := range w.replay(&auditv1.ReplayCommitsRequest{}).appends {
		add(s, nil)
	}
	return all
}

func TestItGoesOnAfterARestart(t *testing.T) {
	cases := map[string]func(w *world){
		"nothing happened":           func(*world) {},
		"the read models were lost":  func(w *world) { w.remove(readModels...) },
		"one read model was damaged": func(w *world) { os.WriteFile(filepath.Join(w.data, "triage/model.db"), []byte("junk"), 0o600) },
	}
	for name, meanwhile := range cases {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			sender, first, conversation, handover := w.bridged()
			request := &intakev1.SendMessageRequest{
				RequestId: uuid.NewString(), Conversation: conversation, Participant: "child",
				Audience: handoverv1.Audience_AUDIENCE_ALL, Sealed: []byte("hello"),
			}
			recorded := sender.done(sender.Intake.SendMessage(w.ctx, request))
			before := w.answers(conversation, handover)
			w.restart(func() { meanwhile(w) })
			after := w.answers(conversation, handover)
			if len(before) != len(after) {
				t.Fatalf("it gives %d answers, before it were %d", len(after), len(before))
			}
			for i := range before {
				if !proto.Equal(before[i], after[i]) {
					t.Errorf("it answers\n  %v, before it was\n  %v", after[i], before[i])
				}
			}
			sender, first = w.desk("sender"), w.desk("first")
			if again := sender.done(sender.Intake.SendMessage(w.ctx, request)); !proto.Equal(again, recorded) {
				t.Errorf("the same request: %v, want %v", again, recorded)
			}
			sender.transfer(first, handover)
			w.done(sender, handover)
			first.close(conversation)
		})
	}
}

// TestDeadlinesThatPassedMeanwhile fire once, in the order of the protocol.
func TestDeadlinesThatPassedMeanwhile(t *testing.T) {
	for name, lost := range map[string][]string{"with its read models": nil, "rebuilt": readModels} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			sender := w.desk("sender")
			_, offered := sender.offered("first", "second")
			w.desk("first").acknowledge(offered+"/offers/1", offerAlerting)
			_, unseen := sender.offered("second", "third")
			_, accepted := sender.offered("third")
			w.desk("third").accept(accepted, "1")
			w.settle()
			w.restart(func() {
				w.remove(lost...)
				w.clock.Advance(time.Hour)
			})
			for _, handover := range []string{offered, unseen, accepted} {
				w.stands(handover, handoverv1.HandoverState_HANDOVER_STATE_RETURNED)
			}
			w.pass(30 * time.Second) // the senders decide nothing
			w.firedOnce(map[string]int{
				"OfferTimedOut": 1, "OfferUnreachable": 1, "HandoverReturned RETURN_REASON_BUDGET_SPENT": 2,
				"HandoverReturned RETURN_REASON_NO_JOIN": 1, "SupervisorTold SUPERVISOR_REASON_NO_DECISION": 3,
			})
		})
	}
}

// stands checks the state of a handover of sender's.
func (w *world) stands(handover string, state handoverv1.HandoverState) *handoverv1.Handover {
	w.t.Helper()
	w.settle()
	h := must[*handoverv1.Handover](w.t)(w.desk("sender").Routing.GetHandover(w.ctx, &routingv1.GetHandoverRequest{Name: handover}))
	if h.State != state {
		w.t.Errorf("%s is %v, want %v", handover, h.State, state)
	}
	return h
}

// firedOnce checks what the platform did since a restart by itself, and that
// nothing is left to be done.
func (w *world) firedOnce(want map[string]int) {
	w.t.Helper()
	counts := map[string]int{}
	for _, s := range w.replay(&auditv1.ReplayCommitsRequest{}).appends {
		for _, e := range s.Commit.Events {
			if s.Commit.Command == "Advance" && e.GetHandoverRouted() == nil && e.GetOfferSent() == nil {
				counts[kind(e)]++
			}
		}
	}
	if !maps.Equal(counts, want) {
		w.t.Errorf("the platform did %v, want %v", counts, want)
	}
	if due, waiting := w.NextDue(); waiting {
		w.t.Errorf("something is still due at %v", due)
	}
}

// TestADeadlineToCome is awaited again after a restart.
func TestADeadlineToCome(t *testing.T) {
	w := newWorld(t)
	_, handover := w.desk("sender").offered("first", "second")
	w.desk("first").acknowledge(handover+"/offers/1", offerAlerting)
	w.settle()
	before, waiting := w.NextDue()
	w.restart(func() { w.clock.Advance(10 * time.Second) })
	if after, still := w.NextDue(); !waiting || !still || !after.Equal(before) {
		t.Errorf("due at %v, want %v as before", after, before)
	}
	stream := w.desk("first").offers(0)
	stream.next(handover+"/offers/1", offerAlerting)
	w.pass(5 * time.Second)
	stream.next(handover+"/offers/1", offerAlerting) // the desk is alerted again
	w.pass(30 * time.Second)
	stream.next(handover+"/offers/1", offerTimedOut)
}

// TestNoWordIsSweptAway: the service died before its read model had the newest
// message, and was down for longer than an orphan may live.
func TestNoWordIsSweptAway(t *testing.T) {
	w := newWorld(t)
	sender, _, conversation, _ := w.bridged()
	model, kept := filepath.Join(w.data, "intake/model.db"), filepath.Join(t.TempDir(), "model.db")
	w.restart(func() { copyFile(t, kept, model) })
	sender = w.desk("sender")
	sender.say(conversation, "child", "hello")
	w.restart(func() {
		copyFile(t, model, kept)
		w.clock.Advance(25 * time.Second)
	})
	w.restart(func() {
		copyFile(t, model, kept)
		w.clock.Advance(2 * time.Hour)
	})
	if got := w.desk("sender").words(conversation); len(got) != 1 || got[0] != "hello" {
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

// TestALogThatWasLost stops the start: the read models remember it.
func TestALogThatWasLost(t *testing.T) {
	w := newWorld(t)
	w.desk("sender").open()
	w.settle()
	w.down()
	w.remove("log")
	_, err := platform.Up(w.ctx, platform.Config{Data: w.data, Lines: fourLines(), Clock: w.clock})
	if err == nil || !strings.Contains(err.Error(), "the log") || !strings.Contains(err.Error(), "restore") {
		t.Errorf("%v, want that the log is another one and must be restored", err)
	}
}

// TestReadiness tells how long the platform takes to start; it demands nothing.
func TestReadiness(t *testing.T) {
	w := newWorld(t)
	sender := w.desk("sender")
	for range 100 {
		sender.open()
	}
	w.settle()
	for name, lost := range map[string][]string{"again": nil, "rebuilding": readModels} {
		w.down()
		w.remove(lost...)
		began := time.Now()
		w.start()
		up := time.Since(began)
		if _, err := w.desk("sender").Intake.GetConversation(w.ctx, &intakev1.GetConversationRequest{Name: "conversations/" + strings.Repeat("0", 32)}); err == nil {
			t.Error("it answers of a conversation that is not there")
		}
		t.Logf("started %s in %v, answered after %v", name, up.Round(time.Millisecond), time.Since(began).Round(time.Millisecond))
	}
	began := time.Now()
	w.down()
	t.Logf("stopped in %v", time.Since(began).Round(time.Millisecond))
	began = time.Now()
	fresh, err := platform.Up(context.Background(), platform.Config{Data: t.TempDir(), Lines: fourLines()})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("started in an empty folder in %v", time.Since(began).Round(time.Millisecond))
	if err := fresh.Close(); err != nil {
		t.Error(err)
	}
}
