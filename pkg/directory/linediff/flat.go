package linediff

import (
	"fmt"
	"strings"

	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/known/durationpb"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// flat returns every set field of a line by its path.
func flat(line *handoverv1.Line) map[string]string {
	fields := map[string]string{}
	if line != nil {
		flatten("", line.ProtoReflect(), fields)
	}
	return fields
}

func flatten(path string, message protoreflect.Message, into map[string]string) {
	if kept, ok := message.Interface().(*durationpb.Duration); ok {
		into[path] = kept.AsDuration().String()
		return
	}
	message.Range(func(field protoreflect.FieldDescriptor, value protoreflect.Value) bool {
		at := strings.TrimPrefix(path+"."+string(field.Name()), ".")
		switch {
		case field.IsMap():
			value.Map().Range(func(key protoreflect.MapKey, member protoreflect.Value) bool {
				into[at+"["+key.String()+"]"] = member.String()
				return true
			})
		case field.IsList():
			flattenList(at, field, value.List(), into)
		case field.Message() != nil:
			flatten(at, value.Message(), into)
		default:
			into[at] = scalar(field, value)
		}
		return true
	})
}

// flattenList writes a list of scalars as one value, and a list of messages element by
// element under the key from about.
func flattenList(at string, field protoreflect.FieldDescriptor, list protoreflect.List, into map[string]string) {
	var texts []string
	for i := range list.Len() {
		if field.Message() == nil {
			texts = append(texts, scalar(field, list.Get(i)))
			continue
		}
		message := list.Get(i).Message()
		flatten(at+"["+about(message, i)+"]", message, into)
	}
	if len(texts) > 0 {
		into[at] = strings.Join(texts, ", ")
	}
}

// about returns the element's channel, other line or door id, and otherwise its index.
func about(message protoreflect.Message, place int) string {
	switch message := message.Interface().(type) {
	case *handoverv1.Hours:
		return channelText(message.GetChannel())
	case *handoverv1.Capacity:
		return channelText(message.GetChannel())
	case *handoverv1.Reception:
		return message.GetLine()
	case *handoverv1.Door:
		return message.GetId()
	}
	return fmt.Sprint(place)
}

func channelText(channel handoverv1.Channel) string {
	return strings.ToLower(strings.TrimPrefix(channel.String(), "CHANNEL_"))
}

func scalar(field protoreflect.FieldDescriptor, value protoreflect.Value) string {
	if field.Enum() == nil {
		return value.String()
	}
	if named := field.Enum().Values().ByNumber(value.Enum()); named != nil {
		return string(named.Name())
	}
	return fmt.Sprint(value.Enum())
}
