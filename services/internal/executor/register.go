package executor

import (
	"context"
	"fmt"
	"reflect"
	"slices"

	"google.golang.org/grpc"

	"github.com/stafett/stafett/pkg/handover/command"
	"github.com/stafett/stafett/services/internal/rpc"
)

// Register registers a service's RPCs. Those that are methods of byHand are answered by the
// server, which embeds it beside the generated Unimplemented server; the others must be in the
// catalogue, and the executor answers them. An RPC that nobody answers is an error, so that
// none is forgotten.
func (e *Executor) Register(r grpc.ServiceRegistrar, generated *grpc.ServiceDesc, server, byHand any) error {
	desc := *generated
	desc.Methods = slices.Clone(generated.Methods)
	for i, method := range desc.Methods {
		if implements(byHand, method.MethodName) {
			continue
		}
		d := definition(generated.ServiceName, method.MethodName)
		if d == nil {
			return forgotten(generated.ServiceName, method.MethodName)
		}
		desc.Methods[i].Handler = e.handler(d)
	}
	for _, stream := range desc.Streams {
		if !implements(byHand, stream.StreamName) {
			return forgotten(generated.ServiceName, stream.StreamName)
		}
	}
	r.RegisterService(&desc, server)
	return nil
}

func implements(byHand any, method string) bool {
	_, has := reflect.TypeOf(byHand).MethodByName(method)
	return has
}

// definition returns the command that an RPC gives, or nil.
func definition(service, method string) *command.Definition {
	d := command.DefinitionNamed(method)
	if d == nil || d.Method == nil || string(d.Method.Parent().FullName()) != service {
		return nil
	}
	return d
}

func forgotten(service, method string) error {
	return fmt.Errorf("nobody answers %s of %s: write the method, or a row in the catalogue of commands", method, service)
}

// handler answers the RPC of a command, as generated code does with a method.
func (e *Executor) handler(d *command.Definition) grpc.MethodHandler {
	name := fmt.Sprintf("/%s/%s", d.Method.Parent().FullName(), d.Method.Name())
	return func(server any, ctx context.Context, decode func(any) error, intercept grpc.UnaryServerInterceptor) (any, error) {
		request := d.NewRequest()
		if err := decode(request); err != nil {
			return nil, err
		}
		answer := func(ctx context.Context, request any) (any, error) {
			return e.answer(ctx, d, request.(rpc.Command))
		}
		if intercept == nil {
			return answer(ctx, request)
		}
		return intercept(ctx, request, &grpc.UnaryServerInfo{Server: server, FullMethod: name}, answer)
	}
}

// answer executes a command and makes the response of its RPC.
func (e *Executor) answer(ctx context.Context, d *command.Definition, request rpc.Command) (any, error) {
	recorded, err := e.do(ctx, d, request, nothing)
	if err != nil {
		return nil, err
	}
	response := d.NewResponse()
	rpc.Fill(response, recorded)
	return response, nil
}
