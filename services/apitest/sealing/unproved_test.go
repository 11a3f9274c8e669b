package sealing_test

import (
	"context"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/stafett/stafett/pkg/sealing"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	"github.com/stafett/stafett/services/apitest"
)

// auditIsDown lets a party's system start again while audit does not answer.
func (p *party) auditIsDown() (comesBack func()) {
	down := status.Error(codes.Unavailable, "audit is away")
	liar{audit: func() error { return down }}.lies(p)
	return func() { down = nil }
}

// TestARotatedKeyWithoutAudit: the receiver's earlier key, which was proved, is granted to.
func TestARotatedKeyWithoutAudit(t *testing.T) {
	_, sender, first, conversation, name := scene(t)
	sender.grant(name)
	sender.Cancel(name)
	sender.sees()
	first.must(first.Rotate(first.Ctx))
	sender.auditIsDown()
	again := propose(sender, first, conversation)
	sender.grant(again)
	first.sees()
	first.opens(again, agreedLine)
}

// TestAnUnprovedKey of the receiver is not granted to, until audit is back.
func TestAnUnprovedKey(t *testing.T) {
	_, sender, first, _, name := scene(t)
	comesBack := sender.auditIsDown()
	ctx, cancel := context.WithTimeout(sender.Ctx, 200*time.Millisecond)
	defer cancel()
	if err := sender.Grant(ctx, name); err == nil {
		t.Error("granted to a key that was never proved")
	}
	comesBack()
	sender.grant(name)
	first.opens(name, agreedLine)
}

// TestProvedKeysLastTwoDays while audit is down, also after a restart.
func TestProvedKeysLastTwoDays(t *testing.T) {
	t.Run("after 47 hours", func(t *testing.T) { provedKey(t, 47*time.Hour, true) })
	t.Run("after 49 hours", func(t *testing.T) { provedKey(t, 49*time.Hour, false) })
}

// provedKey has a receiver open a second packet some time after it proved the sender's key.
func provedKey(t *testing.T, after time.Duration, want bool) {
	w, sender, first, _, name := scene(t)
	sender.grant(name)
	first.opens(name, agreedLine)
	sender.Cancel(name)
	w.Clock.Advance(after)
	first.must(first.Publish(w.Ctx))
	sender.must(sender.Publish(w.Ctx))
	again := propose(sender, first, sender.OpenConversation())
	sender.grant(again)
	first.auditIsDown()
	ctx, cancel := context.WithTimeout(w.Ctx, time.Minute)
	if !want {
		ctx, cancel = context.WithTimeout(w.Ctx, 200*time.Millisecond)
	}
	defer cancel()
	parts, err := first.Open(ctx, again)
	if opens := err == nil && parts[0].Text == agreedLine; opens != want {
		t.Errorf("it reads %v, %v", parts, err)
	}
}

// TestAGrantThatCannotBeCheckedNow is kept, with the words that wait for its key, over a restart and until audit
// is back.
func TestAGrantThatCannotBeCheckedNow(t *testing.T) {
	w, sender, first, conversation, name := scene(t)
	sender.grant(name)
	sender.Bridge(first.Desk, name)
	sender.sees()
	sender.say(conversation, "mina", "here is aksel", handoverv1.Audience_AUDIENCE_ALL)
	end := apitest.Must[uint64](t)(w.Last(w.Ctx))
	comesBack := first.auditIsDown()
	for stream := first.WatchConversation(conversation, 0); ; {
		r := apitest.Must[*intakev1.WatchConversationResponse](t)(stream.Recv())
		if said := first.hurries(func(ctx context.Context) ([]sealing.Words, error) { return first.Read(ctx, conversation, r) }); len(said) > 0 {
			t.Fatalf("without a proof it reads %v", said)
		}
		if r.Position >= end {
			break
		}
	}
	first.crashes()
	if said := first.hurries(func(ctx context.Context) ([]sealing.Words, error) { return first.Again(ctx, conversation) }); len(said) > 0 {
		t.Fatalf("after a restart without audit it reads %v", said)
	}
	comesBack()
	said := apitest.Must[[]sealing.Words](t)(first.Again(w.Ctx, conversation))
	if len(said) != 1 || said[0].Text != "here is aksel" || said[0].Participant != "mina" || said[0].Audience != handoverv1.Audience_AUDIENCE_ALL {
		t.Fatalf("once audit is back it reads %v", said)
	}
	first.crashes()
	if again := apitest.Must[[]sealing.Words](t)(first.Again(w.Ctx, conversation)); len(again) != 1 {
		t.Errorf("after a crash before that was handled it reads %v", again)
	}
	if again := apitest.Must[[]sealing.Words](t)(first.Again(w.Ctx, conversation)); len(again) != 0 {
		t.Errorf("what was returned is returned again: %v", again)
	}
}

// hurries gives up soon. What is not done by then is kept.
func (p *party) hurries(read func(context.Context) ([]sealing.Words, error)) []sealing.Words {
	p.T.Helper()
	ctx, cancel := context.WithTimeout(p.Ctx, 100*time.Millisecond)
	defer cancel()
	return apitest.Must[[]sealing.Words](p.T)(read(ctx))
}
