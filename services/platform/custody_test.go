package platform_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
)

// custody is a watch of what a line is responsible for.
type custody struct {
	grpc.ServerStreamingClient[routingv1.WatchCustodyResponse]
	t *testing.T
}

func (d desk) custody(conversation string, after uint64) custody {
	d.t.Helper()
	stream, err := d.Routing.WatchCustody(d.ctx, &routingv1.WatchCustodyRequest{Conversation: conversation, AfterPosition: after})
	if err != nil {
		d.t.Fatal(err)
	}
	return custody{stream, d.t}
}

// next is the next answer, which must tell who has a conversation, since which
// epoch, and how often that line was told that the child is alone.
func (c custody) next(conversation, line string, epoch, alerts uint32) *routingv1.WatchCustodyResponse {
	c.t.Helper()
	r := must[*routingv1.WatchCustodyResponse](c.t)(c.Recv())
	if r.Conversation != conversation || r.Custody.GetLine() != line || r.Custody.GetEpoch() != epoch || r.Custody.GetAlerts() != alerts {
		c.t.Fatalf("got %v, want %s with %s since epoch %d, with %d alerts", r, conversation, line, epoch, alerts)
	}
	return r
}

// nothing checks that nothing comes before what comes of another conversation.
func (d desk) nothingBefore(c custody) {
	d.t.Helper()
	other := d.open()
	c.next(other, d.line, 1, 0)
}

func (d desk) disconnect(conversation, who string) *handoverv1.Recorded {
	d.t.Helper()
	return d.done(d.Intake.DisconnectParticipant(d.ctx, &intakev1.DisconnectParticipantRequest{
		RequestId: uuid.NewString(), Conversation: conversation, Participant: who,
	}))
}

func (d desk) join(conversation, who string) *handoverv1.Recorded {
	d.t.Helper()
	return d.done(d.joining(conversation, who, uuid.NewString())(d.ctx))
}

func (d desk) hasCustody(conversation string) *handoverv1.Custody {
	d.t.Helper()
	d.settle()
	return must[*handoverv1.Custody](d.t)(d.Routing.GetCustody(d.ctx, &routingv1.GetCustodyRequest{Conversation: conversation}))
}

// TestACounsellorsMachineDies: the line is alerted at once, after 15 and 30 s,
// and then its supervisors, until another counsellor comes.
func TestACounsellorsMachineDies(t *testing.T) {
	w := newWorld(t)
	sender := w.desk("sender")
	conversation := sender.open()
	stream := sender.custody(conversation, sender.disconnect(conversation, "mina").Position)
	for alert := uint32(1); alert <= 3; alert++ {
		if r := stream.next(conversation, "sender", 1, alert); len(r.SupervisorCalls) != 0 {
			t.Errorf("alert %d: the supervisors are told %v", alert, r.SupervisorCalls)
		}
		w.pass(15 * time.Second)
	}
	told := stream.next(conversation, "sender", 1, 4).SupervisorCalls
	if len(told) != 1 || told[0].Reason != handoverv1.SupervisorReason_SUPERVISOR_REASON_UNATTENDED || told[0].Line != "sender" {
		t.Errorf("after 45 s the supervisors are told %v", told)
	}
	w.pass(5 * time.Minute)
	stream.next(conversation, "sender", 1, 5)
	sender.join(conversation, "berit")
	stream.next(conversation, "sender", 1, 0)
	if c := sender.hasCustody(conversation); c.Alerts != 0 || c.AlertDeadline != nil {
		t.Errorf("with another counsellor there, custody is %v", c)
	}
	if due, waiting := w.NextDue(); waiting {
		t.Errorf("something is still due at %v", due)
	}
}

// TestTheLonelyChildLeaves: nobody is alone any more, and the line is told so.
func TestTheLonelyChildLeaves(t *testing.T) {
	for name, goes := range map[string]func(d desk, conversation string){
		"left": func(d desk, conversation string) {
			d.done(d.Intake.LeaveConversation(d.ctx, &intakev1.LeaveConversationRequest{RequestId: uuid.NewString(), Conversation: conversation, Participant: "child"}))
		},
		"lost its connection": func(d desk, conversation string) { d.disconnect(conversation, "child") },
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			sender := w.desk("sender")
			conversation := sender.open()
			sender.disconnect(conversation, "mina")
			w.settle()
			stream := sender.custody(conversation, 0)
			stream.next(conversation, "sender", 1, 1)
			goes(sender, conversation)
			if r := stream.next(conversation, "sender", 1, 1); r.Custody.AlertDeadline != nil {
				t.Errorf("the line is still alerted: %v", r.Custody)
			}
		})
	}
}

// TestWhatIsInCustodyNow comes first, each conversation once and as it stands.
func TestWhatIsInCustodyNow(t *testing.T) {
	w := newWorld(t)
	sender := w.desk("sender")
	gone, quiet, alone, closed := sender.open(), sender.open(), sender.open(), sender.open()
	moves(w, gone)
	sender.disconnect(alone, "mina")
	w.settle()
	w.pass(15 * time.Second)
	sender.close(closed)
	stream := sender.custody("", 0)
	stream.next(quiet, "sender", 1, 0)
	stream.next(alone, "sender", 1, 2)
	sender.nothingBefore(stream)
	w.desk("first").custody("", 0).next(gone, "first", 2, 0)
	w.desk("first").custody(gone, 0).next(gone, "first", 2, 0)
}

