package postgres

import (
	"context"
	"strings"

	"github.com/jackc/pgx/v5"

	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	"github.com/stafett/stafett/tools/bench/internal/mtls"
)

// routing answers the commands of the handover.
type routing struct {
	routingv1.UnimplementedRoutingServiceServer
	routingv1.UnimplementedDirectoryServiceServer
	*service
}

// by says who may carry out a step.
type by func(c *row, caller string) bool

func bySender(c *row, caller string) bool   { return c.custody == caller && c.receiver != caller }
func byReceiver(c *row, caller string) bool { return c.receiver == caller }
func byCustody(c *row, caller string) bool  { return c.custody == caller }
func byFormer(c *row, caller string) bool   { return c.custody == c.receiver && c.receiver != caller }

// moves is the decision of a step that goes from one phase to the next.
func moves(command string, who by, from, to phase) decide {
	return func(c *row, caller string, _ *pgx.Batch) error {
		if c.phase != from || !who(c, caller) {
			return refuse(command, c)
		}
		c.phase = to
		return nil
	}
}

func (s routing) ProposeHandover(ctx context.Context, r *routingv1.ProposeHandoverRequest) (*routingv1.ProposeHandoverResponse, error) {
	answer, err := s.step(ctx, "ProposeHandover", r.Conversation+"/handovers/1", r, nil, func(c *row, caller string, _ *pgx.Batch) error {
		if c.custody != caller || c.phase != alone || len(r.Candidates) == 0 {
			return refuse("ProposeHandover", c)
		}
		c.receiver, c.phase = strings.TrimPrefix(r.Candidates[0], "lines/"), proposed
		return nil
	})
	return &routingv1.ProposeHandoverResponse{Recorded: answer}, err
}

func (s routing) AcceptOffer(ctx context.Context, r *routingv1.AcceptOfferRequest) (*routingv1.AcceptOfferResponse, error) {
	answer, err := s.step(ctx, "AcceptOffer", r.Offer, r, nil, moves("AcceptOffer", byReceiver, offered, accepted))
	return &routingv1.AcceptOfferResponse{Recorded: answer}, err
}

func (s routing) JoinHandover(ctx context.Context, r *routingv1.JoinHandoverRequest) (*routingv1.JoinHandoverResponse, error) {
	answer, err := s.step(ctx, "JoinHandover", r.Handover, r, nil, moves("JoinHandover", byReceiver, accepted, joined))
	return &routingv1.JoinHandoverResponse{Recorded: answer}, err
}

func (s routing) OpenBridge(ctx context.Context, r *routingv1.OpenBridgeRequest) (*routingv1.OpenBridgeResponse, error) {
	answer, err := s.step(ctx, "OpenBridge", r.Handover, r, nil, moves("OpenBridge", bySender, joined, bridged))
	return &routingv1.OpenBridgeResponse{Recorded: answer}, err
}

func (s routing) ConfirmHandover(ctx context.Context, r *routingv1.ConfirmHandoverRequest) (*routingv1.ConfirmHandoverResponse, error) {
	answer, err := s.step(ctx, "ConfirmHandover", r.Handover, r, nil, moves("ConfirmHandover", byReceiver, bridged, confirmed))
	return &routingv1.ConfirmHandoverResponse{Recorded: answer}, err
}

func (s routing) LeaveHandover(ctx context.Context, r *routingv1.LeaveHandoverRequest) (*routingv1.LeaveHandoverResponse, error) {
	answer, err := s.step(ctx, "LeaveHandover", r.Handover, r, nil, moves("LeaveHandover", byFormer, transferred, left))
	return &routingv1.LeaveHandoverResponse{Recorded: answer}, err
}

func (s routing) ReportOutcome(ctx context.Context, r *routingv1.ReportOutcomeRequest) (*routingv1.ReportOutcomeResponse, error) {
	answer, err := s.step(ctx, "ReportOutcome", r.Handover, r, nil, moves("ReportOutcome", byReceiver, left, reported))
	return &routingv1.ReportOutcomeResponse{Recorded: answer}, err
}

const report = `INSERT INTO line (id, free) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET free = $2`

// ReportCapacity keeps no history of reports.
func (s routing) ReportCapacity(ctx context.Context, r *routingv1.ReportCapacityRequest) (*routingv1.ReportCapacityResponse, error) {
	_, err := s.pool.Exec(ctx, report, mtls.Caller(ctx), r.Seats[0].Free)
	return &routingv1.ReportCapacityResponse{}, err
}
