package page

import (
	"slices"
	"strconv"

	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/stafett/stafett/pkg/taxonomy"
	triagev1 "github.com/stafett/stafett/proto/stafett/triage/v1"
	"github.com/stafett/stafett/services/desk/internal/words"
)

// codes offers the values of an enum, but for the first, which means none, and those to leave out.
func codes(l words.Language, name string, chosen protoreflect.Enum, without ...protoreflect.EnumNumber) Choice {
	choice := Choice{Name: name}
	if chosen.Number() == 0 || slices.Contains(without, chosen.Number()) {
		choice.Options = []Option{{Label: l.Staff("choose_one"), Chosen: true}}
	}
	values := chosen.Descriptor().Values()
	for i := range values.Len() {
		number := values.Get(i).Number()
		if number == 0 || slices.Contains(without, number) {
			continue
		}
		choice.Options = append(choice.Options, Option{
			Value: strconv.Itoa(int(number)), Label: l.Code(chosen.Type().New(number)), Chosen: number == chosen.Number(),
		})
	}
	return choice
}

// topics offers all topics, by group.
func topics(l words.Language) Choice {
	choice := Choice{Name: "topic", Options: []Option{{Label: l.Staff("choose_one"), Chosen: true}}}
	for _, topic := range taxonomy.Default().Topics() {
		choice.Options = append(choice.Options, Option{Value: topic.Code, Label: topicLabel(l, topic)})
	}
	return choice
}

func topicLabel(l words.Language, topic *triagev1.Topic) string {
	if topic.Parent == "" {
		return l.Topic(topic.Code)
	}
	return l.Topic(taxonomy.Group(topic.Code)) + ": " + l.Topic(topic.Code)
}
