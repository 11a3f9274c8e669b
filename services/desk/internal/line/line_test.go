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
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/stafett/stafett/pkg/client"
	"github.com/stafett/stafett/pkg/staffkey"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	triagev1 "github.com/stafett/stafett/proto/stafett/triage/v1"
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

// TestALineThatAcceptsIsBack among those who speak, also if it had left after an earlier handover.
func TestALineThatAcceptsIsBack(t *testing.T) {
	l := away(t, talk.Talk{Left: true})
	accepted := &eventv1.Event{Kind: &eventv1.Event_OfferAccepted{OfferAccepted: &eventv1.OfferAccepted{Line: l.ID}}}
	if err := l.react(l.find(name), accepted); err != nil {
		t.Fatal(err)
	}
	if v, _ := l.View(name); v.Left {
		t.Error("its people cannot write")
	}
}

func TestAPacketIsOpenedOnceItIsWhole(t *testing.T) {
	h := &routingv1.Handover{Name: name + "/handovers/1", PacketParts: make([]*handoverv1.PacketPart, 1)}
	for _, c := range []struct {
		packet []talk.Part
		opened bool
	}{{nil, false}, {[]talk.Part{{Handover: h.Name}}, false}, {[]talk.Part{{Handover: "another", Text: "x"}}, false}, {[]talk.Part{{Handover: h.Name, Text: "x"}}, true}} {
		l := away(t, talk.Talk{Packet: c.packet})
		if got := l.opened(l.find(name), h); got != c.opened {
			t.Errorf("%+v is opened: %t", c.packet, got)
		}
	}
}

func TestOffersStayInTheirOrder(t *testing.T) {
	made := func(name string, created, position int64) Offer {
		return Offer{WatchOffersResponse: &routingv1.WatchOffersResponse{Position: uint64(position), Offer: &routingv1.Offer{Name: name, CreateTime: &timestamppb.Timestamp{Seconds: created}}}}
	}
	all := []Offer{made("c", 2, 1), made("b", 1, 3), made("a", 1, 9)}
	slices.SortFunc(all, older)
	if all[0].Offer.Name != "a" || all[1].Offer.Name != "b" || all[2].Offer.Name != "c" {
		t.Errorf("the offers are in the order %s, %s, %s", all[0].Offer.Name, all[1].Offer.Name, all[2].Offer.Name)
	}
}

// TestAnOverrideIsVoidOnceRiskChanges, so that nobody is asked to sign for what is not so any more.
func TestAnOverrideIsVoidOnceRiskChanges(t *testing.T) {
	o := Override{Handover: name + "/handovers/1", Conversation: name, By: "mina", For: "jonas"}
	conversation := &intakev1.Conversation{Name: name, Assessment: &triagev1.Assessment{Risk: handoverv1.RiskLevel_RISK_LEVEL_R4}}
	shown, err := proto.Marshal(staffkey.ShownFor(conversation, o.request()))
	if err != nil {
		t.Fatal(err)
	}
	o.First = &handoverv1.SecondSignature{Shown: shown}
	if o.Void(View{Conversation: conversation}) {
		t.Error("it is void although nothing has changed")
	}
	conversation.Assessment.Risk = handoverv1.RiskLevel_RISK_LEVEL_R2
	if !o.Void(View{Conversation: conversation}) {
		t.Error("it is good although the risk has changed")
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
