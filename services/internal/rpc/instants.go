package rpc

import (
	"fmt"
	"strings"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protopath"
	"google.golang.org/protobuf/reflect/protorange"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/stafett/stafett/pkg/directory/schedule"
	"github.com/stafett/stafett/pkg/refusal"
)

// checkTimes refuses a request with an invalid timestamp or duration, or a timestamp outside
// the supported years, wherever in the request it is.
func checkTimes(request proto.Message) error {
	return protorange.Options{Stable: true}.Range(request.ProtoReflect(), func(at protopath.Values) error {
		message, ok := at.Index(-1).Value.Interface().(protoreflect.Message)
		if !ok {
			return nil
		}
		if problem := problemOf(message.Interface()); problem != "" {
			return refusal.Field(fieldPath(at.Path), problem)
		}
		return nil
	}, nil)
}

// problemOf describes what is wrong with a timestamp or a duration; empty for everything else.
func problemOf(message proto.Message) string {
	switch message := message.(type) {
	case *timestamppb.Timestamp:
		if err := message.CheckValid(); err != nil {
			return fmt.Sprintf("%v; write seconds of the years 2000 to 2199, and nanos from 0 to 999999999", err)
		}
		if !schedule.Reckoned(message.AsTime()) {
			return "nothing is known outside of the years 2000 to 2199; write an instant within them"
		}
	case *durationpb.Duration:
		if err := message.CheckValid(); err != nil {
			return fmt.Sprintf("%v; write seconds and nanos with one sign, and nanos below 1000000000", err)
		}
	}
	return ""
}

// fieldPath is the path without the request's name: lines[0].retention.
func fieldPath(path protopath.Path) string {
	return strings.TrimPrefix(path[1:].String(), ".")
}
