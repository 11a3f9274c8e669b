package intake_test

import (
	"fmt"
	"strconv"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/durationpb"

	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	"github.com/stafett/stafett/services/apitest"
)

// otherThan returns the n-th digits that differ from the given ones.
func otherThan(digits string, n int) string {
	number, _ := strconv.Atoi(digits)
	return fmt.Sprintf("%06d", (number+1+n)%1_000_000)
}

// TestATicketWorksOnce, by its link or by its digits.
func TestATicketWorksOnce(t *testing.T) {
	for name, secret := range map[string]func(*apitest.Issued) string{"link": (*apitest.Issued).GetLink, "digits": (*apitest.Issued).GetDigits} {
		t.Run(name, func(t *testing.T) {
			w := apitest.NewWorld(t)
			sender := w.Desk("sender")
			ticket := sender.Issue(sender.ToPhone(sender.OpenConversation()))
			if lives := ticket.ExpireTime.AsTime().Sub(w.Clock.Now()); lives != 10*time.Minute {
				t.Errorf("it lives for %v, want 10 minutes", lives)
			}
			request := apitest.ClaimWith(secret(ticket))
			first := apitest.Must[*apitest.Claimed](t)(sender.Routing.ClaimTicket(w.Ctx, request))
			if first.Kind != handoverv1.TicketKind_TICKET_KIND_LEG || first.CustodyLine != "lines/sender" || first.Header != nil {
				t.Errorf("its use tells %v", first)
			}
			again := apitest.Must[*apitest.Claimed](t)(sender.Routing.ClaimTicket(w.Ctx, request))
			if !proto.Equal(first, again) {
				t.Errorf("the same request is answered %v, want %v", again, first)
			}
			for _, secret := range []string{ticket.Link, ticket.Digits} {
				_, err := sender.Claim(secret)
				apitest.WantRefusalBecause(t, err, codes.FailedPrecondition, "TICKET_INVALID", "USED")
			}
		})
	}
}

// TestTheSameRequestGivesTheSameSecrets: they are not stored, so they are derived again.
func TestTheSameRequestGivesTheSameSecrets(t *testing.T) {
	w := apitest.NewWorld(t)
	sender := w.Desk("sender")
	conversation := sender.OpenConversation()
	request := sender.ToPhone(conversation)
	once := sender.Issue(request)
	if other := sender.Issue(sender.ToPhone(conversation)); other.Link == once.Link || other.Digits == once.Digits {
		t.Errorf("another ticket has %v, as the first has", other)
	}
	for name, meanwhile := range map[string]func(){
		"again":     func() {},
		"restarted": func() { w.Restart(func() {}) },
		"rebuilt":   func() { w.Restart(func() { w.Remove(apitest.ReadModels...) }) },
		"later":     func() { w.Advance(time.Hour) },
	} {
		meanwhile()
		if again := w.Desk("sender").Issue(request); !proto.Equal(again, once) {
			t.Errorf("%s: %v, want %v", name, again, once)
		}
	}
	if n := len(apitest.Logged[*eventv1.TicketIssued](w, conversation)); n != 2 {
		t.Errorf("%d tickets were given out, want 2", n)
	}
}

// TestTicketsThatCannotBeUsed get the reason.
func TestTicketsThatCannotBeUsed(t *testing.T) {
	cases := map[string]struct {
		spoil func(w *apitest.World, conversation string)
		at    string // the line that tries
		why   string
	}{
		"wrong line":  {func(*apitest.World, string) {}, "first", "UNKNOWN"},
		"expired":     {func(w *apitest.World, _ string) { w.Advance(10 * time.Minute) }, "sender", "EXPIRED"},
		"other epoch": {apitest.MoveCustody, "sender", "EPOCH"},
		"closed":      {func(w *apitest.World, conversation string) { w.Desk("sender").CloseConversation(conversation) }, "sender", "EPOCH"},
		"a newer one": {func(w *apitest.World, conversation string) {
			sender := w.Desk("sender")
			apitest.Must[*apitest.Claimed](w.T)(sender.Claim(sender.Issue(sender.ToPhone(conversation)).Link))
		}, "sender", "REPLACED"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			w := apitest.NewWorld(t)
			sender := w.Desk("sender")
			conversation := sender.OpenConversation()
			ticket := sender.Issue(sender.ToPhone(conversation))
			c.spoil(w, conversation)
			for _, secret := range []string{ticket.Link, ticket.Digits} {
				_, err := w.Desk(c.at).Claim(secret)
				apitest.WantRefusalBecause(t, err, codes.FailedPrecondition, "TICKET_INVALID", c.why)
			}
			guessed := 0
			if c.why == "UNKNOWN" {
				guessed = 1 // that with the digits; in the other cases they were right
			}
			if n := w.WrongAttempts(); n != guessed {
				t.Errorf("%d attempts were counted, want %d", n, guessed)
			}
		})
	}
}

// TestATicketWhileAnotherLegWaits cannot be used, and trying it does not count as a guess.
func TestATicketWhileAnotherLegWaits(t *testing.T) {
	w := apitest.NewWorld(t)
	sender, conversation := w.Ringing()
	ticket := sender.Issue(sender.ToPhone(conversation))
	_, err := sender.Claim(ticket.Digits)
	apitest.WantRefusal(t, err, codes.FailedPrecondition, "LEG_PENDING")
	if n := w.WrongAttempts(); n != 0 {
		t.Errorf("%d attempts were counted, want none", n)
	}
}

// TestTheLastSecondOfATicket: it works until its deadline, exclusive.
func TestTheLastSecondOfATicket(t *testing.T) {
	w := apitest.NewWorld(t)
	sender := w.Desk("sender")
	request := sender.ToPhone(sender.OpenConversation())
	request.Lifetime = durationpb.New(time.Minute)
	early, late := sender.Issue(request), sender.Issue(sender.ToPhone(sender.OpenConversation()))
	w.Advance(time.Minute - time.Nanosecond)
	if _, err := sender.Claim(early.Digits); err != nil {
		t.Errorf("just before its deadline: %v", err)
	}
	w.Advance(9*time.Minute + time.Nanosecond)
	_, err := sender.Claim(late.Digits)
	apitest.WantRefusalBecause(t, err, codes.FailedPrecondition, "TICKET_INVALID", "EXPIRED")
}

// TestManyClaimAtOnce: exactly one of them gets the ticket.
func TestManyClaimAtOnce(t *testing.T) {
	w := apitest.NewWorld(t)
	sender := w.Desk("sender")
	conversation := sender.OpenConversation()
	ticket := sender.Issue(sender.ToPhone(conversation))
	answers := make(chan error, 8)
	for range cap(answers) {
		go func() {
			_, err := sender.Claim(ticket.Digits)
			answers <- err
		}()
	}
	for range cap(answers) {
		if err := <-answers; err != nil {
			apitest.WantRefusalBecause(t, err, codes.FailedPrecondition, "TICKET_INVALID", "USED")
		}
	}
	if n := len(apitest.Logged[*eventv1.TicketClaimed](w, conversation)); n != 1 {
		t.Errorf("it was used %d times, want once", n)
	}
}
