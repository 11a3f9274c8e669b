package audit_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	auditv1 "github.com/stafett/stafett/proto/stafett/audit/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	"github.com/stafett/stafett/services/apitest"
)

func state(w *apitest.World, request *auditv1.GetStateRequest) (*auditv1.GetStateResponse, error) {
	w.T.Helper()
	request.Purpose = apitest.Purpose
	return w.Auditor().Audit.GetState(w.Ctx, request)
}

// TestTheStateAsItWas: for every step of a handover, the state that audit later returns for
// that position and that instant is byte for byte what the services held.
func TestTheStateAsItWas(t *testing.T) {
	w := apitest.NewWorld(t)
	sender, receiver := w.Desk("sender"), w.Desk("first")
	conversation := sender.OpenConversation()
	var moments []apitest.Snapshot
	look := func() { moments = append(moments, w.Observe(conversation, "intake", "triage", "routing")) }
	look()
	handover := sender.Propose(conversation, "first")
	look()
	sender.Consent(handover)
	look()
	receiver.Accept(handover, "1")
	look()
	sender.Bridge(receiver, handover)
	look()
	sender.Say(conversation, "mina", "hello")
	receiver.Say(conversation, "aksel", "hello")
	sender.Say(conversation, "child", "hello")
	look()
	sender.Transfer(receiver, handover)
	look()
	moments = append(moments, w.Observe("lines/first", "routing", "triage"))
	for _, m := range moments {
		for how, request := range map[string]*auditv1.GetStateRequest{
			"position": {Name: m.Name, At: &auditv1.GetStateRequest_Position{Position: m.Until}},
			"instant":  {Name: m.Name, At: &auditv1.GetStateRequest_Time{Time: timestamppb.New(m.At)}},
		} {
			told := apitest.Must[*auditv1.GetStateResponse](t)(state(w, request))
			if !bytes.Equal(encoded(t, told), m.Held) {
				t.Errorf("the state of %s by %s %d %s is not what the services held:\n%v", m.Name, how, m.Until, m.At, told)
			}
		}
	}
	last := apitest.Must[*auditv1.GetStateResponse](t)(state(w, &auditv1.GetStateRequest{Name: conversation}))
	if !bytes.Equal(encoded(t, last), moments[6].Held) || last.LogPosition != w.LogEnd() {
		t.Errorf("the state now, with the log at %d, is not what the services hold", last.LogPosition)
	}
	states := map[handoverv1.HandoverState]bool{}
	for _, m := range moments[1:7] {
		told := apitest.Must[*auditv1.GetStateResponse](t)(state(w, &auditv1.GetStateRequest{Name: m.Name, At: &auditv1.GetStateRequest_Time{Time: timestamppb.New(m.At)}}))
		states[told.GetConversation().Conversation.Handovers[0].State] = true
	}
	if len(states) < 5 {
		t.Errorf("the handover was seen in %v only", states)
	}
}

// encoded is a state as projections store it.
func encoded(t *testing.T, r *auditv1.GetStateResponse) []byte {
	t.Helper()
	var state proto.Message = r.GetConversation()
	if r.GetLine() != nil {
		state = r.GetLine()
	}
	stored, err := proto.MarshalOptions{Deterministic: true}.Marshal(state)
	if err != nil {
		t.Fatal(err)
	}
	return stored
}

func TestAStateThatCannotBe(t *testing.T) {
	w := apitest.NewWorld(t)
	w.Advance(time.Minute)
	conversation := w.Desk("sender").OpenConversation()
	position := func(p uint64) *auditv1.GetStateRequest_Position {
		return &auditv1.GetStateRequest_Position{Position: p}
	}
	instant := func(d time.Duration) *auditv1.GetStateRequest_Time {
		return &auditv1.GetStateRequest_Time{Time: timestamppb.New(w.Clock.Now().Add(d))}
	}
	unknown := "conversations/" + strings.Repeat("0", 32)
	for name, c := range map[string]struct {
		request *auditv1.GetStateRequest
		code    codes.Code
		reason  string
	}{
		"an unknown conversation":     {&auditv1.GetStateRequest{Name: unknown}, codes.NotFound, "CONVERSATION_NOT_FOUND"},
		"an unknown line":             {&auditv1.GetStateRequest{Name: "lines/nobody"}, codes.NotFound, "LINE_NOT_FOUND"},
		"no name":                     {&auditv1.GetStateRequest{}, codes.InvalidArgument, "FIELD_INVALID"},
		"a handover's name":           {&auditv1.GetStateRequest{Name: conversation + "/handovers/1"}, codes.InvalidArgument, "FIELD_INVALID"},
		"position 0":                  {&auditv1.GetStateRequest{Name: conversation, At: position(0)}, codes.InvalidArgument, "FIELD_INVALID"},
		"a position to come":          {&auditv1.GetStateRequest{Name: conversation, At: position(99)}, codes.OutOfRange, "POSITION_IN_FUTURE"},
		"a position before it began":  {&auditv1.GetStateRequest{Name: conversation, At: position(4)}, codes.OutOfRange, "BEFORE_START"},
		"an instant to come":          {&auditv1.GetStateRequest{Name: conversation, At: instant(time.Second)}, codes.OutOfRange, "TIME_IN_FUTURE"},
		"an instant before it began":  {&auditv1.GetStateRequest{Name: conversation, At: instant(-time.Second)}, codes.OutOfRange, "BEFORE_START"},
		"an instant before the lines": {&auditv1.GetStateRequest{Name: "lines/first", At: instant(-time.Hour)}, codes.OutOfRange, "BEFORE_START"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := state(w, c.request)
			apitest.WantRefusal(t, err, c.code, c.reason)
		})
	}
}
