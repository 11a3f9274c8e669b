package routing_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"google.golang.org/grpc/codes"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	"github.com/stafett/stafett/services/apitest"
)

// next checks the next answer: who has a conversation, since which epoch, and how often that
// line was told that the child is alone.
func next(c apitest.CustodyWatch, conversation, line string, epoch, alerts uint32) *routingv1.WatchCustodyResponse {
	c.T.Helper()
	r := apitest.Must[*routingv1.WatchCustodyResponse](c.T)(c.Recv())
	if r.Conversation != conversation || r.Custody.GetLine() != "lines/"+line || r.Custody.GetEpoch() != epoch || r.Custody.GetAlerts() != alerts {
		c.T.Fatalf("got %v, want %s with %s since epoch %d, with %d alerts", r, conversation, line, epoch, alerts)
	}
	return r
}

// nothingBefore checks that the next answer is about another conversation.
func nothingBefore(d apitest.Desk, c apitest.CustodyWatch) {
	d.T.Helper()
	other := d.OpenConversation()
	next(c, other, d.Line, 1, 0)
}

// TestACounsellorsMachineDies: the line is alerted at once, after 15 and 30 s,
// and then its supervisors, until another counsellor comes.
func TestACounsellorsMachineDies(t *testing.T) {
	w := apitest.NewWorld(t)
	sender := w.Desk("sender")
	conversation := sender.OpenConversation()
	stream := sender.WatchCustody(conversation, sender.Disconnect(conversation, "mina").Position)
	for alert := uint32(1); alert <= 3; alert++ {
		if r := next(stream, conversation, "sender", 1, alert); len(r.SupervisorCalls) != 0 {
			t.Errorf("alert %d: the supervisors are told %v", alert, r.SupervisorCalls)
		}
		w.Advance(15 * time.Second)
	}
	told := next(stream, conversation, "sender", 1, 4).SupervisorCalls
	if len(told) != 1 || told[0].Reason != handoverv1.SupervisorReason_SUPERVISOR_REASON_UNATTENDED || told[0].Line != "lines/sender" {
		t.Errorf("after 45 s the supervisors are told %v", told)
	}
	w.Advance(5 * time.Minute)
	next(stream, conversation, "sender", 1, 5)
	sender.Join(conversation, "berit")
	next(stream, conversation, "sender", 1, 0)
	if c := sender.GetCustody(conversation); c.Alerts != 0 || c.AlertDeadline != nil {
		t.Errorf("with another counsellor there, custody is %v", c)
	}
	if due, waiting := w.NextDue(); waiting {
		t.Errorf("something is still due at %v", due)
	}
}

// TestTheLonelyChildLeaves: the child is no longer alone, and the line is told so.
func TestTheLonelyChildLeaves(t *testing.T) {
	for name, goes := range map[string]func(d apitest.Desk, conversation string){
		"left": func(d apitest.Desk, conversation string) {
			d.Recorded(d.Intake.LeaveConversation(d.Ctx, &intakev1.LeaveConversationRequest{RequestId: uuid.NewString(), Conversation: conversation, Participant: "child"}))
		},
		"lost its connection": func(d apitest.Desk, conversation string) { d.Disconnect(conversation, "child") },
	} {
		t.Run(name, func(t *testing.T) {
			w := apitest.NewWorld(t)
			sender := w.Desk("sender")
			conversation := sender.OpenConversation()
			sender.Disconnect(conversation, "mina")
			w.Settle()
			stream := sender.WatchCustody(conversation, 0)
			next(stream, conversation, "sender", 1, 1)
			goes(sender, conversation)
			if r := next(stream, conversation, "sender", 1, 1); r.Custody.AlertDeadline != nil {
				t.Errorf("the line is still alerted: %v", r.Custody)
			}
		})
	}
}

// TestWhatIsInCustodyNow comes first, each conversation once, in its current state.
func TestWhatIsInCustodyNow(t *testing.T) {
	w := apitest.NewWorld(t)
	sender := w.Desk("sender")
	gone, quiet, alone, closed := sender.OpenConversation(), sender.OpenConversation(), sender.OpenConversation(), sender.OpenConversation()
	apitest.MoveCustody(w, gone)
	sender.Disconnect(alone, "mina")
	w.Settle()
	w.Advance(15 * time.Second)
	sender.CloseConversation(closed)
	stream := sender.WatchCustody("", 0)
	next(stream, quiet, "sender", 1, 0)
	next(stream, alone, "sender", 1, 2)
	nothingBefore(sender, stream)
	next(w.Desk("first").WatchCustody("", 0), gone, "first", 2, 0)
	next(w.Desk("first").WatchCustody(gone, 0), gone, "first", 2, 0)
}

