package platform_test

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	triagev1 "github.com/stafett/stafett/proto/stafett/triage/v1"
)

// fifteen opens a conversation with a child of that age about bullying, with a handover
// that nobody is asked about yet.
func (d desk) fifteen() (handover string) {
	d.t.Helper()
	opened := d.done(d.Intake.OpenConversation(d.ctx, &intakev1.OpenConversationRequest{
		RequestId: uuid.NewString(), Channel: chat, Language: "nb", Child: "child", AgeBand: &handoverv1.AgeBand{MinYears: 15, MaxYears: 15},
	}))
	d.join(opened.Name, "mina")
	d.done(d.Triage.TagConversation(d.ctx, &triagev1.TagConversationRequest{RequestId: uuid.NewString(), Conversation: opened.Name, Add: []string{"V.bullying"}}))
	handover = d.propose(opened.Name)
	d.settle()
	return handover
}

// failing checks which rules a refusal names.
func failing(t *testing.T, err error, want string) {
	t.Helper()
	refused(t, err, codes.FailedPrecondition, "LINE_UNSUITABLE")
	for _, detail := range status.Convert(err).Details() {
		if info, ok := detail.(*errdetails.ErrorInfo); ok && info.Metadata["failed"] != want {
			t.Errorf("refused because of %q, want %q", info.Metadata["failed"], want)
		}
	}
}

// TestALineThatDoesNotSuit: a child is not told to wait for it or to go there, as it would
// not be handed over to it. That nobody is there at the moment does not matter.
func TestALineThatDoesNotSuit(t *testing.T) {
	for why, change := range map[string]func(*handoverv1.Line){
		"AGE":          func(l *handoverv1.Line) { l.Ages.MaxYears = 14 },
		"TOPIC":        func(l *handoverv1.Line) { l.Topics = []string{"MH"} },
		"LANGUAGE":     func(l *handoverv1.Line) { l.Languages = []string{"da"} },
		"AGE,LANGUAGE": func(l *handoverv1.Line) { l.Ages.MinYears, l.Languages = 16, []string{"da"} },
	} {
		t.Run(why, func(t *testing.T) {
			w := quietWorld(t, changedLines("first", change))
			sender := w.desk("sender")
			handover := sender.fifteen()
			w.unchanged(func() {
				_, err := sender.Routing.DeferHandover(w.ctx, deferring(handover, w.clock.Now().Add(time.Hour)))
				failing(t, err, why)
				_, err = sender.Routing.SignpostHandover(w.ctx, signposting(handover))
				failing(t, err, why)
			})
			elsewhere := deferring(handover, w.clock.Now().Add(time.Hour))
			elsewhere.Slot.Line = "second" // nobody knows of its seats
			sender.done(sender.Routing.DeferHandover(w.ctx, elsewhere))
			w.stands(handover, handoverv1.HandoverState_HANDOVER_STATE_DEFERRED)
		})
	}
}

// TestALineThatIsFull may be named to a child that goes there by itself or later.
func TestALineThatIsFull(t *testing.T) {
	w := quietWorld(t, fourLines())
	sender, first := w.desk("sender"), w.desk("first")
	first.free(0)
	first.done(first.closing(30 * time.Minute))
	w.settle()
	handover := sender.fifteen()
	_, err := sender.Routing.DeferHandover(w.ctx, deferring(handover, w.clock.Now().Add(10*time.Minute)))
	refused(t, err, codes.FailedPrecondition, "LINE_CLOSED")
	sender.done(sender.Routing.DeferHandover(w.ctx, deferring(handover, w.clock.Now().Add(30*time.Minute))))
	handover = sender.fifteen()
	sender.done(sender.Routing.SignpostHandover(w.ctx, signposting(handover)))
	h := w.stands(handover, handoverv1.HandoverState_HANDOVER_STATE_SIGNPOSTED)
	if h.SignpostLine != "first" {
		t.Errorf("the child was told of %q", h.SignpostLine)
	}
}
