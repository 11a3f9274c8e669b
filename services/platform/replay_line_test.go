package platform_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/types/known/timestamppb"

	auditv1 "github.com/stafett/stafett/proto/stafett/audit/v1"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
)

// where are the positions of all appends that a condition holds for.
func (w *world) where(holds func(subject string, position uint64) bool) (positions []uint64) {
	w.t.Helper()
	for _, s := range w.replay(&auditv1.ReplayCommitsRequest{}).appends {
		if holds(s.Commit.Subject, s.Position) {
			positions = append(positions, s.Position)
		}
	}
	return positions
}

// during are the positions of a line's own appends, and of a conversation's from
// one position to another.
func (w *world) during(line, conversation string, from, to uint64) []uint64 {
	w.t.Helper()
	of := "stafett.conversation." + strings.TrimPrefix(conversation, "conversations/")
	return w.where(func(subject string, position uint64) bool {
		return subject == "stafett.line."+line || subject == of && position >= from && position <= to
	})
}

// TestReplayOfALine: its own facts, and conversations while it was a party.
func TestReplayOfALine(t *testing.T) {
	w := newWorld(t)
	sender, receiver := w.desk("sender"), w.desk("first")
	other := sender.open()
	conversation, handover := sender.offered("first")
	accepted := receiver.accept(handover, "1").Position
	sender.bridge(receiver, handover)
	sender.transfer(receiver, handover)
	w.pass(2 * time.Minute)
	middle := w.last()
	closed := receiver.close(conversation).Position // until then the sender holds the child's leg
	sender.close(other)
	party := w.during("first", conversation, accepted, closed)
	after := func(positions []uint64, position uint64) []uint64 {
		return slices.DeleteFunc(slices.Clone(positions), func(p uint64) bool { return p <= position })
	}
	for name, c := range map[string]struct {
		request *auditv1.ReplayCommitsRequest
		want    []uint64
	}{
		"the line alone":         {&auditv1.ReplayCommitsRequest{Line: "lines/first"}, w.during("first", "", 0, 0)},
		"both":                   {&auditv1.ReplayCommitsRequest{Line: "lines/first", WithConversations: true}, party},
		"resumed":                {&auditv1.ReplayCommitsRequest{Line: "lines/first", WithConversations: true, AfterPosition: middle}, after(party, middle)},
		"in a conversation":      {&auditv1.ReplayCommitsRequest{Line: "lines/first", WithConversations: true, Conversation: conversation}, w.during("", conversation, accepted, closed)},
		"a part of it":           {&auditv1.ReplayCommitsRequest{Line: "lines/first", WithConversations: true, Conversation: conversation, AfterPosition: accepted, UntilPosition: middle}, w.during("", conversation, accepted+1, middle)},
		"not in that one":        {&auditv1.ReplayCommitsRequest{Line: "lines/first", WithConversations: true, Conversation: other}, nil},
		"the sender's part":      {&auditv1.ReplayCommitsRequest{Line: "lines/sender", WithConversations: true, Conversation: conversation}, w.during("", conversation, 0, closed)},
		"of a line that was not": {&auditv1.ReplayCommitsRequest{Line: "lines/second", WithConversations: true}, w.during("second", "", 0, 0)},
	} {
		if got := w.replay(c.request).positions(); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

// TestReplayOfSomeKinds: appends that hold such an event, whole.
func TestReplayOfSomeKinds(t *testing.T) {
	w := newWorld(t)
	conversation, handover := w.desk("sender").offered("first")
	accepted := w.desk("first").accept(handover, "1")
	other, _ := w.desk("sender").offered("second")
	got := w.replay(&auditv1.ReplayCommitsRequest{EventTypes: []string{"OfferAccepted", "OfferSent"}})
	if len(got.appends) != 3 || got.appends[1].Position != accepted.Position || got.position != w.last() {
		t.Errorf("of offers: %v up to %d", got.positions(), got.position)
	}
	one := w.replay(&auditv1.ReplayCommitsRequest{EventTypes: []string{"ConversationOpened"}, Conversation: other})
	if len(one.appends) != 1 || one.appends[0].Commit.Name != other || len(one.appends[0].Commit.Events) < 2 {
		t.Errorf("of one opening: %v", one.appends)
	}
	if none := w.replay(&auditv1.ReplayCommitsRequest{EventTypes: []string{"OfferDeclined"}, Conversation: conversation}); len(none.appends) != 0 {
		t.Errorf("of what did not happen: %v", none.appends)
	}
}

// TestReplayFollowsALine: live, in order, while it is a party.
func TestReplayFollowsALine(t *testing.T) {
	w := newWorld(t)
	sender, receiver := w.desk("sender"), w.desk("first")
	stream := must[auditReplay](t)(w.auditor().Audit.ReplayCommits(w.ctx, &auditv1.ReplayCommitsRequest{
		Follow: true, Line: "lines/first", WithConversations: true, AfterPosition: 4, EventTypes: []string{"OfferAccepted", "CustodyTransferred"}, Purpose: exercise,
	}))
	_, handover := sender.offered("first")
	want := []uint64{receiver.accept(handover, "1").Position}
	sender.bridge(receiver, handover)
	sender.transfer(receiver, handover)
	var got []*stored
	for len(got) < 2 {
		got = append(got, must[*auditv1.ReplayCommitsResponse](t)(stream.Recv()).Commits...)
	}
	moved := got[1].Commit.Events
	if got[0].Position != want[0] || !slices.ContainsFunc(moved, func(e *eventv1.Event) bool { return e.GetCustodyTransferred() != nil }) {
		t.Errorf("it told %v, want the acceptance at %v and the change of custody", got, want)
	}
}

func TestReplayRefusesWhatExcludesItself(t *testing.T) {
	w := newWorld(t)
	conversation := w.desk("sender").open()
	w.pass(time.Hour)
	at := func(d time.Duration) *timestamppb.Timestamp { return timestamppb.New(w.clock.Now().Add(d)) }
	for name, c := range map[string]struct {
		request *auditv1.ReplayCommitsRequest
		code    codes.Code
		reason  string
	}{
		"an unknown line":           {&auditv1.ReplayCommitsRequest{Line: "lines/nobody"}, codes.NotFound, "LINE_NOT_FOUND"},
		"a line and a conversation": {&auditv1.ReplayCommitsRequest{Line: "lines/first", Conversation: conversation}, codes.InvalidArgument, "FIELD_INVALID"},
		"conversations of no line":  {&auditv1.ReplayCommitsRequest{WithConversations: true}, codes.InvalidArgument, "FIELD_INVALID"},
		"an unknown kind":           {&auditv1.ReplayCommitsRequest{EventTypes: []string{"OfferLost"}}, codes.InvalidArgument, "FIELD_INVALID"},
		"a kind twice":              {&auditv1.ReplayCommitsRequest{EventTypes: []string{"OfferSent", "OfferSent"}}, codes.InvalidArgument, "FIELD_INVALID"},
		"to an instant to come":     {&auditv1.ReplayCommitsRequest{EndTime: at(time.Second)}, codes.OutOfRange, "TIME_IN_FUTURE"},
		"from an instant to come":   {&auditv1.ReplayCommitsRequest{StartTime: at(time.Second)}, codes.OutOfRange, "TIME_IN_FUTURE"},
		"to before the start":       {&auditv1.ReplayCommitsRequest{EndTime: at(-2 * time.Hour)}, codes.OutOfRange, "BEFORE_START"},
		"to the very start":         {&auditv1.ReplayCommitsRequest{EndTime: at(-time.Hour)}, codes.OutOfRange, "BEFORE_START"},
	} {
		t.Run(name, func(t *testing.T) { refused(t, w.replayError(c.request), c.code, c.reason) })
	}
}

// TestReplayOfALineThatWasAPartyForATime: nothing from after it was told that the
// handover is called off.
func TestReplayOfALineThatWasAPartyForATime(t *testing.T) {
	w := newWorld(t)
	sender, receiver := w.desk("sender"), w.desk("first")
	conversation, handover := sender.offered("first")
	accepted := receiver.accept(handover, "1").Position
	cancelled := sender.done(sender.Routing.CancelHandover(w.ctx, &routingv1.CancelHandoverRequest{
		RequestId: uuid.NewString(), Handover: handover, Reason: handoverv1.CancelReason_CANCEL_REASON_NOT_NEEDED,
	})).Position
	sender.close(conversation)
	got := w.replay(&auditv1.ReplayCommitsRequest{Line: "lines/first", WithConversations: true}).positions()
	if want := w.during("first", conversation, accepted, cancelled); !slices.Equal(got, want) {
		t.Errorf("got %v, want %v of %d", got, want, w.last())
	}
}
