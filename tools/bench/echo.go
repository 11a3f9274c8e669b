package main

import (
	"context"
	"net"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/stafett/stafett/pkg/client"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	triagev1 "github.com/stafett/stafett/proto/stafett/triage/v1"
	"github.com/stafett/stafett/tools/bench/internal/mtls"
	"github.com/stafett/stafett/tools/bench/internal/stafett"
)

// echo answers a command as large as triage's, and does nothing.
type echo struct {
	triagev1.UnimplementedTriageServiceServer
	server *grpc.Server
	line   *grpc.ClientConn
}

func (*echo) AssessRisk(_ context.Context, r *triagev1.AssessRiskRequest) (*triagev1.AssessRiskResponse, error) {
	return &triagev1.AssessRiskResponse{Recorded: &handoverv1.Recorded{Name: r.Conversation, Position: 1000, RecordTime: timestamppb.Now()}}, nil
}

// openEcho serves with triage's certificate, to a line of the platform.
func openEcho(p *stafett.Platform) (*echo, error) {
	server, err := mtls.Server(p.Credentials("service", "triage"))
	if err != nil {
		return nil, err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	e := &echo{server: server}
	triagev1.RegisterTriageServiceServer(e.server, e)
	go e.server.Serve(listener)
	e.line, err = client.Dial(listener.Addr().String(), p.Credentials("line", stafett.Sender(0)), "triage")
	return e, err
}

func (e *echo) close() {
	e.line.Close()
	e.server.Stop()
}

func (e *echo) caller() call {
	triage := triagev1.NewTriageServiceClient(e.line)
	return func(ctx context.Context) error {
		_, err := triage.AssessRisk(ctx, assessment("conversations/00000000000000000000000000000000", 1))
		return err
	}
}
