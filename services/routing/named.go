package routing

import (
	"context"
	"slices"

	"go.etcd.io/bbolt"
	"google.golang.org/genproto/googleapis/api/annotations"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/refusal"
	"github.com/stafett/stafett/services/internal/lines"
	"github.com/stafett/stafett/services/internal/rpc"
)

// check refuses a command that names a line which is not in the directory, or one twice. Its
// proto says which fields name lines.
func (s *Service) check(_ context.Context, request rpc.Command) error {
	for _, list := range named(request.ProtoReflect()) {
		err := s.model.View(func(tx *bbolt.Tx) error { return list.known(tx) })
		if err != nil {
			return err
		}
	}
	return nil
}

// namedLines are the lines that one field of a request names.
type namedLines struct {
	field string
	names []string
}

// named returns the lines that a message names, and the messages within.
func named(m protoreflect.Message) (all []namedLines) {
	m.Range(func(field protoreflect.FieldDescriptor, value protoreflect.Value) bool {
		switch {
		case namesLines(field):
			all = append(all, namedLines{string(field.Name()), namesIn(field, value)})
		case field.Message() != nil && !field.IsList() && !field.IsMap():
			all = append(all, named(value.Message())...)
		}
		return true
	})
	return all
}

func namesLines(field protoreflect.FieldDescriptor) bool {
	reference, _ := proto.GetExtension(field.Options(), annotations.E_ResourceReference).(*annotations.ResourceReference)
	return reference.GetType() == "stafett.org/Line"
}

func namesIn(field protoreflect.FieldDescriptor, value protoreflect.Value) (names []string) {
	if !field.IsList() {
		return []string{value.String()}
	}
	for i := range value.List().Len() {
		names = append(names, value.List().Get(i).String())
	}
	return names
}

// known refuses names that are not different lines of the directory.
func (l namedLines) known(tx *bbolt.Tx) error {
	for i, name := range l.names {
		id := handover.LineID(name)
		if slices.Contains(l.names[:i], name) {
			return refusal.Field(l.field, id+" is named twice; name each line once")
		}
		if _, err := lines.Get(tx, id); err != nil {
			return err
		}
	}
	return nil
}
