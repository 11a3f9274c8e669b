// Package growth_test holds that what a single answer reads does not grow with history. Reads
// are counted, not timed: lookups in the services' files, and messages of the log.
package growth_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"google.golang.org/grpc"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	triagev1 "github.com/stafett/stafett/proto/stafett/triage/v1"
	"github.com/stafett/stafett/services/apitest"
	"github.com/stafett/stafett/services/measure/fill"
)

// few and many are the finished conversations of the histories that are compared. Both have as
// many open ones.
const (
	few  = 10
	many = 1000
	// slack is what a service may read beside, for example when it looks once a second
	// whether the log still has its newest commit.
	slack = 8
)

// answers are what is counted.
var answers = map[string]func(*scene) error{
	"first answer of WatchOffers":  (*scene).watchOffers,
	"first answer of WatchCustody": (*scene).watchCustody,
	"a page of the worklist":       (*scene).worklist,
	"a command":                    (*scene).command,
}

func TestWhatAnAnswerReadsDoesNotGrowWithHistory(t *testing.T) {
	before, after := map[string]apitest.Reads{}, map[string]apitest.Reads{}
	t.Run("histories", func(t *testing.T) {
		t.Run("few", func(t *testing.T) { count(t, few, before) })
		t.Run("many", func(t *testing.T) { count(t, many, after) })
	})
	for name := range answers {
		less, more := before[name], after[name]
		t.Logf("%s: %+v after %d conversations, %+v after %d", name, less, few, more, many)
		if more.Lookups > less.Lookups+slack || more.Messages > less.Messages+slack {
			t.Errorf("%s reads %+v after %d conversations, and %+v after %d", name, less, few, more, many)
		}
		if less.Lookups == 0 {
			t.Errorf("%s looks nothing up: the count is broken", name)
		}
	}
}

// scene is a platform with a history, a conversation in it, and an offer that waits.
type scene struct {
	*apitest.World
	sender, first apitest.Desk
	conversation  string
	level         int32
}

// count counts the reads of every answer after a history of so many finished conversations.
func count(t *testing.T, finished int, into map[string]apitest.Reads) {
	s := staged(t, finished)
	for name, answer := range answers {
		into[name] = s.fewest(answer)
	}
}

func staged(t *testing.T, finished int) *scene {
	s := &scene{World: apitest.NewWorld(t)}
	var sample fill.Sample
	sender, first, whole, handover := s.Bridged()
	sender.Transfer(first, handover)
	sender.Leave(sender, handover)
	first.Report(handover)
	first.CloseConversation(whole)
	sample.Whole, sample.Short, sample.Open = whole, sender.OpenConversation(), sender.OpenConversation()
	sender.CloseConversation(sample.Short)
	s.Settle()
	s.Restart(func() {
		if _, err := fill.Fill(s.Ctx, s.Data, sample, finished+fill.LeftOpen, func(int) {}); err != nil {
			t.Fatal(err)
		}
		s.Clock.Advance(time.Duration(finished+fill.LeftOpen+1) * fill.Apart)
	})
	s.sender, s.first = s.Desk("sender"), s.Desk("first")
	s.conversation, _ = s.sender.Offered("first")
	return s
}

// fewest repeats an answer, because what else the services read meanwhile counts as well.
func (s *scene) fewest(answer func(*scene) error) (least apitest.Reads) {
	s.T.Helper()
	for i := range 5 {
		before := s.Reads()
		if err := answer(s); err != nil {
			s.T.Fatal(err)
		}
		reads := s.Reads().Since(before)
		if i == 0 || reads.Lookups < least.Lookups {
			least = reads
		}
	}
	return least
}

func (s *scene) watchOffers() error {
	return firstOf(s.Ctx, func(ctx context.Context) (grpc.ServerStreamingClient[routingv1.WatchOffersResponse], error) {
		return s.first.Routing.WatchOffers(ctx, &routingv1.WatchOffersRequest{})
	})
}

func (s *scene) watchCustody() error {
	return firstOf(s.Ctx, func(ctx context.Context) (grpc.ServerStreamingClient[routingv1.WatchCustodyResponse], error) {
		return s.sender.Routing.WatchCustody(ctx, &routingv1.WatchCustodyRequest{})
	})
}

// firstOf ends a watch after its first answer.
func firstOf[Response any](ctx context.Context, watch func(context.Context) (grpc.ServerStreamingClient[Response], error)) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	stream, err := watch(ctx)
	if err == nil {
		_, err = stream.Recv()
	}
	return err
}

func (s *scene) worklist() error {
	_, err := s.sender.Triage.ListWorkItems(s.Ctx, &triagev1.ListWorkItemsRequest{PageSize: 10})
	return err
}

// command includes what the services' projections read to take it in.
func (s *scene) command() error {
	s.level = s.level%4 + 1
	_, err := s.sender.Triage.AssessRisk(s.Ctx, &triagev1.AssessRiskRequest{
		RequestId: uuid.NewString(), Conversation: s.conversation, Level: handoverv1.RiskLevel(s.level),
	})
	s.Settle()
	return err
}
