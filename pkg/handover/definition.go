package handover

import (
	"reflect"
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// Definition is one row of the catalogue of commands.
type Definition struct {
	// Name of the command, such as ConfirmHandover.
	Name string
	// Side that may give it.
	Side Side
	// States of the handover that it names in which it may come. Nil where it names none.
	States []handoverv1.HandoverState
	// Method is its RPC. Nil for the platform's own commands, which have none.
	Method protoreflect.MethodDescriptor

	// refusable says that the child's no stands in its way.
	refusable bool
	kind      reflect.Type
	request   protoreflect.Message
	make      func(line string, at ResourceName, request proto.Message) Command
}

// Definitions are all commands, in the order in which a handover meets them.
func Definitions() []*Definition { return slices.Clone(catalogue) }

// DefinitionOf finds the command that a request is for, or nil.
func DefinitionOf(request proto.Message) *Definition {
	name := request.ProtoReflect().Descriptor().FullName()
	return find(func(d *Definition) bool { return d.Method != nil && d.Method.Input().FullName() == name })
}

// DefinitionNamed finds a command by its name, or nil.
func DefinitionNamed(name string) *Definition {
	return find(func(d *Definition) bool { return d.Name == name })
}

// DefinitionFor finds a command's own row.
func DefinitionFor(c Command) *Definition {
	return find(func(d *Definition) bool { return d.kind == reflect.TypeOf(c) })
}

func find(is func(*Definition) bool) *Definition {
	if i := slices.IndexFunc(catalogue, is); i >= 0 {
		return catalogue[i]
	}
	return nil
}

// Allows reports whether a state of a handover allows the command. A command that names
// no handover is allowed in none.
func (d *Definition) Allows(state handoverv1.HandoverState) bool {
	return slices.Contains(d.States, state)
}

// AllowedIn lists the names of the commands that a state of a handover allows, sorted.
func AllowedIn(state handoverv1.HandoverState) []string {
	var names []string
	for _, d := range catalogue {
		if d.Allows(state) {
			names = append(names, d.Name)
		}
	}
	slices.Sort(names)
	return names
}

// NewRequest is an empty request of the command.
func (d *Definition) NewRequest() proto.Message { return d.request.New().Interface() }

// Command makes the command that a line's request asks for. What the service knows
// beside the request, such as hashes and the directory, it sets afterwards in the fields
// that say so.
func (d *Definition) Command(line string, at ResourceName, request proto.Message) Command {
	return d.make(line, at, request)
}

// Target is the resource name that a request is about: of an offer, of a handover or of
// a conversation. Empty where it names none.
func (d *Definition) Target(request proto.Message) string {
	fields := d.Method.Input().Fields()
	for _, name := range []protoreflect.Name{"offer", "handover", "conversation"} {
		if field := fields.ByName(name); field != nil {
			return request.ProtoReflect().Get(field).String()
		}
	}
	return ""
}

// command is the row of a command that has an RPC.
func command[R proto.Message, C Command](side Side, states []handoverv1.HandoverState, make func(line string, at ResourceName, request R) C) *Definition {
	var request R
	method := methodOf(request.ProtoReflect().Descriptor())
	return &Definition{
		Name: string(method.Name()), Side: side, States: states, Method: method,
		refusable: true, kind: reflect.TypeFor[C](), request: request.ProtoReflect(),
		make: func(line string, at ResourceName, request proto.Message) Command {
			return make(line, at, request.(R))
		},
	}
}

// inner is the row of a command that only the platform gives.
func inner[C Command]() *Definition {
	kind := reflect.TypeFor[C]()
	return &Definition{Name: kind.Name(), Side: Platform, kind: kind}
}

// despiteRefusal is for a command that needs no consent: the child's no does not stop it.
func (d *Definition) despiteRefusal() *Definition {
	d.refusable = false
	return d
}

// methodOf finds the RPC that takes a request in the request's package. A request without
// one is a mistake in the proto, so it ends the program.
func methodOf(request protoreflect.MessageDescriptor) (found protoreflect.MethodDescriptor) {
	name := protoreflect.Name(strings.TrimSuffix(string(request.Name()), "Request"))
	protoregistry.GlobalFiles.RangeFilesByPackage(request.ParentFile().Package(), func(file protoreflect.FileDescriptor) bool {
		for i := range file.Services().Len() {
			if method := file.Services().Get(i).Methods().ByName(name); method != nil {
				found = method
			}
		}
		return found == nil
	})
	if found == nil {
		panic("no RPC takes " + string(request.FullName()))
	}
	return found
}
