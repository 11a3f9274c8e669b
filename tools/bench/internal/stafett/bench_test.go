package stafett_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"google.golang.org/grpc"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	triagev1 "github.com/stafett/stafett/proto/stafett/triage/v1"
	"github.com/stafett/stafett/tools/bench/internal/stafett"
	"github.com/stafett/stafett/tools/bench/internal/warm"
)

// start starts a platform and connects a pair of lines.
func start(b *testing.B) warm.Pair {
	b.Helper()
	p, err := stafett.Start(b.Context(), b.TempDir(), nil)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := p.Stop(); err != nil {
			b.Error(err)
		}
	})
	pair, err := p.Pair(0)
	if err != nil {
		b.Fatal(err)
	}
	return pair
}

func must[T any](b *testing.B) func(T, error) T {
	return func(v T, err error) T {
		b.Helper()
		if err != nil {
			b.Fatal(err)
		}
		return v
	}
}

// BenchmarkStart is a platform that starts on an existing folder, until it can be called.
func BenchmarkStart(b *testing.B) {
	data := b.TempDir()
	for b.Loop() {
		p := must[*stafett.Platform](b)(stafett.Start(b.Context(), data, nil))
		b.StopTimer()
		if err := p.Stop(); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
	}
}

func assess(b *testing.B, pair warm.Pair, conversation string, level int) {
	b.Helper()
	must[*triagev1.AssessRiskResponse](b)(pair.From.Triage.AssessRisk(b.Context(), &triagev1.AssessRiskRequest{
		RequestId: uuid.NewString(), Conversation: conversation, Level: handoverv1.RiskLevel(1 + level%5),
	}))
}

// perConversation is about as many commands as a handover takes.
const perConversation = 40

// BenchmarkCommand is a whole command: gRPC with mutual TLS, synced.
func BenchmarkCommand(b *testing.B) {
	pair, conversation, sent := start(b), "", 0
	for b.Loop() {
		if sent%perConversation == 0 {
			b.StopTimer()
			conversation = must[string](b)(pair.Open(b.Context()))
			b.StartTimer()
		}
		sent++
		assess(b, pair, conversation, sent)
	}
}

// BenchmarkLongConversation is a command of a conversation that has had a thousand.
func BenchmarkLongConversation(b *testing.B) {
	pair := start(b)
	conversation := must[string](b)(pair.Open(b.Context()))
	sent := 0
	for ; sent < 1000; sent++ {
		assess(b, pair, conversation, sent)
	}
	for b.Loop() {
		sent++
		assess(b, pair, conversation, sent)
	}
}

// BenchmarkHandover is a whole warm handover. It also reports how long the receiver waits for
// the offer.
func BenchmarkHandover(b *testing.B) {
	pair, waited := start(b), time.Duration(0)
	for b.Loop() {
		_, times, err := pair.Handover(b.Context())
		if err != nil {
			b.Fatal(err)
		}
		waited += times.Offer
	}
	b.ReportMetric(float64(waited.Microseconds())/float64(b.N), "us-to-offer/op")
}

// open has conversations in custody, and offers that wait.
func open(b *testing.B, pair warm.Pair) {
	b.Helper()
	for range 20 {
		if _, _, err := pair.Offered(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkWatchOffersFirstAnswer(b *testing.B) {
	pair := start(b)
	open(b, pair)
	for b.Loop() {
		first(b, func(ctx context.Context) (grpc.ServerStreamingClient[routingv1.WatchOffersResponse], error) {
			return pair.To.Routing.WatchOffers(ctx, &routingv1.WatchOffersRequest{})
		})
	}
}

func BenchmarkWatchCustodyFirstAnswer(b *testing.B) {
	pair := start(b)
	open(b, pair)
	for b.Loop() {
		first(b, custody(pair, 0))
	}
}

func custody(pair warm.Pair, after uint64) func(context.Context) (grpc.ServerStreamingClient[routingv1.WatchCustodyResponse], error) {
	return func(ctx context.Context) (grpc.ServerStreamingClient[routingv1.WatchCustodyResponse], error) {
		return pair.From.Routing.WatchCustody(ctx, &routingv1.WatchCustodyRequest{AfterPosition: after})
	}
}

// first ends a watch after its first answer.
func first[Response any](b *testing.B, watch func(context.Context) (grpc.ServerStreamingClient[Response], error)) {
	b.Helper()
	ctx, stop := context.WithCancel(b.Context())
	defer stop()
	must[*Response](b)(must[grpc.ServerStreamingClient[Response]](b)(watch(ctx)).Recv())
}

// BenchmarkManyWatchers is a child's arrival until two hundred watches of the line have told of
// it.
func BenchmarkManyWatchers(b *testing.B) {
	pair, told := start(b), make(chan string, 1<<16)
	opened := must[string](b)(pair.Open(b.Context()))
	const watchers = 200
	for range watchers {
		stream := must[grpc.ServerStreamingClient[routingv1.WatchCustodyResponse]](b)(custody(pair, 0)(b.Context()))
		go func() {
			for response, err := stream.Recv(); err == nil; response, err = stream.Recv() {
				told <- response.Conversation
			}
		}()
	}
	await(told, opened, watchers)
	for b.Loop() {
		await(told, must[string](b)(pair.Open(b.Context())), watchers)
	}
}

// await waits until so many have told of a conversation.
func await(told <-chan string, conversation string, watchers int) {
	for seen := 0; seen < watchers; {
		if <-told == conversation {
			seen++
		}
	}
}

func BenchmarkWorklistPage(b *testing.B) {
	pair := start(b)
	open(b, pair)
	for b.Loop() {
		must[*triagev1.ListWorkItemsResponse](b)(pair.From.Triage.ListWorkItems(b.Context(), &triagev1.ListWorkItemsRequest{PageSize: 10}))
	}
}
