package line

import (
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"filippo.io/age"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	"github.com/stafett/stafett/pkg/client"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	"github.com/stafett/stafett/services/desk/internal/live"
	"github.com/stafett/stafett/services/desk/internal/store"
	"github.com/stafett/stafett/services/desk/internal/talk"
)

const name, offer = "conversations/00000000000000000000000000000001", "conversations/00000000000000000000000000000001/handovers/3/offers/1"

// away is a line whose platform does not answer and whose life has ended, with what it kept of one conversation.
func away(t *testing.T, kept talk.Talk) *Line {
	t.Helper()
	connection, err := grpc.NewClient("passthrough:///nobody", grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { connection.Close() })
	identity, err := age.GenerateHybridIdentity()
	if err != nil {
		t.Fatal(err)
	}
	kept.Name = name
	s, err := store.Open(filepath.Join(t.TempDir(), "desk.db"), identity)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	if err := s.Put(talkKind, name, kept); err != nil {
		t.Fatal(err)
	}
	platform := &client.Platform{Intake: intakev1.NewIntakeServiceClient(connection)}
	l, err := New(Config{ID: "first", Platform: platform, Store: s, Hub: live.New(time.Now()), Now: time.Now, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	l.life = ended
	t.Cleanup(l.Wait)
	return l
}

func TestALineThatAcceptsTheSameChildAgainSeesIt(t *testing.T) {
	l := away(t, talk.Talk{Accepted: []string{"the first offer"}, Left: true, Closed: time.Now()})
	if err := l.adopt(offer); err != nil {
		t.Fatal(err)
	}
	if v, _ := l.View(name); !v.Closed.IsZero() || v.Left || !slices.Contains(v.Accepted, offer) {
		t.Errorf("after it accepted again the conversation is %+v", v.Talk)
	}
	again, _ := New(l.Config)
	if v, _ := again.View(name); !v.Closed.IsZero() {
		t.Error("after a restart the conversation has ended again")
	}
}

func TestAnOfferThatWasAcceptedOnceReopensNothing(t *testing.T) {
	l := away(t, talk.Talk{Accepted: []string{offer}, Closed: time.Now()})
	if err := l.adopt(offer); err != nil {
		t.Fatal(err)
	}
	if v, _ := l.View(name); v.Closed.IsZero() {
		t.Error("a restart opened a conversation that has ended")
	}
}

// TestWordsWaitUntilItIsKnownWhereTheyGo: to the other line in a bridge, and nowhere else.
func TestWordsWaitUntilItIsKnownWhereTheyGo(t *testing.T) {
	l := away(t, talk.Talk{})
	if err := l.Say(name, talk.Message{ID: "1", Text: "are you there"}); err != nil {
		t.Fatal(err)
	}
	e := l.find(name)
	sending := func() talk.Sending { return l.snapshot(e).Messages[0].Sending }
	l.relay(l.life, e)
	if sending() != talk.Waiting {
		t.Fatalf("before the platform was asked the words are %q", sending())
	}
	e.conversation = &intakev1.Conversation{LegLine: l.Name(), Custody: &routingv1.Custody{Line: l.Name()}}
	l.relay(l.life, e)
	if sending() != talk.Here {
		t.Errorf("outside of a bridge the words are %q", sending())
	}
}

func TestAWatchThatFailsBeginsAgain(t *testing.T) {
	l := away(t, talk.Talk{})
	alive, cancel := context.WithCancel(t.Context())
	defer cancel()
	l.life = alive
	begun := 0
	l.always("a test", func(context.Context) error {
		if begun++; begun == 2 {
			return errOver
		}
		return errors.New("the store is full")
	})
	l.Wait()
	if begun != 2 {
		t.Errorf("it began %d times", begun)
	}
}
