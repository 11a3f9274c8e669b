package triage_test

import (
	"fmt"
	"slices"
	"testing"

	"google.golang.org/grpc/codes"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	triagev1 "github.com/stafett/stafett/proto/stafett/triage/v1"
	"github.com/stafett/stafett/services/apitest"
	"github.com/stafett/stafett/services/internal/identity"
)

func topics(d apitest.Desk) apitest.Pages {
	return func(size int32, token string) (names []string, next string, err error) {
		page, err := d.Triage.ListTopics(d.Ctx, &triagev1.ListTopicsRequest{PageSize: size, PageToken: token})
		for _, topic := range page.GetTopics() {
			names = append(names, topic.Code)
		}
		return names, page.GetNextPageToken(), err
	}
}

func TestPages(t *testing.T) {
	w := apitest.NewWorld(t)
	sender := w.Desk("sender")
	var opened []string
	for range 5 {
		opened = append(opened, sender.OpenConversation())
	}
	w.Settle()
	for name, c := range map[string]struct {
		list apitest.Pages
		want []string
	}{
		"worklist": {sender.Worklist(0), opened},
		"lines":    {sender.ListLines(), []string{"lines/first", "lines/second", "lines/sender", "lines/third"}},
		"topics":   {topics(sender), topics(sender).All(t, 500)},
	} {
		t.Run(name, func(t *testing.T) {
			for _, size := range []int32{1, 2, 3, int32(len(c.want)), 500, 1 << 30} {
				if got := c.list.All(t, size); !slices.Equal(got, c.want) {
					t.Errorf("in pages of %d: %v, want %v", size, got, c.want)
				}
			}
			if got, _, err := c.list(0, ""); err != nil || !slices.Equal(got, c.want[:min(50, len(c.want))]) {
				t.Errorf("without a size: %v, %v", got, err)
			}
			_, _, err := c.list(-1, "")
			apitest.WantRefusal(t, err, codes.InvalidArgument, "FIELD_INVALID")
			_, _, err = c.list(1, "no token!")
			apitest.WantRefusal(t, err, codes.InvalidArgument, "PAGE_TOKEN_INVALID")
		})
	}
}

// TestAPageTokenOutlivesItsItem: the last item of a page is gone when the next is requested.
func TestAPageTokenOutlivesItsItem(t *testing.T) {
	w := apitest.NewWorld(t)
	sender := w.Desk("sender")
	one, two := sender.OpenConversation(), sender.OpenConversation()
	page, token, err := sender.Worklist(w.LogEnd())(1, "")
	if err != nil || !slices.Equal(page, []string{one}) {
		t.Fatalf("%v, %v, want %s", page, err, one)
	}
	closed := sender.CloseConversation(one)
	page, token, err = sender.Worklist(closed.Position)(1, token)
	if err != nil || !slices.Equal(page, []string{two}) || token != "" {
		t.Errorf("%v, %q, %v, want %s alone", page, token, err, two)
	}
}

// TestTheWorklistMovesWithCustody and with nothing else.
func TestTheWorklistMovesWithCustody(t *testing.T) {
	w := apitest.NewWorld(t)
	sender, first, conversation, handover := w.Bridged()
	other := sender.OpenConversation()
	expect := func(when string, senders, firsts []string) {
		t.Helper()
		for d, want := range map[apitest.Desk][]string{sender: senders, first: firsts} {
			if got := d.Worklist(w.LogEnd()).All(t, 1); !slices.Equal(got, want) {
				t.Errorf("%s, the worklist of %s is %v, want %v", when, d.Line, got, want)
			}
		}
	}
	expect("bridged", []string{conversation, other}, nil)
	page := apitest.Must[*triagev1.ListWorkItemsResponse](t)(sender.Triage.ListWorkItems(w.Ctx, &triagev1.ListWorkItemsRequest{}))
	if state := page.WorkItems[0].HandoverState; state != handoverv1.HandoverState_HANDOVER_STATE_BRIDGED {
		t.Errorf("the handover is %v, want BRIDGED", state)
	}
	own := first.OpenConversation()
	sender.Transfer(first, handover)
	expect("transferred", []string{other}, []string{own, conversation})
	w.Leave(sender, handover)
	expect("left", []string{other}, []string{own, conversation})
	first.CloseConversation(conversation)
	expect("closed", []string{other}, []string{own})
}

func TestReadsFromTheFuture(t *testing.T) {
	w := apitest.NewWorld(t)
	sender := w.Desk("sender")
	conversation, handover := sender.Offered()
	future := w.LogEnd() + 1
	reads := map[string]func(position uint64) error{
		"GetConversation": func(p uint64) error {
			_, err := sender.Intake.GetConversation(w.Ctx, &intakev1.GetConversationRequest{Name: conversation, MinPosition: p})
			return err
		},
		"GetAssessment": func(p uint64) error {
			_, err := sender.Triage.GetAssessment(w.Ctx, &triagev1.GetAssessmentRequest{Name: conversation + "/assessment", MinPosition: p})
			return err
		},
		"ListWorkItems": func(p uint64) error { _, _, err := sender.Worklist(p)(0, ""); return err },
		"GetLine": func(p uint64) error {
			_, err := sender.Directory.GetLine(w.Ctx, &routingv1.GetLineRequest{Name: "lines/first", MinPosition: p})
			return err
		},
		"ListLines": func(p uint64) error {
			_, err := sender.Directory.ListLines(w.Ctx, &routingv1.ListLinesRequest{MinPosition: p})
			return err
		},
		"GetHandover": func(p uint64) error {
			_, err := sender.Routing.GetHandover(w.Ctx, &routingv1.GetHandoverRequest{Name: handover, MinPosition: p})
			return err
		},
		"GetCustody": func(p uint64) error {
			_, err := sender.Routing.GetCustody(w.Ctx, &routingv1.GetCustodyRequest{Name: conversation + "/custody", MinPosition: p})
			return err
		},
	}
	for name, read := range reads {
		t.Run(name, func(t *testing.T) {
			if err := read(future - 1); err != nil {
				t.Errorf("from the end of the log: %v", err)
			}
			for _, position := range []uint64{future, 1<<64 - 1} {
				apitest.WantRefusal(t, read(position), codes.OutOfRange, "POSITION_IN_FUTURE")
			}
		})
	}
}

func TestTheDirectoryIsForAllPeers(t *testing.T) {
	w := apitest.NewWorld(t)
	for kind, id := range map[identity.Kind]string{identity.Auditor: "auditor", identity.Operator: "operator"} {
		page, err := w.Peer(kind, id).Directory.ListLines(w.Ctx, &routingv1.ListLinesRequest{})
		if err != nil || len(page.Lines) != 4 {
			t.Errorf("%s: %v, %v, want four lines", fmt.Sprint(kind), page, err)
		}
	}
}
