package routing_test

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
	"github.com/stafett/stafett/services/apitest"
)

// fifteen opens a conversation with a child of that age about bullying, with a handover for
// which no line is asked yet.
func fifteen(d apitest.Desk) (handover string) {
	d.T.Helper()
	opened := d.Recorded(d.Intake.OpenConversation(d.Ctx, &intakev1.OpenConversationRequest{
		RequestId: uuid.NewString(), Channel: apitest.Chat, LanguageCode: "nb", Child: "child", AgeBand: &handoverv1.AgeBand{MinYears: 15, MaxYears: 15},
	}))
	d.Join(opened.Name, "mina")
	d.Recorded(d.Triage.TagConversation(d.Ctx, &triagev1.TagConversationRequest{RequestId: uuid.NewString(), Conversation: opened.Name, Add: []string{"V.bullying"}}))
	handover = d.Propose(opened.Name)
	d.Settle()
	return handover
}

// failing checks which rules a refusal names.
func failing(t *testing.T, err error, want string) {
	t.Helper()
	apitest.WantRefusal(t, err, codes.FailedPrecondition, "LINE_UNSUITABLE")
	for _, detail := range status.Convert(err).Details() {
		if info, ok := detail.(*errdetails.ErrorInfo); ok && info.Metadata["failed"] != want {
			t.Errorf("refused because of %q, want %q", info.Metadata["failed"], want)
		}
	}
}

// TestALineThatDoesNotSuit: a child is not told to wait for it, because it could not be handed
// over to it; a counsellor may still name it to a child that goes there by itself. Whether anyone is there now does not matter.
func TestALineThatDoesNotSuit(t *testing.T) {
	for why, change := range map[string]func(*handoverv1.Line){
		"AGE":          func(l *handoverv1.Line) { l.Ages.MaxYears = 14 },
		"TOPIC":        func(l *handoverv1.Line) { l.Topics = []string{"MH"} },
		"LANGUAGE":     func(l *handoverv1.Line) { l.Languages = []string{"da"} },
		"AGE,LANGUAGE": func(l *handoverv1.Line) { l.Ages.MinYears, l.Languages = 16, []string{"da"} },
	} {
		t.Run(why, func(t *testing.T) {
			w := apitest.NewQuietWorld(t, apitest.ChangedLines("first", change))
			sender := w.Desk("sender")
			handover := fifteen(sender)
			w.WantUnchanged(func() {
				_, err := sender.Routing.DeferHandover(w.Ctx, apitest.Deferral(handover, w.Clock.Now().Add(time.Hour)))
				failing(t, err, why)
			})
			elsewhere := apitest.Deferral(handover, w.Clock.Now().Add(time.Hour))
			elsewhere.Slot.Line = "lines/second" // its seats are unknown
			sender.Recorded(sender.Routing.DeferHandover(w.Ctx, elsewhere))
			w.WantState(handover, handoverv1.HandoverState_HANDOVER_STATE_DEFERRED)
			another := fifteen(sender)
			sender.Recorded(sender.Routing.SignpostHandover(w.Ctx, apitest.Signposting(another)))
		})
	}
}

// TestALineThatIsFull may be named to a child that goes there by itself or later.
func TestALineThatIsFull(t *testing.T) {
	w := apitest.NewQuietWorld(t, apitest.FourLines())
	sender, first := w.Desk("sender"), w.Desk("first")
	first.ReportSeats(0)
	first.Took(first.CloseFor(30 * time.Minute))
	w.Settle()
	handover := fifteen(sender)
	_, err := sender.Routing.DeferHandover(w.Ctx, apitest.Deferral(handover, w.Clock.Now().Add(10*time.Minute)))
	apitest.WantRefusal(t, err, codes.FailedPrecondition, "LINE_CLOSED")
	sender.Recorded(sender.Routing.DeferHandover(w.Ctx, apitest.Deferral(handover, w.Clock.Now().Add(30*time.Minute))))
	handover = fifteen(sender)
	sender.Recorded(sender.Routing.SignpostHandover(w.Ctx, apitest.Signposting(handover)))
	h := w.WantState(handover, handoverv1.HandoverState_HANDOVER_STATE_SIGNPOSTED)
	if h.SignpostLine != "lines/first" {
		t.Errorf("the child was told of %q", h.SignpostLine)
	}
}
