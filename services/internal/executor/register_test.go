package executor_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/handover/command"
	triagev1 "github.com/stafett/stafett/proto/stafett/triage/v1"
	"github.com/stafett/stafett/services/internal/executor"
)

// registrar keeps what is registered.
type registrar struct{ methods map[string]grpc.MethodHandler }

func (r *registrar) RegisterService(desc *grpc.ServiceDesc, _ any) {
	r.methods = map[string]grpc.MethodHandler{}
	for _, method := range desc.Methods {
		r.methods[method.MethodName] = method.Handler
	}
}

// reads are triage's RPCs that are not commands.
type reads interface {
	GetAssessment(context.Context, *triagev1.GetAssessmentRequest) (*triagev1.Assessment, error)
	ListWorkItems(context.Context, *triagev1.ListWorkItemsRequest) (*triagev1.ListWorkItemsResponse, error)
	GetTopic(context.Context, *triagev1.GetTopicRequest) (*triagev1.Topic, error)
	ListTopics(context.Context, *triagev1.ListTopicsRequest) (*triagev1.ListTopicsResponse, error)
}

type server struct {
	triagev1.UnimplementedTriageServiceServer
}

func TestAnRPCThatNobodyAnswersIsAnError(t *testing.T) {
	err := new(executor.Executor).Register(&registrar{}, &triagev1.TriageService_ServiceDesc, server{}, struct{}{})
	if err == nil || !strings.Contains(err.Error(), "nobody answers GetAssessment of stafett.triage.v1.TriageService") {
		t.Errorf("a service without its reads was registered: %v", err)
	}
	watching := grpc.ServiceDesc{ServiceName: "some.Service", Streams: []grpc.StreamDesc{{StreamName: "Watch"}}}
	if err := new(executor.Executor).Register(&registrar{}, &watching, server{}, struct{}{}); err == nil {
		t.Error("a service without its stream was registered")
	}
	elsewhere := grpc.ServiceDesc{ServiceName: "some.Service", Methods: []grpc.MethodDesc{{MethodName: "AssessRisk"}}}
	if err := new(executor.Executor).Register(&registrar{}, &elsewhere, server{}, struct{}{}); err == nil {
		t.Error("an RPC that has the name of a command of another service was registered")
	}
}

var errStop = errors.New("stop")

// called calls a method, and returns the request and the full method name that interceptors
// see.
func (r *registrar) called(t *testing.T, method string, server any) (request any, name string) {
	t.Helper()
	_, err := r.methods[method](server, t.Context(), func(any) error { return nil },
		func(_ context.Context, got any, info *grpc.UnaryServerInfo, _ grpc.UnaryHandler) (any, error) {
			request, name = got, info.FullMethod
			return nil, errStop
		})
	if !errors.Is(err, errStop) {
		t.Errorf("%s answered %v without its interceptor", method, err)
	}
	return request, name
}

func TestInterceptorsSeeEveryCommand(t *testing.T) {
	r := &registrar{}
	if err := new(executor.Executor).Register(r, &triagev1.TriageService_ServiceDesc, server{}, struct{ reads }{}); err != nil {
		t.Fatal(err)
	}
	for method := range r.methods {
		request, name := r.called(t, method, server{})
		if name != "/stafett.triage.v1.TriageService/"+method {
			t.Errorf("%s was called as %s", method, name)
		}
		if got := string(request.(proto.Message).ProtoReflect().Descriptor().Name()); got != method+"Request" {
			t.Errorf("%s takes a %s", method, got)
		}
	}
}

// byHand answers a command itself.
type byHand struct {
	triagev1.UnimplementedTriageServiceServer
	asked *triagev1.AssessRiskRequest
}

func (b *byHand) AssessRisk(_ context.Context, r *triagev1.AssessRiskRequest) (*triagev1.AssessRiskResponse, error) {
	b.asked = r
	return &triagev1.AssessRiskResponse{}, nil
}

func TestAMethodByHandComesFirst(t *testing.T) {
	r, service := &registrar{}, &byHand{}
	if err := new(executor.Executor).Register(r, &triagev1.TriageService_ServiceDesc, service, service); err != nil {
		t.Fatal(err)
	}
	name := command.DefinitionOf(&triagev1.AssessRiskRequest{}).Name
	if _, err := r.methods[name](service, t.Context(), func(any) error { return nil }, nil); err != nil || service.asked == nil {
		t.Errorf("answered %v; the method was called: %t", err, service.asked != nil)
	}
}