// TestTheChangeOfHands shows at both lines, and the end at the one that has it.
func TestTheChangeOfHands(t *testing.T) {
	w := newWorld(t)
	sender, first := w.desk("sender"), w.desk("first")
	senders, firsts := sender.custody("", 0), first.custody("", 0)
	conversation := sender.open()
	senders.next(conversation, "sender", 1, 0)
	moves(w, conversation)
	for {
		r := must[*routingv1.WatchCustodyResponse](t)(senders.Recv())
		if r.Custody.Line == "first" {
			break
		}
	}
	firsts.next(conversation, "first", 2, 0)
	w.done(sender, conversation+"/handovers/1")
	first.disconnect(conversation, "aksel")
	firsts.next(conversation, "first", 2, 1)
	sender.nothingBefore(senders) // it is not the sender's to know
	if c := sender.hasCustody(conversation); c.Line != "first" || c.Alerts != 0 || c.AlertDeadline != nil {
		t.Errorf("the former line is told %v, want who has it and nothing more", c)
	}
	again := sender.custody(conversation, 1)
	again.next(conversation, "first", 2, 0)
	first.join(conversation, "aksel")
	first.done(first.Routing.ReportOutcome(w.ctx, &routingv1.ReportOutcomeRequest{
		RequestId: uuid.NewString(), Handover: conversation + "/handovers/1", Outcome: handoverv1.Outcome_OUTCOME_ONGOING,
	}))
	first.close(conversation)
	for {
		if r := must[*routingv1.WatchCustodyResponse](t)(firsts.Recv()); r.Custody.Line == "" {
			break
		}
	}
}

// TestACustodyWatchIsResumed: it is cut after every answer, and gives nothing
// twice and misses nothing.
func TestACustodyWatchIsResumed(t *testing.T) {
	w := newWorld(t)
	sender := w.desk("sender")
	one, two := sender.open(), sender.open()
	sender.disconnect(two, "mina")
	w.settle()
	sender.disconnect(one, "mina")
	w.settle()
	sender.join(two, "mina")
	w.settle()
	after := uint64(1)
	after = sender.custody("", after).next(one, "sender", 1, 1).Position
	after = sender.custody("", after).next(two, "sender", 1, 0).Position
	sender.nothingBefore(sender.custody("", after))
	_, err := sender.custody("", 999).Recv()
	refused(t, err, codes.OutOfRange, "POSITION_IN_FUTURE")
}

// TestCustodyIsNotForStrangers, nor for a line that is being asked.
func TestCustodyIsNotForStrangers(t *testing.T) {
	w := newWorld(t)
	conversation, _ := w.desk("sender").offered("first")
	for _, line := range []string{"first", "third"} {
		d := w.desk(line)
		_, err := d.custody(conversation, 0).Recv()
		refused(t, err, codes.PermissionDenied, "CONVERSATION_NOT_YOURS")
		_, err = d.Routing.GetCustody(w.ctx, &routingv1.GetCustodyRequest{Conversation: conversation})
		refused(t, err, codes.PermissionDenied, "CONVERSATION_NOT_YOURS")
		d.nothingBefore(d.custody("", 0))
	}
	_, err := w.desk("sender").custody("conversations/"+strings.Repeat("0", 32), 0).Recv()
	refused(t, err, codes.NotFound, "CONVERSATION_NOT_FOUND")
	_, err = w.desk("sender").custody("lines/sender", 0).Recv()
	refused(t, err, codes.InvalidArgument, "FIELD_INVALID")
}

// TestWatchedAtOnce: who has just opened a conversation can watch it.
func TestWatchedAtOnce(t *testing.T) {
	w := newWorld(t)
	sender := w.desk("sender")
	for range 20 {
		conversation := sender.done(sender.Intake.OpenConversation(w.ctx, &intakev1.OpenConversationRequest{
			RequestId: uuid.NewString(), Channel: chat, Language: "nb", Child: "child",
		})).Name
		if _, err := sender.custody(conversation, 0).Recv(); err != nil {
			t.Fatal(err)
		}
	}
}

// TestASlowCustodyWatch holds nobody up and then gets what is newest. It is told
// of a child who is alone for a day, in answers that grow to more than fit on the
// way to it.
func TestASlowCustodyWatch(t *testing.T) {
	w := newWorld(t)
	sender := w.desk("sender")
	conversation := sender.open()
	slow := sender.custody("", 0)
	last := slow.next(conversation, "sender", 1, 0)
	sender.disconnect(conversation, "mina")
	const alerts = 180
	for range alerts {
		w.pass(5 * time.Minute)
	}
	newest := sender.open()
	for got := 0; last.Conversation != newest; got++ {
		next := must[*routingv1.WatchCustodyResponse](t)(slow.Recv())
		if next.Position <= last.Position || got > alerts+2 {
			t.Fatalf("answer %d is at %d, after one at %d", got, next.Position, last.Position)
		}
		if next.Conversation == newest && last.Custody.Alerts < alerts {
			t.Errorf("before the newest conversation came alert %d, want the last", last.Custody.Alerts)
		}
		last = next
	}
}
