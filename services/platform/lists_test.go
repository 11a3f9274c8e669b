package platform_test

import (
	"fmt"
	"slices"
	"testing"

	"google.golang.org/grpc/codes"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	triagev1 "github.com/stafett/stafett/proto/stafett/triage/v1"
	"github.com/stafett/stafett/services/internal/identity"
)

// list reads a list page by page.
type list func(size int32, token string) (names []string, next string, err error)

func (d desk) worklist(position uint64) list {
	return func(size int32, token string) (names []string, next string, err error) {
		page, err := d.Triage.ListWorklist(d.ctx, &triagev1.ListWorklistRequest{PageSize: size, PageToken: token, MinPosition: position})
		for _, item := range page.GetItems() {
			names = append(names, item.Conversation)
		}
		return names, page.GetNextPageToken(), err
	}
}

func (d desk) lines() list {
	return func(size int32, token string) (names []string, next string, err error) {
		page, err := d.Routing.ListLines(d.ctx, &routingv1.ListLinesRequest{PageSize: size, PageToken: token})
		for _, line := range page.GetLines() {
			names = append(names, line.Name)
		}
		return names, page.GetNextPageToken(), err
	}
}

func (d desk) topics() list {
	return func(size int32, token string) (names []string, next string, err error) {
		page, err := d.Triage.ListTopics(d.ctx, &triagev1.ListTopicsRequest{PageSize: size, PageToken: token})
		for _, topic := range page.GetTopics() {
			names = append(names, topic.Code)
		}
		return names, page.GetNextPageToken(), err
	}
}

// all reads all pages of a size.
func (l list) all(t *testing.T, size int32) (all []string) {
	t.Helper()
	token := ""
	for {
		names, next, err := l(size, token)
		if err != nil {
			t.Fatal(err)
		}
		if size > 0 && len(names) > int(size) || next != "" && len(names) == 0 {
			t.Fatalf("a page of %d has %d items", size, len(names))
		}
		all = append(all, names...)
		if next == "" {
			return all
		}
		token = next
	}
}

func TestPages(t *testing.T) {
	w := newWorld(t)
	sender := w.desk("sender")
	var opened []string
	for range 5 {
		opened = append(opened, sender.open())
	}
	w.settle()
	for name, c := range map[string]struct {
		list list
		want []string
	}{
		"worklist": {sender.worklist(0), opened},
		"lines":    {sender.lines(), []string{"lines/first", "lines/second", "lines/sender", "lines/third"}},
		"topics":   {sender.topics(), sender.topics().all(t, 500)},
	} {
		t.Run(name, func(t *testing.T) {
			for _, size := range []int32{1, 2, 3, int32(len(c.want)), 500, 1 << 30} {
				if got := c.list.all(t, size); !slices.Equal(got, c.want) {
					t.Errorf("in pages of %d: %v, want %v", size, got, c.want)
				}
			}
			if got, _, err := c.list(0, ""); err != nil || !slices.Equal(got, c.want[:min(50, len(c.want))]) {
				t.Errorf("without a size: %v, %v", got, err)
			}
			_, _, err := c.list(-1, "")
			refused(t, err, codes.InvalidArgument, "FIELD_INVALID")
			_, _, err = c.list(1, "no token!")
			refused(t, err, codes.InvalidArgument, "PAGE_TOKEN_INVALID")
		})
	}
}

// TestAPageTokenOutlivesItsItem: what a page ended with is gone when the next is
// asked for.
func TestAPageTokenOutlivesItsItem(t *testing.T) {
	w := newWorld(t)
	sender := w.desk("sender")
	one, two := sender.open(), sender.open()
	page, token, err := sender.worklist(w.last())(1, "")
	if err != nil || !slices.Equal(page, []string{one}) {
		t.Fatalf("%v, %v, want %s", page, err, one)
	}
	closed := sender.close(one)
	page, token, err = sender.worklist(closed.Position)(1, token)
	if err != nil || !slices.Equal(page, []string{two}) || token != "" {
		t.Errorf("%v, %q, %v, want %s alone", page, token, err, two)
	}
}

