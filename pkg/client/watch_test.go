package client

import (
	"context"
	"errors"
	"io"
	"slices"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	auditv1 "github.com/stafett/stafett/proto/stafett/audit/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
)

// part is one stream: its positions, and how it ends.
type part struct {
	grpc.ClientStream
	positions []uint64
	end       error
}

func (p *part) Recv() (*routingv1.WatchCustodyResponse, error) {
	if len(p.positions) == 0 {
		return nil, p.end
	}
	position := p.positions[0]
	p.positions = p.positions[1:]
	return &routingv1.WatchCustodyResponse{Position: position}, nil
}

// parts opens one stream after the other, and notes from where.
type parts struct {
	streams []*part
	from    []uint64
}

func (p *parts) open(_ context.Context, r *routingv1.WatchCustodyRequest, _ ...grpc.CallOption) (grpc.ServerStreamingClient[routingv1.WatchCustodyResponse], error) {
	p.from = append(p.from, r.AfterPosition)
	next := p.streams[0]
	p.streams = p.streams[1:]
	return next, nil
}

func TestWatchResumes(t *testing.T) {
	broken, denied := status.Error(codes.Unavailable, "broken"), status.Error(codes.PermissionDenied, "no")
	for name, test := range map[string]struct {
		streams    []*part
		from, want []uint64
		err        error
	}{
		"ends":                     {[]*part{{positions: []uint64{4, 5}, end: io.EOF}}, []uint64{2}, []uint64{4, 5}, nil},
		"breaks twice":             {[]*part{{positions: []uint64{4}, end: broken}, {end: broken}, {positions: []uint64{9}, end: io.EOF}}, []uint64{2, 4, 4}, []uint64{4, 9}, nil},
		"is refused":               {[]*part{{positions: []uint64{4}, end: broken}, {end: denied}}, []uint64{2, 4}, []uint64{4}, denied},
		"reports without position": {[]*part{{positions: []uint64{4, 0}, end: broken}, {end: io.EOF}}, []uint64{2, 4}, []uint64{4, 0}, nil},
	} {
		watched, got := &parts{streams: test.streams}, []uint64{}
		request := &routingv1.WatchCustodyRequest{AfterPosition: 2}
		err := Watch(t.Context(), watched.open, request, func(r *routingv1.WatchCustodyResponse) error { got = append(got, r.Position); return nil })
		if !errors.Is(err, test.err) || !slices.Equal(watched.from, test.from) || !slices.Equal(got, test.want) || request.AfterPosition != 2 {
			t.Errorf("%s: %v from %v with %v, and the request has %d; want %v from %v with %v", name, got, watched.from, err, request.AfterPosition, test.want, test.from, test.err)
		}
	}
}

// What a caller could not handle is not taken for handled, and its error ends the watch,
// also one that looks like a broken stream.
func TestWatchEndsWithItsCaller(t *testing.T) {
	own := status.Error(codes.Unavailable, "our own store is away")
	for name, positions := range map[string][]uint64{"at once": {4}, "later": {3, 4}} {
		watched := &parts{streams: []*part{{positions: positions, end: io.EOF}}}
		err := Watch(t.Context(), watched.open, &routingv1.WatchCustodyRequest{}, func(r *routingv1.WatchCustodyResponse) error {
			if r.Position == 4 {
				return own
			}
			return nil
		})
		if err != own || len(watched.from) != 1 {
			t.Errorf("%s: %v after %d streams", name, err, len(watched.from))
		}
	}
}

func TestIdentifyKeepsAnID(t *testing.T) {
	request := &routingv1.AcceptOfferRequest{}
	if err := Identify(request); err != nil || len(request.RequestId) != 36 {
		t.Fatalf("%q, %v", request.RequestId, err)
	}
	first := request.RequestId
	if err := Identify(request); err != nil || request.RequestId != first {
		t.Errorf("the id %s became %s, %v", first, request.RequestId, err)
	}
	if Identify(&auditv1.GetCheckpointRequest{}) == nil {
		t.Error("a request without a field for an id was accepted")
	}
}
