package platform_test

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
)

func (w *world) state(request *auditv1.GetStateRequest) (*auditv1.GetStateResponse, error) {
	w.t.Helper()
	request.Purpose = exercise
	return w.auditor().Audit.GetState(w.ctx, request)
}

// moment is what the services held of a conversation or a line, and when.
type moment struct {
	name  string
	at    time.Time
	until uint64
	held  []byte
}

// look notes what each service holds, which must be the same in all of them.
func (w *world) look(name string, services ...string) moment {
	w.t.Helper()
	w.settle()
	bucket, key, _ := strings.Cut(name, "/")
	m := moment{name: name, at: w.clock.Now(), until: w.last()}
	for _, service := range services {
		held := w.Held(service, bucket, key)
		if len(held) == 0 || m.held != nil && !bytes.Equal(held, m.held) {
			w.t.Fatalf("%s holds %d bytes of %s, unlike the service before it", service, len(held), name)
		}
		m.held = held
	}
	w.clock.Advance(time.Second)
	return m
}

// TestTheStateAsItWas: at every step of a handover, what audit tells later of
// that position and of that instant is byte for byte what the services held.
func TestTheStateAsItWas(t *testing.T) {
	w := newWorld(t)
	sender, receiver := w.desk("sender"), w.desk("first")
	conversation := sender.open()
	var moments []moment
	look := func() { moments = append(moments, w.look(conversation, "intake", "triage", "routing")) }
	look()
	handover := sender.propose(conversation, "first")
	look()
	sender.consent(handover)
	look()
	receiver.accept(handover, "1")
	look()
	sender.bridge(receiver, handover)
	look()
	sender.say(conversation, "mina", "hello")
	receiver.say(conversation, "aksel", "hello")
	sender.say(conversation, "child", "hello")
	look()
	sender.transfer(receiver, handover)
	look()
	moments = append(moments, w.look("lines/first", "routing", "triage"))
	for _, m := range moments {
		for how, request := range map[string]*auditv1.GetStateRequest{
			"position": {Name: m.name, At: &auditv1.GetStateRequest_Position{Position: m.until}},
			"instant":  {Name: m.name, At: &auditv1.GetStateRequest_Time{Time: timestamppb.New(m.at)}},
		} {
			told := must[*auditv1.GetStateResponse](t)(w.state(request))
			if !bytes.Equal(encoded(t, told), m.held) {
				t.Errorf("the state of %s by %s %d %s is not what the services held:\n%v", m.name, how, m.until, m.at, told)
			}
		}
	}
	last := must[*auditv1.GetStateResponse](t)(w.state(&auditv1.GetStateRequest{Name: conversation}))
	if !bytes.Equal(encoded(t, last), moments[6].held) || last.LogPosition != w.last() {
		t.Errorf("the state now, with the log at %d, is not what the services hold", last.LogPosition)
	}
	states := map[handoverv1.HandoverState]bool{}
	for _, m := range moments[1:7] {
		told := must[*auditv1.GetStateResponse](t)(w.state(&auditv1.GetStateRequest{Name: m.name, At: &auditv1.GetStateRequest_Time{Time: timestamppb.New(m.at)}}))
		states[told.GetConversation().Conversation.Handovers[0].State] = true
	}
	if len(states) < 5 {
		t.Errorf("the handover was seen in %v only", states)
	}
}

// encoded is a state as read models store it.
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
	w := newWorld(t)
	w.pass(time.Minute)
	conversation := w.desk("sender").open()
	position := func(p uint64) *auditv1.GetStateRequest_Position {
		return &auditv1.GetStateRequest_Position{Position: p}
	}
	instant := func(d time.Duration) *auditv1.GetStateRequest_Time {
		return &auditv1.GetStateRequest_Time{Time: timestamppb.New(w.clock.Now().Add(d))}
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
			_, err := w.state(c.request)
			refused(t, err, c.code, c.reason)
		})
	}
}