// TestTheChangeOfHands is visible to both lines, and the end to the line that has custody.
func TestTheChangeOfHands(t *testing.T) {
	w := apitest.NewWorld(t)
	sender, first := w.Desk("sender"), w.Desk("first")
	senders, firsts := sender.WatchCustody("", 0), first.WatchCustody("", 0)
	conversation := sender.OpenConversation()
	next(senders, conversation, "sender", 1, 0)
	apitest.MoveCustody(w, conversation)
	for {
		r := apitest.Must[*routingv1.WatchCustodyResponse](t)(senders.Recv())
		if r.Custody.Line == "lines/first" {
			break
		}
	}
	next(firsts, conversation, "first", 2, 0)
	w.Leave(sender, conversation+"/handovers/1")
	first.Disconnect(conversation, "aksel")
	next(firsts, conversation, "first", 2, 1)
	nothingBefore(sender, senders) // the sender must not see it
	if c := sender.GetCustody(conversation); c.Line != "lines/first" || c.Alerts != 0 || c.AlertDeadline != nil {
		t.Errorf("the former line is told %v, want who has it and nothing more", c)
	}
	again := sender.WatchCustody(conversation, 1)
	next(again, conversation, "first", 2, 0)
	first.Join(conversation, "aksel")
	first.Recorded(first.Routing.ReportOutcome(w.Ctx, &routingv1.ReportOutcomeRequest{
		RequestId: uuid.NewString(), Handover: conversation + "/handovers/1", Outcome: handoverv1.Outcome_OUTCOME_ONGOING,
	}))
	first.CloseConversation(conversation)
	for {
		if r := apitest.Must[*routingv1.WatchCustodyResponse](t)(firsts.Recv()); r.Custody.Line == "" {
			break
		}
	}
}

// TestACustodyWatchIsResumed: it is cut after every answer, and neither repeats nor misses
// anything.
func TestACustodyWatchIsResumed(t *testing.T) {
	w := apitest.NewWorld(t)
	sender := w.Desk("sender")
	one, two := sender.OpenConversation(), sender.OpenConversation()
	sender.Disconnect(two, "mina")
	w.Settle()
	sender.Disconnect(one, "mina")
	w.Settle()
	sender.Join(two, "mina")
	w.Settle()
	after := uint64(1)
	after = next(sender.WatchCustody("", after), one, "sender", 1, 1).Position
	after = next(sender.WatchCustody("", after), two, "sender", 1, 0).Position
	nothingBefore(sender, sender.WatchCustody("", after))
	_, err := sender.WatchCustody("", 999).Recv()
	apitest.WantRefusal(t, err, codes.OutOfRange, "POSITION_IN_FUTURE")
}

// TestCustodyIsNotForStrangers, nor for a line that is only being asked.
func TestCustodyIsNotForStrangers(t *testing.T) {
	w := apitest.NewWorld(t)
	conversation, _ := w.Desk("sender").Offered("first")
	for _, line := range []string{"first", "third"} {
		d := w.Desk(line)
		_, err := d.WatchCustody(conversation, 0).Recv()
		apitest.WantRefusal(t, err, codes.PermissionDenied, "CONVERSATION_NOT_YOURS")
		_, err = d.Routing.GetCustody(w.Ctx, &routingv1.GetCustodyRequest{Name: conversation + "/custody"})
		apitest.WantRefusal(t, err, codes.PermissionDenied, "CONVERSATION_NOT_YOURS")
		nothingBefore(d, d.WatchCustody("", 0))
	}
	_, err := w.Desk("sender").WatchCustody("conversations/"+strings.Repeat("0", 32), 0).Recv()
	apitest.WantRefusal(t, err, codes.NotFound, "CONVERSATION_NOT_FOUND")
	_, err = w.Desk("sender").WatchCustody("lines/sender", 0).Recv()
	apitest.WantRefusal(t, err, codes.InvalidArgument, "FIELD_INVALID")
}

// TestWatchedAtOnce: a line that has just opened a conversation can watch it.
func TestWatchedAtOnce(t *testing.T) {
	w := apitest.NewWorld(t)
	sender := w.Desk("sender")
	for range 20 {
		conversation := sender.Recorded(sender.Intake.OpenConversation(w.Ctx, &intakev1.OpenConversationRequest{
			RequestId: uuid.NewString(), Channel: apitest.Chat, LanguageCode: "nb", Child: "child",
		})).Name
		if _, err := sender.WatchCustody(conversation, 0).Recv(); err != nil {
			t.Fatal(err)
		}
	}
}

// TestASlowCustodyWatch holds no one up and then gets the newest state. A child is alone for a
// day, in answers that outgrow the buffers on the way.
func TestASlowCustodyWatch(t *testing.T) {
	w := apitest.NewWorld(t)
	sender := w.Desk("sender")
	conversation := sender.OpenConversation()
	slow := sender.WatchCustody("", 0)
	last := next(slow, conversation, "sender", 1, 0)
	sender.Disconnect(conversation, "mina")
	const alerts = 180
	for range alerts {
		w.Advance(5 * time.Minute)
	}
	newest := sender.OpenConversation()
	for got := 0; last.Conversation != newest; got++ {
		next := apitest.Must[*routingv1.WatchCustodyResponse](t)(slow.Recv())
		if next.Position <= last.Position || got > alerts+2 {
			t.Fatalf("answer %d is at %d, after one at %d", got, next.Position, last.Position)
		}
		if next.Conversation == newest && last.Custody.Alerts < alerts {
			t.Errorf("before the newest conversation came alert %d, want the last", last.Custody.Alerts)
		}
		last = next
	}
}
