package routing_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"

	"github.com/stafett/stafett/pkg/handover"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	"github.com/stafett/stafett/services/apitest"
)

// consultationWatch is a watch of what a line asks and is asked.
type consultationWatch struct {
	grpc.ServerStreamingClient[routingv1.WatchConsultationsResponse]
	t *testing.T
}

func watchConsultations(d apitest.Desk, after uint64) consultationWatch {
	d.T.Helper()
	return consultationWatch{apitest.Must[grpc.ServerStreamingClient[routingv1.WatchConsultationsResponse]](d.T)(
		d.Routing.WatchConsultations(d.Ctx, &routingv1.WatchConsultationsRequest{AfterPosition: after})), d.T}
}

// next checks the next consultation and returns it.
func (w consultationWatch) next(name string, state handoverv1.OfferState, end handoverv1.ConsultationEnd) *routingv1.WatchConsultationsResponse {
	w.t.Helper()
	r := apitest.Must[*routingv1.WatchConsultationsResponse](w.t)(w.Recv())
	if k := r.Consultation; k.Name != name || k.State != state || k.End != end {
		w.t.Fatalf("got %v, want %s, %s and ended %s", k, name, state, end)
	}
	return r
}

func asking(d apitest.Desk, conversation, line, id string) *routingv1.AskConsultationRequest {
	return &routingv1.AskConsultationRequest{RequestId: id, Conversation: conversation, ToLine: "lines/" + line, Participant: "mina"}
}

func getConsultation(d apitest.Desk, name string) (*routingv1.Consultation, error) {
	d.Settle()
	return d.Routing.GetConsultation(d.Ctx, &routingv1.GetConsultationRequest{Name: name})
}

func TestAConsultationFromQuestionToAnswer(t *testing.T) {
	w := apitest.NewWorld(t)
	asker, adviser := w.Desk("sender"), w.Desk("first")
	mine, theirs := watchConsultations(asker, 0), watchConsultations(adviser, 0)
	conversation := asker.OpenConversation()
	request := asking(asker, conversation, "first", uuid.NewString())
	asked := asker.Recorded(asker.Routing.AskConsultation(w.Ctx, request))
	if again := asker.Recorded(asker.Routing.AskConsultation(w.Ctx, request)); again.Name != asked.Name || again.Position != asked.Position {
		t.Errorf("the same request was answered with %v and then with %v", asked, again)
	}
	mine.next(asked.Name, apitest.OfferSent, 0)
	seen := theirs.next(asked.Name, apitest.OfferSent, 0)
	if text := seen.String(); strings.Contains(text, strings.TrimPrefix(conversation, "conversations/")) || seen.Consultation.Header.GetLanguageCode() != "nb" {
		t.Errorf("the adviser sees %s, want codes and no conversation", text)
	}
	accepted := adviser.Recorded(adviser.Routing.AcceptConsultation(w.Ctx, &routingv1.AcceptConsultationRequest{RequestId: uuid.NewString(), Consultation: asked.Name, Participant: "aksel"}))
	theirs.next(asked.Name, apitest.OfferAccepted, 0)
	asker.Recorded(asker.Routing.BriefConsultation(w.Ctx, &routingv1.BriefConsultationRequest{RequestId: uuid.NewString(), Consultation: asked.Name, Remarks: []handoverv1.ConsultationRemark{1}}))
	if told := theirs.next(asked.Name, apitest.OfferAccepted, 0); len(told.Consultation.Briefings) != 1 {
		t.Errorf("the adviser was told %v", told.Consultation.Briefings)
	}
	adviser.Recorded(adviser.Routing.AnswerConsultation(w.Ctx, &routingv1.AnswerConsultationRequest{RequestId: uuid.NewString(), Consultation: asked.Name, Answer: 2}))
	theirs.next(asked.Name, apitest.OfferAccepted, handover.ConsultationAnswered)
	watchConsultations(asker, accepted.Position).next(asked.Name, apitest.OfferAccepted, handover.ConsultationAnswered)
	k := apitest.Must[*routingv1.Consultation](t)(getConsultation(asker, asked.Name))
	if k.Conversation != conversation || k.Answer != 2 {
		t.Errorf("the line that asked sees %v", k)
	}
}

// TestAConsultationIsForItsTwoLines: to all others there is none.
func TestAConsultationIsForItsTwoLines(t *testing.T) {
	w := apitest.NewWorld(t)
	asker, stranger := w.Desk("sender"), w.Desk("second")
	other := asker.OpenConversation()
	asked := asker.Recorded(asker.Routing.AskConsultation(w.Ctx, asking(asker, asker.OpenConversation(), "first", uuid.NewString())))
	w.WantRefusals(map[string]apitest.BadRequest{
		"seen by a stranger": apitest.Refused(func(ctx context.Context) error {
			_, err := getConsultation(stranger, asked.Name)
			return err
		}, codes.NotFound, "CONSULTATION_NOT_FOUND"),
		"there is none": apitest.Refused(func(ctx context.Context) error {
			_, err := getConsultation(asker, handover.ConsultationName(strings.Repeat("0", 32)))
			return err
		}, codes.NotFound, "CONSULTATION_NOT_FOUND"),
		"accepted by the asker": apitest.Refused(func(ctx context.Context) error {
			_, err := asker.Routing.AcceptConsultation(ctx, &routingv1.AcceptConsultationRequest{RequestId: uuid.NewString(), Consultation: asked.Name, Participant: "mina"})
			return err
		}, codes.NotFound, "CONSULTATION_NOT_FOUND"),
		"an unknown line": apitest.Refused(func(ctx context.Context) error {
			_, err := asker.Routing.AskConsultation(ctx, asking(asker, other, "nowhere", uuid.NewString()))
			return err
		}, codes.NotFound, "LINE_NOT_FOUND"),
	})
}

// TestAConsultationAfterARestart: what the service knew it knows again, and what fell due meanwhile fires.
func TestAConsultationAfterARestart(t *testing.T) {
	w := apitest.NewWorld(t)
	asker := w.Desk("sender")
	asked := asker.Recorded(asker.Routing.AskConsultation(w.Ctx, asking(asker, asker.OpenConversation(), "first", uuid.NewString())))
	w.Restart(func() { w.Remove(apitest.ReadModels...) })
	w.Advance(6 * time.Second)
	w.Settle()
	k := apitest.Must[*routingv1.Consultation](t)(getConsultation(w.Desk("sender"), asked.Name))
	if k.End != handover.ConsultationExpired || k.State != handover.OfferUnreachable {
		t.Errorf("it is %s and ended %s", k.State, k.End)
	}
}
