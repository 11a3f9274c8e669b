package longhistory

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/stafett/stafett/pkg/client"
	auditv1 "github.com/stafett/stafett/proto/stafett/audit/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	triagev1 "github.com/stafett/stafett/proto/stafett/triage/v1"
	"github.com/stafett/stafett/tools/bench/internal/stafett"
	"github.com/stafett/stafett/tools/bench/internal/stats"
	"github.com/stafett/stafett/tools/bench/internal/warm"
)

// started waits for what a start must reach.
func (pass *Pass) started(ctx context.Context, p *stafett.Platform, began time.Time) error {
	pair, err := p.Pair(0)
	if err != nil {
		return err
	}
	opened, err := pair.From.Intake.OpenConversation(ctx, warm.Opening())
	if err != nil {
		return err
	}
	pass.Answering = time.Since(began)
	if err := p.Settled(ctx); err != nil {
		return err
	}
	pass.Projected = time.Since(began)
	auditor, err := p.Peer("auditor", "auditor")
	if err != nil {
		return err
	}
	if pass.Commits, err = signed(ctx, auditor.Audit, opened.Recorded.Position); err != nil {
		return err
	}
	pass.Signed = time.Since(began)
	if err := p.Compared(ctx); err != nil {
		return err
	}
	pass.Compared = time.Since(began)
	return nil
}

// signed waits for a checkpoint that covers what the log had, and returns its size.
func signed(ctx context.Context, audit auditv1.AuditServiceClient, position uint64) (uint64, error) {
	for {
		checkpoint, err := audit.GetCheckpoint(ctx, &auditv1.GetCheckpointRequest{MinPosition: position})
		if err == nil {
			return checkpoint.Size, nil
		}
		if client.Reason(err) != "NOT_READY" {
			return 0, err
		}
		time.Sleep(10 * time.Millisecond) // leaves the processors to what it waits for
	}
}

// times is how often a read is repeated.
const times = 20

// use measures the answers of a platform that has started.
func (pass *Pass) use(ctx context.Context, p *stafett.Platform) error {
	pair, err := p.Pair(0)
	if err != nil {
		return err
	}
	conversation, _, err := pair.Offered(ctx)
	if err != nil {
		return err
	}
	read := func(ctx context.Context, pair warm.Pair) error {
		_, err := pair.From.Routing.GetCustody(ctx, &routingv1.GetCustodyRequest{Name: conversation + "/custody"})
		return err
	}
	for _, answer := range []struct {
		once func(context.Context, warm.Pair) error
		p50  *time.Duration
	}{{offers, &pass.Offers}, {custody, &pass.Custody}, {worklist, &pass.Worklist}, {read, &pass.Read}} {
		if *answer.p50, err = repeated(ctx, pair, times, answer.once); err != nil {
			return err
		}
	}
	return pass.commands(ctx, pair)
}

func repeated(ctx context.Context, pair warm.Pair, times int, once func(context.Context, warm.Pair) error) (time.Duration, error) {
	took := make([]time.Duration, times)
	for i := range took {
		began := time.Now()
		if err := once(ctx, pair); err != nil {
			return 0, err
		}
		took[i] = time.Since(began)
	}
	return stats.Median(took), nil
}

func offers(ctx context.Context, pair warm.Pair) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	stream, err := pair.To.Routing.WatchOffers(ctx, &routingv1.WatchOffersRequest{})
	if err == nil {
		_, err = stream.Recv()
	}
	return err
}

func custody(ctx context.Context, pair warm.Pair) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	stream, err := pair.From.Routing.WatchCustody(ctx, &routingv1.WatchCustodyRequest{})
	if err == nil {
		_, err = stream.Recv()
	}
	return err
}

func worklist(ctx context.Context, pair warm.Pair) error {
	_, err := pair.From.Triage.ListWorkItems(ctx, &triagev1.ListWorkItemsRequest{PageSize: 10})
	return err
}

// commandsMeasured is how many commands are measured, of perConversation in a row each.
const (
	commandsMeasured = 400
	perConversation  = 40
)

func (pass *Pass) commands(ctx context.Context, pair warm.Pair) (err error) {
	before, conversation, sent := stats.CPU(), "", 0
	pass.Command, err = repeated(ctx, pair, commandsMeasured, func(ctx context.Context, pair warm.Pair) (err error) {
		if sent++; sent%perConversation == 1 {
			conversation, err = pair.Open(ctx)
			return err
		}
		_, err = pair.From.Triage.AssessRisk(ctx, &triagev1.AssessRiskRequest{
			RequestId: uuid.NewString(), Conversation: conversation, Level: handoverv1.RiskLevel(1 + sent%4),
		})
		return err
	})
	pass.CommandCPU = (stats.CPU() - before) / commandsMeasured
	return err
}
