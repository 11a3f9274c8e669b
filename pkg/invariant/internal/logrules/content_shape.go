package logrules

import (
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/stafett/stafett/pkg/invariant/internal/conversationrules"
	"github.com/stafett/stafett/pkg/invariant/internal/facts"
)

// sizes are the lengths of the byte fields that are not SHA-256 hashes.
var sizes = map[protoreflect.FullName]int{
	"stafett.event.v1.Commit.request_id":          16,
	"stafett.event.v1.Commit.request_hash":        16,
	"stafett.event.v1.TicketIssued.request_id":    16,
	"stafett.event.v1.SignedCheckpoint.signature": 64,
}

// shape is what there is to look at in one type of message.
type shape struct {
	name   protoreflect.Name
	fields []shapeField
}

// shapeField is a field that could hold content.
type shapeField struct {
	protoreflect.FieldDescriptor
	size     int
	required bool
}

// shape returns what there is to look at, worked out once for each type.
func (c *content) shape(d protoreflect.MessageDescriptor) *shape {
	if known, ok := c.shapes[d]; ok {
		return known
	}
	worked := &shape{name: d.Name()}
	for i := range d.Fields().Len() {
		if field := d.Fields().Get(i); field.Message() != facts.Kinds.Parent() && holds(field) {
			worked.fields = append(worked.fields, shapeOf(field))
		}
	}
	c.shapes[d] = worked
	return worked
}

// holds tells whether a field can hold text, bytes or a message. Times are left
// out: they are numbers.
func holds(field protoreflect.FieldDescriptor) bool {
	if conversationrules.IsTime(field) {
		return false
	}
	switch field.Kind() {
	case protoreflect.StringKind, protoreflect.BytesKind, protoreflect.MessageKind:
		return true
	}
	return field.IsMap()
}

// shapeOf: an event commits to what it names, so its byte fields are never empty.
func shapeOf(field protoreflect.FieldDescriptor) shapeField {
	size, other := sizes[field.FullName()]
	if !other {
		size = 32
	}
	bytes := field.Kind() == protoreflect.BytesKind
	return shapeField{field, size, bytes && isKind(field.ContainingMessage())}
}

func isKind(d protoreflect.MessageDescriptor) bool {
	for i := range facts.Kinds.Fields().Len() {
		if facts.Kinds.Fields().Get(i).Message() == d {
			return true
		}
	}
	return false
}
