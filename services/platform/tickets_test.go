package platform_test

import (
	"fmt"
	"strconv"
	"testing"
	"time"

	"github.com/google/uuid"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/durationpb"

	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
)

const (
	chat  = handoverv1.Channel_CHANNEL_CHAT
	phone = handoverv1.Channel_CHANNEL_PHONE
)

type (
	issued  = routingv1.IssueTicketResponse
	claimed = routingv1.ClaimTicketResponse
)

// toPhone asks for a ticket with which a chat becomes a call to the same line.
func (d desk) toPhone(conversation string) *routingv1.IssueTicketRequest {
	return &routingv1.IssueTicketRequest{RequestId: uuid.NewString(), Conversation: conversation, ToLine: "lines/" + d.line, Channel: phone}
}

func (d desk) issue(r *routingv1.IssueTicketRequest) *issued {
	d.t.Helper()
	return must[*issued](d.t)(d.Routing.IssueTicket(d.ctx, r))
}

// using is a request to use a ticket by its link or its six digits.
func using(secret string) *routingv1.ClaimTicketRequest {
	r := &routingv1.ClaimTicketRequest{RequestId: uuid.NewString()}
	if len(secret) == 6 {
		r.Secret = &routingv1.ClaimTicketRequest_Digits{Digits: secret}
	} else {
		r.Secret = &routingv1.ClaimTicketRequest_Link{Link: secret}
	}
	return r
}

func (d desk) claim(secret string) (*claimed, error) {
	return d.Routing.ClaimTicket(d.ctx, using(secret))
}

// otherThan are digits that are not those, the n-th.
func otherThan(digits string, n int) string {
	number, _ := strconv.Atoi(digits)
	return fmt.Sprintf("%06d", (number+1+n)%1_000_000)
}

// TestATicketWorksOnce, by its link or by its digits.
func TestATicketWorksOnce(t *testing.T) {
	for name, secret := range map[string]func(*issued) string{"link": (*issued).GetLink, "digits": (*issued).GetDigits} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			sender := w.desk("sender")
			ticket := sender.issue(sender.toPhone(sender.open()))
			if lives := ticket.ExpireTime.AsTime().Sub(w.clock.Now()); lives != 10*time.Minute {
				t.Errorf("it lives for %v, want 10 minutes", lives)
			}
			request := using(secret(ticket))
			first := must[*claimed](t)(sender.Routing.ClaimTicket(w.ctx, request))
			if first.Kind != handoverv1.TicketKind_TICKET_KIND_LEG || first.CustodyLine != "sender" || first.Header != nil {
				t.Errorf("its use tells %v", first)
			}
			again := must[*claimed](t)(sender.Routing.ClaimTicket(w.ctx, request))
			if !proto.Equal(first, again) {
				t.Errorf("the same request is answered %v, want %v", again, first)
			}
			for _, secret := range []string{ticket.Link, ticket.Digits} {
				_, err := sender.claim(secret)
				refusedBecause(t, err, codes.FailedPrecondition, "TICKET_INVALID", "USED")
			}
		})
	}
}

// TestTheSameRequestGivesTheSameSecrets: they are nowhere, so they are made again.
func TestTheSameRequestGivesTheSameSecrets(t *testing.T) {
	w := newWorld(t)
	sender := w.desk("sender")
	conversation := sender.open()
	request := sender.toPhone(conversation)
	once := sender.issue(request)
	if other := sender.issue(sender.toPhone(conversation)); other.Link == once.Link || other.Digits == once.Digits {
		t.Errorf("another ticket has %v, as the first has", other)
	}
	for name, meanwhile := range map[string]func(){
		"again":     func() {},
		"restarted": func() { w.restart(func() {}) },
		"rebuilt":   func() { w.restart(func() { w.remove(readModels...) }) },
		"later":     func() { w.pass(time.Hour) },
	} {
		meanwhile()
		if again := w.desk("sender").issue(request); !proto.Equal(again, once) {
			t.Errorf("%s: %v, want %v", name, again, once)
		}
	}
	if n := len(logged[*eventv1.TicketIssued](w, conversation)); n != 2 {
		t.Errorf("%d tickets were given out, want 2", n)
	}
}

