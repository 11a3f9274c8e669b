package story

import (
	"maps"
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"

	"github.com/stafett/stafett/pkg/yamlread"
	accessv1 "github.com/stafett/stafett/proto/stafett/access/v1"
)

// rpcs are the RPCs by which a line records something, by name: those that a step can call.
var rpcs = func() map[string]protoreflect.MethodDescriptor {
	found := map[string]protoreflect.MethodDescriptor{}
	protoregistry.GlobalFiles.RangeFiles(func(file protoreflect.FileDescriptor) bool {
		for i := range file.Services().Len() {
			methods := file.Services().Get(i).Methods()
			for j := range methods.Len() {
				if method := methods.Get(j); records(method) && forLines(method) {
					found[string(method.Name())] = method
				}
			}
		}
		return true
	})
	return found
}()

func records(method protoreflect.MethodDescriptor) bool {
	return method.Output().Fields().ByName("recorded") != nil
}

func forLines(method protoreflect.MethodDescriptor) bool {
	access, _ := proto.GetExtension(method.Options(), accessv1.E_Access).(*accessv1.Access)
	return slices.Contains(access.GetPeers(), accessv1.Peer_PEER_LINE)
}

// Method returns the RPC that takes a request.
func Method(request proto.Message) protoreflect.MethodDescriptor {
	for _, method := range rpcs {
		if method.Input() == request.ProtoReflect().Descriptor() {
			return method
		}
	}
	return nil
}

// exampleRPC is one that most stories call.
const exampleRPC = "JoinConversation"

// readRPC begins the request of the RPC that a step names.
func readRPC(_ *reader, step *Step, v yamlread.Value) {
	name := text(v, exampleRPC)
	method := rpcs[name]
	if method == nil {
		v.Refuse("unknown RPC %q; write one of %s", name, strings.Join(slices.Sorted(maps.Keys(rpcs)), ", "))
		return
	}
	step.Request = newMessage(method.Input())
}

func newMessage(d protoreflect.MessageDescriptor) proto.Message {
	found, err := protoregistry.GlobalTypes.FindMessageByName(d.FullName())
	if err != nil {
		panic("a message of a request is not linked in: " + err.Error())
	}
	return found.New().Interface()
}
