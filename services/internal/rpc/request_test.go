package rpc_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/mem"
	"google.golang.org/protobuf/proto"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	"github.com/stafett/stafett/services/internal/identity"
)

// raw sends bytes as they are.
type raw struct{}

func (raw) Marshal(v any) (mem.BufferSlice, error) {
	return mem.BufferSlice{mem.SliceBuffer(v.([]byte))}, nil
}

func (raw) Unmarshal(mem.BufferSlice, any) error { return nil }

// Name is that of the codec that the server would use.
func (raw) Name() string { return "proto" }

func TestBytesThatAreNoProtobuf(t *testing.T) {
	w := serve(t, welcoming())
	connection := w.Dial(identity.Line, "bris", grpc.WithDefaultCallOptions(grpc.ForceCodecV2(raw{})))
	for name, body := range map[string][]byte{
		"cut off":          {0x0a, 0xff},
		"not UTF-8":        {0x0a, 0x02, 0xff, 0xfe},
		"end group":        {0x0c},
		"field number 0":   {0x00, 0x01},
		"text":             []byte("hello, this is not a protobuf"),
		"valid, then junk": append(mustMarshal(t, opening()), 0xff),
	} {
		t.Run(name, func(t *testing.T) {
			err := connection.Invoke(soon(t), "/"+intakeName+"/OpenConversation", body, []byte{})
			refused(t, err, codes.InvalidArgument, "FIELD_INVALID")
			if got := violations(err); !slices.Equal(got, []string{"request"}) {
				t.Errorf("it names %v, want the request", got)
			}
			stream, err := connection.NewStream(soon(t), &grpc.StreamDesc{ServerStreams: true}, "/"+intakeName+"/WatchConversation")
			if err != nil {
				t.Fatal(err)
			}
			if err := stream.SendMsg(body); err != nil {
				t.Fatal(err)
			}
			stream.CloseSend()
			refused(t, stream.RecvMsg([]byte{}), codes.InvalidArgument, "FIELD_INVALID")
		})
	}
	if err := connection.Invoke(soon(t), "/"+intakeName+"/OpenConversation", mustMarshal(t, opening()), []byte{}); err != nil {
		t.Errorf("the same client with a valid request: %v", err)
	}
}

func mustMarshal(t *testing.T, m proto.Message) []byte {
	t.Helper()
	body, err := proto.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	return body
}

func TestInvalidFields(t *testing.T) {
	peer := intakev1.NewIntakeServiceClient(serve(t, welcoming()).Dial(identity.Line, "bris"))
	cases := []struct {
		field string
		spoil func(*intakev1.OpenConversationRequest)
	}{
		{"request_id", func(r *intakev1.OpenConversationRequest) { r.RequestId = "" }},
		{"request_id", func(r *intakev1.OpenConversationRequest) { r.RequestId = "not a uuid" }},
		{"channel", func(r *intakev1.OpenConversationRequest) { r.Channel = 0 }},
		{"channel", func(r *intakev1.OpenConversationRequest) { r.Channel = 99 }},
		{"language_code", func(r *intakev1.OpenConversationRequest) { r.LanguageCode = "Norwegian!" }},
		{"area", func(r *intakev1.OpenConversationRequest) { r.Area = "somewhere" }},
		{"child", func(r *intakev1.OpenConversationRequest) { r.Child = "Ola Nordmann" }},
		{"child", func(r *intakev1.OpenConversationRequest) { r.Child = strings.Repeat("x", 64) }},
	}
	for _, c := range cases {
		request := opening()
		c.spoil(request)
		_, err := peer.OpenConversation(soon(t), request)
		refused(t, err, codes.InvalidArgument, "FIELD_INVALID")
		if got := violations(err); !slices.Equal(got, []string{c.field}) {
			t.Errorf("it names %v, want %s", got, c.field)
		}
	}
	if _, err := peer.OpenConversation(soon(t), opening()); err != nil {
		t.Errorf("a valid request: %v", err)
	}
}

func TestTheMessageTellsOfAllInvalidFields(t *testing.T) {
	peer := intakev1.NewIntakeServiceClient(serve(t, welcoming()).Dial(identity.Line, "bris"))
	_, err := peer.OpenConversation(soon(t), &intakev1.OpenConversationRequest{})
	refused(t, err, codes.InvalidArgument, "FIELD_INVALID")
	for _, field := range []string{"request_id", "channel", "language_code", "child"} {
		if !strings.Contains(err.Error(), field+": ") {
			t.Errorf("%v says nothing of %s", err, field)
		}
	}
}

func TestOversizedRequests(t *testing.T) {
	peer := intakev1.NewIntakeServiceClient(serve(t, welcoming()).Dial(identity.Line, "bris"))
	request := &intakev1.SendMessageRequest{
		RequestId: opening().RequestId, Conversation: "conversations/" + strings.Repeat("0", 32),
		Participant: "mina", Audience: handoverv1.Audience_AUDIENCE_ALL,
	}
	request.Sealed = bytes.Repeat([]byte("x"), 16489)
	_, err := peer.SendMessage(soon(t), request)
	refused(t, err, codes.Unimplemented, "") // it came through
	request.Sealed = append(request.Sealed, 'x')
	_, err = peer.SendMessage(soon(t), request)
	refused(t, err, codes.InvalidArgument, "FIELD_INVALID")
	if got := violations(err); !slices.Equal(got, []string{"sealed"}) {
		t.Errorf("it names %v, want sealed", got)
	}
	request.Sealed = make([]byte, 300<<10)
	_, err = peer.SendMessage(soon(t), request)
	refused(t, err, codes.InvalidArgument, "REQUEST_TOO_LARGE")
	request.Sealed = make([]byte, 5<<20) // the client does not even send it
	_, err = peer.SendMessage(soon(t), request)
	refused(t, err, codes.ResourceExhausted, "REQUEST_TOO_LARGE")
}