// TestTicketsThatCannotBeUsed say why.
func TestTicketsThatCannotBeUsed(t *testing.T) {
	cases := map[string]struct {
		spoil func(w *world, conversation string)
		at    string // the line that tries
		why   string
	}{
		"wrong line":  {func(*world, string) {}, "first", "UNKNOWN"},
		"expired":     {func(w *world, _ string) { w.pass(10 * time.Minute) }, "sender", "EXPIRED"},
		"other epoch": {moves, "sender", "EPOCH"},
		"closed":      {func(w *world, conversation string) { w.desk("sender").close(conversation) }, "sender", "EPOCH"},
		"a newer one": {func(w *world, conversation string) {
			sender := w.desk("sender")
			must[*claimed](w.t)(sender.claim(sender.issue(sender.toPhone(conversation)).Link))
		}, "sender", "REPLACED"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			sender := w.desk("sender")
			conversation := sender.open()
			ticket := sender.issue(sender.toPhone(conversation))
			c.spoil(w, conversation)
			for _, secret := range []string{ticket.Link, ticket.Digits} {
				_, err := w.desk(c.at).claim(secret)
				refusedBecause(t, err, codes.FailedPrecondition, "TICKET_INVALID", c.why)
			}
			guessed := 0
			if c.why == "UNKNOWN" {
				guessed = 1 // that with the digits; in the other cases they were right
			}
			if n := w.counted(); n != guessed {
				t.Errorf("%d attempts were counted, want %d", n, guessed)
			}
		})
	}
}

// TestATicketWhileAnotherLegWaits cannot be used, and to try it is no guess.
func TestATicketWhileAnotherLegWaits(t *testing.T) {
	w := newWorld(t)
	sender, conversation := w.rings()
	ticket := sender.issue(sender.toPhone(conversation))
	_, err := sender.claim(ticket.Digits)
	refusedBecause(t, err, codes.FailedPrecondition, "TICKET_INVALID", "PENDING")
	if n := w.counted(); n != 0 {
		t.Errorf("%d attempts were counted, want none", n)
	}
}

// moves moves custody from sender to first.
func moves(w *world, conversation string) {
	w.t.Helper()
	sender, first := w.desk("sender"), w.desk("first")
	handover := sender.propose(conversation, "first")
	sender.consent(handover)
	first.accept(handover, "1")
	sender.bridge(first, handover)
	sender.transfer(first, handover)
}

// TestTheLastSecondOfATicket: it works until its deadline, and not at it.
func TestTheLastSecondOfATicket(t *testing.T) {
	w := newWorld(t)
	sender := w.desk("sender")
	request := sender.toPhone(sender.open())
	request.Lifetime = durationpb.New(time.Minute)
	early, late := sender.issue(request), sender.issue(sender.toPhone(sender.open()))
	w.pass(time.Minute - time.Nanosecond)
	if _, err := sender.claim(early.Digits); err != nil {
		t.Errorf("just before its deadline: %v", err)
	}
	w.pass(9*time.Minute + time.Nanosecond)
	_, err := sender.claim(late.Digits)
	refusedBecause(t, err, codes.FailedPrecondition, "TICKET_INVALID", "EXPIRED")
}

// TestManyClaimAtOnce: one of them has the ticket.
func TestManyClaimAtOnce(t *testing.T) {
	w := newWorld(t)
	sender := w.desk("sender")
	conversation := sender.open()
	ticket := sender.issue(sender.toPhone(conversation))
	answers := make(chan error, 8)
	for range cap(answers) {
		go func() {
			_, err := sender.claim(ticket.Digits)
			answers <- err
		}()
	}
	for range cap(answers) {
		if err := <-answers; err != nil {
			refusedBecause(t, err, codes.FailedPrecondition, "TICKET_INVALID", "USED")
		}
	}
	if n := len(logged[*eventv1.TicketClaimed](w, conversation)); n != 1 {
		t.Errorf("it was used %d times, want once", n)
	}
}
