package command

import (
	"reflect"
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/decide"
	"github.com/stafett/stafett/pkg/handover/persons"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// Definition is one row of the catalogue of commands.
type Definition struct {
	decide.Permission
	// Method is the command's RPC. Nil for commands that only the platform gives.
	Method protoreflect.MethodDescriptor
	// UsesDirectory marks a command that depends on the directory, too.
	UsesDirectory bool
	// UsesStaff marks a command that two persons of the line sign, or may have to.
	UsesStaff bool

	kind     reflect.Type
	request  protoreflect.MessageType
	response protoreflect.MessageType
	make     func(o decide.Origin, lines handover.Directory, request proto.Message) decide.Command
}

// Definitions returns all commands, in the order in which a handover meets them.
func Definitions() []*Definition { return slices.Clone(catalogue) }

// DefinitionOf returns the command that takes a request, or nil.
func DefinitionOf(request proto.Message) *Definition {
	name := request.ProtoReflect().Descriptor().FullName()
	return find(func(d *Definition) bool { return d.Method != nil && d.Method.Input().FullName() == name })
}

// DefinitionNamed returns the command with this name, or nil.
func DefinitionNamed(name string) *Definition {
	return find(func(d *Definition) bool { return d.Name == name })
}

// DefinitionFor returns the catalogue row of a command.
func DefinitionFor(c decide.Command) *Definition {
	return find(func(d *Definition) bool { return d.kind == reflect.TypeOf(c) })
}

func find(is func(*Definition) bool) *Definition {
	if i := slices.IndexFunc(catalogue, is); i >= 0 {
		return catalogue[i]
	}
	return nil
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

// NewRequest returns an empty request for the command.
func (d *Definition) NewRequest() proto.Message { return d.request.New().Interface() }

// NewResponse returns an empty response of the command's RPC.
func (d *Definition) NewResponse() proto.Message { return d.response.New().Interface() }

// Command builds the command from a request. The directory may be the zero Directory
// unless the command uses it.
func (d *Definition) Command(o decide.Origin, lines handover.Directory, request proto.Message) decide.Command {
	return d.make(o, lines, request)
}

// Target returns the name of the offer, handover, conversation or consultation that a request
// concerns. It is empty if the request names none.
func (d *Definition) Target(request proto.Message) string {
	fields := d.Method.Input().Fields()
	for _, name := range []protoreflect.Name{"offer", "handover", "conversation", "consultation"} {
		if field := fields.ByName(name); field != nil {
			return request.ProtoReflect().Get(field).String()
		}
	}
	return ""
}

// command returns the row of a command that has an RPC and depends on nothing but its
// request and its conversation.
func command[R proto.Message, C decide.Command](side handover.Side, states []handoverv1.HandoverState, make func(decide.Origin, R) C) *Definition {
	d := directoryCommand(side, states, func(o decide.Origin, _ handover.Directory, request R) C { return make(o, request) })
	d.UsesDirectory = false
	return d
}

// directoryCommand returns the row of a command that has an RPC and depends on the directory.
func directoryCommand[R proto.Message, C decide.Command](side handover.Side, states []handoverv1.HandoverState, make func(decide.Origin, handover.Directory, R) C) *Definition {
	var request R
	method := methodOf(request.ProtoReflect().Descriptor())
	return &Definition{
		Permission: decide.Permission{Name: string(method.Name()), Side: side, States: states},
		Method:     method, UsesDirectory: true, kind: reflect.TypeFor[C](), request: request.ProtoReflect().Type(), response: responseOf(method),
		make: func(o decide.Origin, lines handover.Directory, request proto.Message) decide.Command {
			return make(o, lines, request.(R))
		},
	}
}

// signedCommand returns the row of a command that two persons of the line sign, or may have to.
func signedCommand[R persons.Request, C decide.Command](side handover.Side, states []handoverv1.HandoverState, make func(decide.Origin, handover.Directory, R) C) *Definition {
	d := directoryCommand(side, states, make)
	d.UsesDirectory, d.UsesStaff = false, true
	return d
}

// andDirectory makes a command depend on the directory as well.
func (d *Definition) andDirectory() *Definition {
	d.UsesDirectory = true
	return d
}

// inner returns the row of a command that only the platform gives.
func inner[C decide.Command]() *Definition {
	kind := reflect.TypeFor[C]()
	return &Definition{Permission: decide.Permission{Name: kind.Name(), Side: handover.Platform}, kind: kind}
}

// responseOf returns the type of an RPC's response, which is linked in with its request.
func responseOf(method protoreflect.MethodDescriptor) protoreflect.MessageType {
	response, err := protoregistry.GlobalTypes.FindMessageByName(method.Output().FullName())
	if err != nil {
		panic(err)
	}
	return response
}

// methodOf finds the RPC that takes a request, in the request's package. It panics if
// there is none, because then the proto is wrong.
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