// TestTheWorklistMovesWithCustody and with nothing else.
func TestTheWorklistMovesWithCustody(t *testing.T) {
	w := newWorld(t)
	sender, first, conversation, handover := w.bridged()
	other := sender.open()
	expect := func(when string, senders, firsts []string) {
		t.Helper()
		for d, want := range map[desk][]string{sender: senders, first: firsts} {
			if got := d.worklist(w.last()).all(t, 1); !slices.Equal(got, want) {
				t.Errorf("%s, the worklist of %s is %v, want %v", when, d.line, got, want)
			}
		}
	}
	expect("bridged", []string{conversation, other}, nil)
	page := must[*triagev1.ListWorklistResponse](t)(sender.Triage.ListWorklist(w.ctx, &triagev1.ListWorklistRequest{}))
	if state := page.Items[0].HandoverState; state != handoverv1.HandoverState_HANDOVER_STATE_BRIDGED {
		t.Errorf("the handover is %v, want BRIDGED", state)
	}
	own := first.open()
	sender.transfer(first, handover)
	expect("transferred", []string{other}, []string{own, conversation})
	w.done(sender, handover)
	expect("left", []string{other}, []string{own, conversation})
	first.close(conversation)
	expect("closed", []string{other}, []string{own})
}

func TestReadsFromTheFuture(t *testing.T) {
	w := newWorld(t)
	sender := w.desk("sender")
	conversation, handover := sender.offered()
	future := w.last() + 1
	reads := map[string]func(position uint64) error{
		"GetConversation": func(p uint64) error {
			_, err := sender.Intake.GetConversation(w.ctx, &intakev1.GetConversationRequest{Name: conversation, MinPosition: p})
			return err
		},
		"GetAssessment": func(p uint64) error {
			_, err := sender.Triage.GetAssessment(w.ctx, &triagev1.GetAssessmentRequest{Conversation: conversation, MinPosition: p})
			return err
		},
		"ListWorklist": func(p uint64) error { _, _, err := sender.worklist(p)(0, ""); return err },
		"GetLine": func(p uint64) error {
			_, err := sender.Routing.GetLine(w.ctx, &routingv1.GetLineRequest{Name: "lines/first", MinPosition: p})
			return err
		},
		"ListLines": func(p uint64) error {
			_, err := sender.Routing.ListLines(w.ctx, &routingv1.ListLinesRequest{MinPosition: p})
			return err
		},
		"GetHandover": func(p uint64) error {
			_, err := sender.Routing.GetHandover(w.ctx, &routingv1.GetHandoverRequest{Name: handover, MinPosition: p})
			return err
		},
		"GetCustody": func(p uint64) error {
			_, err := sender.Routing.GetCustody(w.ctx, &routingv1.GetCustodyRequest{Conversation: conversation, MinPosition: p})
			return err
		},
	}
	for name, read := range reads {
		t.Run(name, func(t *testing.T) {
			if err := read(future - 1); err != nil {
				t.Errorf("from the end of the log: %v", err)
			}
			for _, position := range []uint64{future, 1<<64 - 1} {
				refused(t, read(position), codes.OutOfRange, "POSITION_IN_FUTURE")
			}
		})
	}
}

func TestTheDirectoryIsForAllPeers(t *testing.T) {
	w := newWorld(t)
	for kind, id := range map[identity.Kind]string{identity.Auditor: "auditor", identity.Operator: "operator"} {
		page, err := w.peer(kind, id).Routing.ListLines(w.ctx, &routingv1.ListLinesRequest{})
		if err != nil || len(page.Lines) != 4 {
			t.Errorf("%s: %v, %v, want four lines", fmt.Sprint(kind), page, err)
		}
	}
}
