package rpc

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"google.golang.org/grpc"
	"google.golang.org/grpc/peer"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/descriptorpb"

	"github.com/stafett/stafett/pkg/refusal"
	accessv1 "github.com/stafett/stafett/proto/stafett/access/v1"
	"github.com/stafett/stafett/services/internal/identity"
)

// table has the RPCs by their full method names. An RPC that is not in the table is denied.
type table map[string]access

// access says which kinds of peers may call an RPC, and how its calls are limited.
type access struct {
	kinds []identity.Kind
	limit accessv1.Limit
}

var kindOf = map[accessv1.Peer]identity.Kind{
	accessv1.Peer_PEER_LINE:     identity.Line,
	accessv1.Peer_PEER_SERVICE:  identity.Service,
	accessv1.Peer_PEER_AUDITOR:  identity.Auditor,
	accessv1.Peer_PEER_OPERATOR: identity.Operator,
}

// open to every peer that has an identity: they reveal nothing about anyone.
var open = []string{"/grpc.health.v1.Health/", "/grpc.reflection.v1.ServerReflection/", "/grpc.reflection.v1alpha.ServerReflection/"}

// accessTable reads the table from the services' own descriptors.
func accessTable(names []protoreflect.FullName) (table, error) {
	t := table{}
	for _, name := range names {
		descriptor, err := protoregistry.GlobalFiles.FindDescriptorByName(name)
		if err != nil {
			return nil, err
		}
		if err := t.add(descriptor.(protoreflect.ServiceDescriptor)); err != nil {
			return nil, err
		}
	}
	return t, nil
}

// add reads one service. An RPC without the option is an error, so that nothing is open by
// accident.
func (t table) add(service protoreflect.ServiceDescriptor) error {
	methods := service.Methods()
	for i := range methods.Len() {
		method := methods.Get(i)
		options := method.Options().(*descriptorpb.MethodOptions)
		declared, _ := proto.GetExtension(options, accessv1.E_Access).(*accessv1.Access)
		if len(declared.GetPeers()) == 0 {
			return fmt.Errorf("%s declares no allowed peers; give it the option stafett.access.v1.access", method.FullName())
		}
		may := access{limit: declared.Limit}
		for _, peer := range declared.Peers {
			may.kinds = append(may.kinds, kindOf[peer])
		}
		t[fmt.Sprintf("/%s/%s", service.FullName(), method.Name())] = may
	}
	return nil
}

// callerOf is the other end of a call's connection, or nil if the call did not come through a
// Server.
func callerOf(ctx context.Context) *caller {
	if p, ok := peer.FromContext(ctx); ok {
		known, _ := p.AuthInfo.(*caller)
		return known
	}
	return nil
}

// Caller is the peer of an RPC, as its certificate names it.
func Caller(ctx context.Context) identity.Peer {
	if known := callerOf(ctx); known != nil {
		return known.Peer
	}
	return identity.Peer{}
}

// admit refuses peers without an identity, and those that may not call the RPC.
func (t table) admit(known *caller, method string) error {
	if known.unknown != nil {
		return refusal.IdentityUnknown("present a client certificate of this platform: " + known.unknown.Error())
	}
	may, exists := t[method]
	if slices.Contains(may.kinds, known.Peer.Kind) || slices.ContainsFunc(open, func(p string) bool { return strings.HasPrefix(method, p) }) {
		return nil
	}
	if !exists {
		return unknownRPC(method)
	}
	return refusal.PeerNotAllowed(fmt.Sprintf("%s may not call %s; it is for %v", known.Peer.URI, method, may.kinds),
		"method", method, "peer", known.Peer.URI)
}

// limit is the class of an RPC; those that are open to all only read.
func (t table) limit(method string) accessv1.Limit {
	may, exists := t[method]
	switch {
	case !exists:
		return accessv1.Limit_LIMIT_READ
	case may.limit == accessv1.Limit_LIMIT_UNSPECIFIED:
		return accessv1.Limit_LIMIT_COMMAND
	}
	return may.limit
}

func unknownRPC(method string) error {
	return refusal.RPCUnknown("this service has no RPC "+method+"; list its RPCs by reflection",
		"method", method)
}

// unknown answers calls that are admitted but not implemented: RPCs of the services that are
// open to all.
func unknown(_ any, stream grpc.ServerStream) error {
	method, _ := grpc.MethodFromServerStream(stream)
	return unknownRPC(method)
}
