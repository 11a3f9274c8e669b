package rpc

import (
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// Answer makes a command's response from the position at which it was recorded.
func Answer[R any, P interface {
	*R
	proto.Message
}](recorded *handoverv1.Recorded, err error) (P, error) {
	if err != nil {
		return nil, err
	}
	response := P(new(R))
	Fill(response, recorded)
	return response, nil
}

// Fill sets the position at which a command was recorded in its response.
func Fill(response proto.Message, recorded *handoverv1.Recorded) {
	message := response.ProtoReflect()
	field := message.Descriptor().Fields().ByName("recorded")
	message.Set(field, protoreflect.ValueOfMessage(recorded.ProtoReflect()))
}
