package client_test

import (
	"context"
	"fmt"
	"log"
	"net"
	"path/filepath"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"
	"google.golang.org/grpc/test/bufconn"

	"github.com/stafett/stafett/pkg/client"
	"github.com/stafett/stafett/pkg/refusal"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
)

// Connect as a line to a platform that "stafett up" runs on this machine.
func ExampleConnect() {
	data := "stafett-data"
	at, err := client.ReadAddresses(data)
	if err != nil {
		log.Fatal(err)
	}
	own := filepath.Join(data, "identity", "line", "alarmtelefonen")
	platform, err := client.Connect(at, client.Credentials{
		CA: filepath.Join(data, "identity", "ca.pem"), Cert: own + ".pem", Key: own + ".key",
	})
	if err != nil {
		log.Fatal(err)
	}
	defer platform.Close()
	lines, err := platform.Directory.ListLines(context.Background(), &routingv1.ListLinesRequest{})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(len(lines.Lines), "lines")
}

// A command is sent until there is an answer, always under the same request id.
func ExampleSend() {
	routing := serve(&desk{busy: 2})
	answer, err := client.Send(context.Background(), routing.AcceptOffer, &routingv1.AcceptOfferRequest{Offer: "conversations/1/handovers/1/offers/1"})
	fmt.Println("recorded at", answer.GetRecorded().GetPosition(), err)
	// Output:
	// not ready
	// not ready
	// accepted, after 1 request id
	// recorded at 7 <nil>
}

// A watch goes on where it broke off.
func ExampleWatch() {
	routing := serve(&desk{})
	err := client.Watch(context.Background(), routing.WatchOffers, &routingv1.WatchOffersRequest{}, func(r *routingv1.WatchOffersResponse) error {
		fmt.Println("change at", r.Position)
		return nil
	})
	fmt.Println("ended:", err)
	// Output:
	// watched from 0 on
	// change at 3
	// change at 4
	// watched from 4 on
	// change at 5
	// ended: <nil>
}

// Programs switch on the reason of a refusal, never on its text.
func ExampleReason() {
	routing := serve(&desk{})
	_, err := client.Send(context.Background(), routing.DeclineOffer, &routingv1.DeclineOfferRequest{Offer: "conversations/1/handovers/1/offers/1"})
	if client.Reason(err) == "TOO_LATE" {
		fmt.Println("another line has it")
	}
	// Output: another line has it
}

// desk is a server for the examples.
type desk struct {
	routingv1.UnimplementedRoutingServiceServer
	busy int
	ids  map[string]bool
}

func (d *desk) AcceptOffer(_ context.Context, r *routingv1.AcceptOfferRequest) (*routingv1.AcceptOfferResponse, error) {
	if d.ids == nil {
		d.ids = map[string]bool{}
	}
	d.ids[r.RequestId] = true
	if d.busy--; d.busy >= 0 {
		fmt.Println("not ready")
		return nil, refusal.NotReady("try again")
	}
	fmt.Println("accepted, after", len(d.ids), "request id")
	return &routingv1.AcceptOfferResponse{Recorded: &handoverv1.Recorded{Position: 7}}, nil
}

func (d *desk) DeclineOffer(context.Context, *routingv1.DeclineOfferRequest) (*routingv1.DeclineOfferResponse, error) {
	return nil, refusal.TooLate("another line has accepted")
}

func (d *desk) WatchOffers(r *routingv1.WatchOffersRequest, stream grpc.ServerStreamingServer[routingv1.WatchOffersResponse]) error {
	fmt.Println("watched from", r.AfterPosition, "on")
	if r.AfterPosition > 0 {
		return stream.Send(&routingv1.WatchOffersResponse{Position: r.AfterPosition + 1})
	}
	for position := uint64(3); position < 5; position++ {
		if err := stream.Send(&routingv1.WatchOffersResponse{Position: position}); err != nil {
			return err
		}
	}
	return status.Error(codes.Unavailable, "the network broke")
}

// serve runs a desk without TLS, in memory.
func serve(d *desk) routingv1.RoutingServiceClient {
	listener, server := bufconn.Listen(1<<16), grpc.NewServer()
	routingv1.RegisterRoutingServiceServer(server, d)
	go server.Serve(listener)
	connection, err := grpc.NewClient("passthrough:///desk", grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) { return listener.DialContext(ctx) }))
	if err != nil {
		log.Fatal(err)
	}
	return routingv1.NewRoutingServiceClient(connection)
}
