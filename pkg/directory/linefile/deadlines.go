package linefile

import (
	"time"

	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/known/durationpb"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/yamlread"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// readDeadlines reads a line's own deadlines, each within the protocol's bounds.
func readDeadlines(value yamlread.Value) *handoverv1.LineDeadlines {
	bounds := handover.Bounds()
	var known []string
	for _, bound := range bounds {
		known = append(known, bound.Field)
	}
	fields := value.Fields(known...)
	own := &handoverv1.LineDeadlines{}
	for _, bound := range bounds {
		if set, ok := fields.Get(bound.Field); ok {
			readDeadline(own, bound, set)
		}
	}
	return own
}

func readDeadline(own *handoverv1.LineDeadlines, bound handover.Bound, value yamlread.Value) {
	text, ok := value.Text(bound.Min.String())
	if !ok {
		return
	}
	set, err := time.ParseDuration(text)
	if err != nil || bound.Check(durationpb.New(set)) != nil {
		value.Refuse("%s %q is not a time that a line may set; write %s to %s, for example %s", bound.Field, text, bound.Min, bound.Max, bound.Min)
		return
	}
	message := own.ProtoReflect()
	field := message.Descriptor().Fields().ByName(protoreflect.Name(bound.Field))
	message.Set(field, protoreflect.ValueOfMessage(durationpb.New(set).ProtoReflect()))
}
