package triage

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"testing"

	"github.com/jonboulle/clockwork"
	"go.etcd.io/bbolt"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/command"
	"github.com/stafett/stafett/pkg/refusal"
	"github.com/stafett/stafett/pkg/taxonomy"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	triagev1 "github.com/stafett/stafett/proto/stafett/triage/v1"
	"github.com/stafett/stafett/services/internal/conversations/conversationstest"
	"github.com/stafett/stafett/services/internal/dependencies"
	"github.com/stafett/stafett/services/internal/logtest"
	"github.com/stafett/stafett/services/internal/rpc"
)

// world is the service beside intake, from which conversations come.
type world struct {
	*Service
	t      *testing.T
	intake conversationstest.Repository
}

func open(t *testing.T) *world {
	t.Helper()
	keys, nc, clock := logtest.NewKeys(t), logtest.Connect(t, logtest.Server(t)), clockwork.NewRealClock()
	opened, err := Open(logtest.Context(t), dependencies.Set{
		Log: keys.Open(t, nc, 1, "triage"), Clock: clock, Rules: handover.DefaultRules(), Topics: taxonomy.Default(),
		Data: t.TempDir(), Logger: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- opened.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := errors.Join(<-ended, opened.Close()); err != nil {
			t.Errorf("the service ended with %v", err)
		}
	})
	return &world{opened.(*Service), t, conversationstest.Open(t, keys.Open(t, nc, 1, "intake"), clock)}
}

// comes opens a line's n-th conversation.
func (w *world) comes(line string, n int) (name string) {
	w.t.Helper()
	id := fmt.Sprintf("%032x", n)
	return w.intake.MustDo(id, line, command.OpenConversation{
		Conversation: handover.ConversationName(id), Line: line, Channel: handoverv1.Channel_CHANNEL_CHAT, Language: "nb", Child: "child",
	}).Name
}

// lists returns a page of a line's worklist after a key, and the token of the next page.
func (w *world) lists(line, after string, size int) (names []string, next string) {
	w.t.Helper()
	if err := w.model.CatchUp(logtest.Context(w.t), 0); err != nil {
		w.t.Fatal(err)
	}
	response := &triagev1.ListWorkItemsResponse{}
	if err := w.model.View(func(tx *bbolt.Tx) error { return page(tx, line, after, size, response) }); err != nil {
		w.t.Fatal(err)
	}
	for _, item := range response.WorkItems {
		names = append(names, item.Conversation)
	}
	return names, response.NextPageToken
}

func TestTheLongestInCustodyComesFirst(t *testing.T) {
	w := open(t)
	// Ids and lines sort otherwise than the times at which the conversations came.
	third, other, first, second := w.comes("bris", 7), w.comes("bris-2", 1), w.comes("bris", 3), w.comes("bris", 5)
	want := []string{third, first, second}
	got, next := w.lists("bris", "", 10)
	if !slices.Equal(got, want) || next != "" {
		t.Errorf("the worklist is %v, want %v on one page", got, want)
	}
	if got, _ := w.lists("bris-2", "", 10); !slices.Equal(got, []string{other}) {
		t.Errorf("the worklist of the line with the longer name is %v", got)
	}
	if got, _ := w.lists("bri", "", 10); got != nil {
		t.Errorf("the worklist of the line with the shorter name is %v", got)
	}
}

func TestPagesGoOnWhereTheLastOneEnded(t *testing.T) {
	w := open(t)
	names := []string{w.comes("bris", 3), w.comes("bris", 2), w.comes("bris", 1)}
	got, next := w.lists("bris", "", 2)
	if !slices.Equal(got, names[:2]) {
		t.Errorf("the first page is %v", got)
	}
	after, err := rpc.ReadPageToken("worklist bris", next)
	if err != nil {
		t.Fatal(err)
	}
	if got, next := w.lists("bris", after, 2); !slices.Equal(got, names[2:]) || next != "" {
		t.Errorf("the second page is %v, and the next begins with %q", got, next)
	}
}

func TestAClosedConversationLeavesTheWorklist(t *testing.T) {
	w := open(t)
	closed, stays := w.comes("bris", 1), w.comes("bris", 2)
	w.intake.MustDo(fmt.Sprintf("%032x", 1), "bris", command.CloseConversation{Line: "bris", Reason: handoverv1.CloseReason_CLOSE_REASON_FINISHED})
	if got, _ := w.lists("bris", "", 10); !slices.Equal(got, []string{stays}) {
		t.Errorf("the worklist is %v after %s was closed", got, closed)
	}
}

func TestOnlyAddedTopicsMustBeKnown(t *testing.T) {
	w := open(t)
	for name, c := range map[string]struct {
		request rpc.Command
		want    handoverv1.RefusalReason
	}{
		"a topic":         {&triagev1.TagConversationRequest{Add: []string{"V.physical"}}, 0},
		"an unknown one":  {&triagev1.TagConversationRequest{Add: []string{"V.physical", "Q"}}, handoverv1.RefusalReason_REFUSAL_REASON_TOPIC_UNKNOWN},
		"an old one":      {&triagev1.TagConversationRequest{Remove: []string{"Q"}}, 0},
		"another command": {&triagev1.AssessRiskRequest{}, 0},
	} {
		if err := w.check(t.Context(), c.request); refusal.ReasonOf(err) != c.want {
			t.Errorf("%s: checked with %v, want %s", name, err, c.want)
		}
	}
}
