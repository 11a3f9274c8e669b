package audit_test

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
	"github.com/stafett/stafett/services/apitest"
)

// where returns the positions of all commits that satisfy a condition.
func where(w *apitest.World, holds func(subject string, position uint64) bool) (positions []uint64) {
	w.T.Helper()
	for _, s := range w.Replay(&auditv1.ReplayCommitsRequest{}).Appends {
		if holds(s.Commit.Subject, s.Position) {
			positions = append(positions, s.Position)
		}
	}
	return positions
}

// during returns the positions of a line's own commits, and of a conversation's between two
// positions.
func during(w *apitest.World, line, conversation string, from, to uint64) []uint64 {
	w.T.Helper()
	of := "stafett.conversation." + strings.TrimPrefix(conversation, "conversations/")
	return where(w, func(subject string, position uint64) bool {
		return subject == "stafett.line."+line || subject == of && position >= from && position <= to
	})
}

// TestReplayOfALine: its own facts, and conversations while it was a party.
func TestReplayOfALine(t *testing.T) {
	w := apitest.NewWorld(t)
	sender, receiver := w.Desk("sender"), w.Desk("first")
	other := sender.OpenConversation()
	conversation, handover := sender.Offered("first")
	accepted := receiver.Accept(handover, "1").Position
	sender.Bridge(receiver, handover)
	sender.Transfer(receiver, handover)
	w.Advance(2 * time.Minute)
	middle := w.LogEnd()
	closed := receiver.CloseConversation(conversation).Position // until then the sender holds the child's leg
	sender.CloseConversation(other)
	party := during(w, "first", conversation, accepted, closed)
	after := func(positions []uint64, position uint64) []uint64 {
		return slices.DeleteFunc(slices.Clone(positions), func(p uint64) bool { return p <= position })
	}
	for name, c := range map[string]struct {
		request *auditv1.ReplayCommitsRequest
		want    []uint64
	}{
		"the line alone":         {&auditv1.ReplayCommitsRequest{Line: "lines/first"}, during(w, "first", "", 0, 0)},
		"both":                   {&auditv1.ReplayCommitsRequest{Line: "lines/first", WithConversations: true}, party},
		"resumed":                {&auditv1.ReplayCommitsRequest{Line: "lines/first", WithConversations: true, AfterPosition: middle}, after(party, middle)},
		"in a conversation":      {&auditv1.ReplayCommitsRequest{Line: "lines/first", WithConversations: true, Conversation: conversation}, during(w, "", conversation, accepted, closed)},
		"a part of it":           {&auditv1.ReplayCommitsRequest{Line: "lines/first", WithConversations: true, Conversation: conversation, AfterPosition: accepted, UntilPosition: middle}, during(w, "", conversation, accepted+1, middle)},
		"not in that one":        {&auditv1.ReplayCommitsRequest{Line: "lines/first", WithConversations: true, Conversation: other}, nil},
		"the sender's part":      {&auditv1.ReplayCommitsRequest{Line: "lines/sender", WithConversations: true, Conversation: conversation}, during(w, "", conversation, 0, closed)},
		"of a line that was not": {&auditv1.ReplayCommitsRequest{Line: "lines/second", WithConversations: true}, during(w, "second", "", 0, 0)},
	} {
		if got := positions(w.Replay(c.request)); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

// TestReplayOfSomeKinds: commits that hold such an event, in full.
func TestReplayOfSomeKinds(t *testing.T) {
	w := apitest.NewWorld(t)
	conversation, handover := w.Desk("sender").Offered("first")
	accepted := w.Desk("first").Accept(handover, "1")
	other, _ := w.Desk("sender").Offered("second")
	got := w.Replay(&auditv1.ReplayCommitsRequest{EventTypes: []string{"OfferAccepted", "OfferSent"}})
	if len(got.Appends) != 3 || got.Appends[1].Position != accepted.Position || got.Position != w.LogEnd() {
		t.Errorf("of offers: %v up to %d", positions(got), got.Position)
	}
	one := w.Replay(&auditv1.ReplayCommitsRequest{EventTypes: []string{"ConversationOpened"}, Conversation: other})
	if len(one.Appends) != 1 || one.Appends[0].Commit.Name != other || len(one.Appends[0].Commit.Events) < 2 {
		t.Errorf("of one opening: %v", one.Appends)
	}
	if none := w.Replay(&auditv1.ReplayCommitsRequest{EventTypes: []string{"OfferDeclined"}, Conversation: conversation}); len(none.Appends) != 0 {
		t.Errorf("of what did not happen: %v", none.Appends)
	}
}

// TestReplayFollowsALine: live, in order, while it is a party.
func TestReplayFollowsALine(t *testing.T) {
	w := apitest.NewWorld(t)
	sender, receiver := w.Desk("sender"), w.Desk("first")
	stream := apitest.Must[apitest.AuditReplay](t)(w.Auditor().Audit.ReplayCommits(w.Ctx, &auditv1.ReplayCommitsRequest{
		Follow: true, Line: "lines/first", WithConversations: true, AfterPosition: 4, EventTypes: []string{"OfferAccepted", "CustodyTransferred"}, Purpose: apitest.Purpose,
	}))
	_, handover := sender.Offered("first")
	want := []uint64{receiver.Accept(handover, "1").Position}
	sender.Bridge(receiver, handover)
	sender.Transfer(receiver, handover)
	var got []*apitest.Commit
	for len(got) < 2 {
		got = append(got, apitest.Must[*auditv1.ReplayCommitsResponse](t)(stream.Recv()).Commits...)
	}
	moved := got[1].Commit.Events
	if got[0].Position != want[0] || !slices.ContainsFunc(moved, func(e *eventv1.Event) bool { return e.GetCustodyTransferred() != nil }) {
		t.Errorf("it told %v, want the acceptance at %v and the change of custody", got, want)
	}
}

func TestReplayRefusesWhatExcludesItself(t *testing.T) {
	w := apitest.NewWorld(t)
	conversation := w.Desk("sender").OpenConversation()
	w.Advance(time.Hour)
	at := func(d time.Duration) *timestamppb.Timestamp { return timestamppb.New(w.Clock.Now().Add(d)) }
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
		t.Run(name, func(t *testing.T) { apitest.WantRefusal(t, w.ReplayError(c.request), c.code, c.reason) })
	}
}

// TestReplayOfALineThatWasAPartyForATime: nothing after it was told of the cancellation.
func TestReplayOfALineThatWasAPartyForATime(t *testing.T) {
	w := apitest.NewWorld(t)
	sender, receiver := w.Desk("sender"), w.Desk("first")
	conversation, handover := sender.Offered("first")
	accepted := receiver.Accept(handover, "1").Position
	cancelled := sender.Recorded(sender.Routing.CancelHandover(w.Ctx, &routingv1.CancelHandoverRequest{
		RequestId: uuid.NewString(), Handover: handover, Reason: handoverv1.CancelReason_CANCEL_REASON_NOT_NEEDED,
	})).Position
	sender.CloseConversation(conversation)
	got := positions(w.Replay(&auditv1.ReplayCommitsRequest{Line: "lines/first", WithConversations: true}))
	if want := during(w, "first", conversation, accepted, cancelled); !slices.Equal(got, want) {
		t.Errorf("got %v, want %v of %d", got, want, w.LogEnd())
	}
}
