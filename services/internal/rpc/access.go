package rpc

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/descriptorpb"

	"github.com/stafett/stafett/pkg/refusal"
	accessv1 "github.com/stafett/stafett/proto/stafett/access/v1"
	"github.com/stafett/stafett/services/internal/identity"
)

// table says which kinds of peers may call an RPC, by its full method name. An RPC that is not
// in the table is denied.
type table map[string][]identity.Kind

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
		access, _ := proto.GetExtension(options, accessv1.E_Access).(*accessv1.Access)
		if len(access.GetPeers()) == 0 {
			return fmt.Errorf("%s declares no allowed peers; give it the option stafett.access.v1.access", method.FullName())
		}
		name := fmt.Sprintf("/%s/%s", service.FullName(), method.Name())
		for _, peer := range access.Peers {
			t[name] = append(t[name], kindOf[peer])
		}
	}
	return nil
}

type callerKey struct{}

// Caller is the peer of an RPC, as its certificate names it.
func Caller(ctx context.Context) identity.Peer {
	peer, _ := ctx.Value(callerKey{}).(identity.Peer)
	return peer
}

// admit refuses peers without an identity, and those that may not call the RPC.
func (t table) admit(ctx context.Context, method string) (context.Context, error) {
	peer, err := identity.PeerFromContext(ctx)
	if err != nil {
		return ctx, refusal.IdentityUnknown("present a client certificate of this platform: " + err.Error())
	}
	ctx = context.WithValue(ctx, callerKey{}, peer)
	if slices.Contains(t[method], peer.Kind) || slices.ContainsFunc(open, func(p string) bool { return strings.HasPrefix(method, p) }) {
		return ctx, nil
	}
	if _, known := t[method]; !known {
		return ctx, unknownRPC(method)
	}
	return ctx, refusal.PeerNotAllowed(fmt.Sprintf("%s may not call %s; it is for %v", peer.URI, method, t[method]),
		"method", method, "peer", peer.URI)
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
