package rpc

import (
	"errors"
	"slices"

	"buf.build/go/protovalidate"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/stafett/stafett/pkg/refusal"
)

// validate refuses a request that breaks the rules beside its fields, or has invalid times.
func validate(request any) error {
	message, ok := request.(proto.Message)
	if !ok {
		return nil
	}
	if err := unmark(message); err != nil {
		return err
	}
	if err := checkTimes(message); err != nil {
		return err
	}
	err := protovalidate.Validate(message)
	var violations *protovalidate.ValidationError
	if errors.As(err, &violations) {
		all := wrongFields(message.ProtoReflect().Descriptor(), violations)
		return refusal.Fields(all[0], all[1:]...)
	}
	return err
}

// wrongFields has one violation for each wrong field, however many of its rules are
// broken.
func wrongFields(message protoreflect.MessageDescriptor, e *protovalidate.ValidationError) []refusal.Violation {
	var all []refusal.Violation
	for _, v := range e.Violations {
		field, problem := protovalidate.FieldPathString(v.Proto.GetField()), describe(message, v)
		if i := slices.IndexFunc(all, func(known refusal.Violation) bool { return known.Field == field }); i >= 0 {
			all[i].Problem += "; " + problem
			continue
		}
		all = append(all, refusal.Violation{Field: field, Problem: problem})
	}
	return all
}
