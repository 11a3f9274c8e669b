package staffkey

import (
	"crypto/sha256"
	"fmt"
	"strconv"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/known/timestamppb"
)

// unsigned are the fields of requests that a signature does not cover: it would have to cover itself,
// and a request may be sent again under another id.
var unsigned = map[protoreflect.Name]bool{"request_id": true, "signatures": true, "alone_on_shift": true}

// RequestHash is what a signature says about a command, as Shown.request_hash describes it.
func RequestHash(command string, request proto.Message) []byte {
	text := append([]byte(command), 0)
	sum := sha256.Sum256(appendFields(text, "", request.ProtoReflect()))
	return sum[:]
}

func appendFields(text []byte, path string, m protoreflect.Message) []byte {
	fields := m.Descriptor().Fields()
	for number := protoreflect.FieldNumber(1); number < 200; number++ {
		field := fields.ByNumber(number)
		if field == nil || !m.Has(field) || unsigned[field.Name()] {
			continue
		}
		name := path + string(field.Name())
		if !field.IsList() {
			text = appendValue(text, name, field, m.Get(field))
			continue
		}
		for i := range m.Get(field).List().Len() {
			text = appendValue(text, name, field, m.Get(field).List().Get(i))
		}
	}
	return text
}

func appendValue(text []byte, name string, field protoreflect.FieldDescriptor, v protoreflect.Value) []byte {
	written := fmt.Sprint(v.Interface())
	switch {
	case field.Enum() != nil:
		written = code(field.Enum(), v.Enum())
	case field.Message() != nil:
		at, ok := v.Message().Interface().(*timestamppb.Timestamp)
		if !ok {
			return appendFields(text, name+".", v.Message())
		}
		written = at.AsTime().Format(time.RFC3339Nano)
	}
	return append(text, name+"="+written+"\n"...)
}

func code(of protoreflect.EnumDescriptor, number protoreflect.EnumNumber) string {
	if known := of.Values().ByNumber(number); known != nil {
		return string(known.Name())
	}
	return strconv.Itoa(int(number))
}
