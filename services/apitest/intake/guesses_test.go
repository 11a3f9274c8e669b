package intake_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/client"
	auditv1 "github.com/stafett/stafett/proto/stafett/audit/v1"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	"github.com/stafett/stafett/services/apitest"
)

// guesses tries wrong digits until the line is refused.
func guesses(d apitest.Desk, right string, times int) {
	d.T.Helper()
	for n := range times {
		_, err := d.Claim(otherThan(right, n))
		apitest.WantRefusalBecause(d.T, err, codes.FailedPrecondition, "TICKET_INVALID", "UNKNOWN")
	}
}

// TestTenWrongTickets: further tickets are refused for ten minutes, even across a restart.
// Other lines can go on.
func TestTenWrongTickets(t *testing.T) {
	w := apitest.NewWorld(t)
	sender := w.Desk("sender")
	ticket := sender.Issue(sender.ToPhone(sender.OpenConversation()))
	guesses(sender, ticket.Digits, 9)
	w.Advance(time.Minute)
	guesses(sender, ticket.Link[:6], 1)
	for name, meanwhile := range map[string]func(){
		"at once":   func() {},
		"restarted": func() { w.Restart(func() {}) },
		"rebuilt":   func() { w.Restart(func() { w.Remove(apitest.ReadModels...) }) },
	} {
		t.Log(name)
		meanwhile()
		w.WantUnchanged(func() {
			for _, secret := range []string{ticket.Digits, otherThan(ticket.Digits, 99)} {
				_, err := w.Desk("sender").Claim(secret)
				apitest.WantRefusal(t, err, codes.ResourceExhausted, "TOO_MANY_ATTEMPTS")
			}
		})
	}
	guesses(w.Desk("first"), ticket.Digits, 1)
	w.Advance(9*time.Minute - time.Nanosecond)
	_, err := w.Desk("sender").Claim(ticket.Digits)
	apitest.WantRefusal(t, err, codes.ResourceExhausted, "TOO_MANY_ATTEMPTS")
	byLink := w.Desk("sender") // 128 bits cannot be guessed, so links are never locked out
	apitest.Must[*apitest.Claimed](t)(byLink.Claim(byLink.Issue(byLink.ToPhone(byLink.OpenConversation())).Link))
	w.Advance(time.Nanosecond) // nine of the ten are ten minutes old
	guesses(w.Desk("sender"), ticket.Digits, 1)
}

// TestAClaimIsAnsweredAgain while the line is locked out: the first answer was lost on the
// way.
func TestAClaimIsAnsweredAgain(t *testing.T) {
	w := apitest.NewWorld(t)
	sender := w.Desk("sender")
	ticket := sender.Issue(sender.ToPhone(sender.OpenConversation()))
	request := apitest.ClaimWith(ticket.Digits)
	once := apitest.Must[*apitest.Claimed](t)(sender.Routing.ClaimTicket(w.Ctx, request))
	guesses(sender, ticket.Digits, 10)
	again := apitest.Must[*apitest.Claimed](t)(sender.Routing.ClaimTicket(w.Ctx, request))
	if !proto.Equal(once, again) {
		t.Errorf("answered %v, want %v", again, once)
	}
	for name, other := range map[string]*routingv1.ClaimTicketRequest{
		"the same digits in another request": apitest.ClaimWith(ticket.Digits),
		"other digits under its id":          {RequestId: request.RequestId, Secret: apitest.ClaimWith(otherThan(ticket.Digits, 1)).Secret},
	} {
		t.Log(name)
		_, err := sender.Routing.ClaimTicket(w.Ctx, other)
		apitest.WantRefusal(t, err, codes.ResourceExhausted, "TOO_MANY_ATTEMPTS")
	}
}

// TestAStrangersTicket: a certified line that is not in the directory guesses nothing, leaves
// no trace and does not affect others.
func TestAStrangersTicket(t *testing.T) {
	w := apitest.NewWorld(t)
	stranger := w.Desk("stranger")
	w.WantUnchanged(func() {
		for _, secret := range []string{"000000", strings.Repeat("a", 26)} {
			_, err := stranger.Claim(secret)
			apitest.WantRefusal(t, err, codes.NotFound, "LINE_NOT_FOUND")
		}
	})
	listed := apitest.Must[*routingv1.ListLinesResponse](t)(w.Desk("sender").Directory.ListLines(w.Ctx, &routingv1.ListLinesRequest{}))
	if len(listed.Lines) != len(w.Lines) {
		t.Errorf("the directory has %d lines, want %d", len(listed.Lines), len(w.Lines))
	}
}

// TestARightTicketAfterTenMinutes is accepted again.
func TestARightTicketAfterTenMinutes(t *testing.T) {
	w := apitest.NewWorld(t)
	sender := w.Desk("sender")
	guesses(sender, "000000", 10)
	w.Advance(10 * time.Minute)
	ticket := sender.Issue(sender.ToPhone(sender.OpenConversation()))
	if _, err := sender.Claim(ticket.Digits); err != nil {
		t.Error(err)
	}
}

// TestTheSameWrongRequestCountsOnce, and other digits under its id once more: a refusal leaves
// the id free, but every guess counts.
func TestTheSameWrongRequestCountsOnce(t *testing.T) {
	w := apitest.NewWorld(t)
	sender := w.Desk("sender")
	ticket := sender.Issue(sender.ToPhone(sender.OpenConversation()))
	request := apitest.ClaimWith(otherThan(ticket.Digits, 0))
	for counted := 1; counted <= 2; counted++ {
		for range 12 {
			_, err := sender.Routing.ClaimTicket(w.Ctx, request)
			apitest.WantRefusalBecause(t, err, codes.FailedPrecondition, "TICKET_INVALID", "UNKNOWN")
		}
		if n := w.WrongAttempts(); n != counted {
			t.Errorf("%d attempts were counted, want %d", n, counted)
		}
		request.Secret = apitest.ClaimWith(otherThan(ticket.Digits, counted)).Secret
	}
	request.Secret = apitest.ClaimWith(ticket.Digits).Secret
	apitest.Must[*apitest.Claimed](t)(sender.Routing.ClaimTicket(w.Ctx, request))
}

// TestTheSameWrongRequestAnHourLater counts again, without its id being logged a second time.
func TestTheSameWrongRequestAnHourLater(t *testing.T) {
	w := apitest.NewWorld(t)
	request := apitest.ClaimWith("000000")
	for range 2 {
		_, err := w.Desk("sender").Routing.ClaimTicket(w.Ctx, request)
		apitest.WantRefusalBecause(t, err, codes.FailedPrecondition, "TICKET_INVALID", "UNKNOWN")
		w.Advance(time.Hour)
	}
	if n := w.WrongAttempts(); n != 2 {
		t.Errorf("%d attempts were counted, want 2", n)
	}
}

// guessing makes many guesses at once, spread over a line's desks, and counts how many tickets
// were examined.
func guessing(t *testing.T, at apitest.Desks, times int, guess func(n int) *routingv1.ClaimTicketRequest) (looked int) {
	t.Helper()
	var all sync.WaitGroup
	reasons := make(chan string, times)
	for n := range times {
		all.Go(func() {
			_, err := at[n%len(at)].Routing.ClaimTicket(at[0].Ctx, guess(n))
			reasons <- client.Reason(err)
		})
	}
	all.Wait()
	close(reasons)
	for reason := range reasons {
		switch reason {
		case "TICKET_INVALID":
			looked++
		case "TOO_MANY_ATTEMPTS":
		default:
			t.Errorf("a guess is answered %q", reason)
		}
	}
	return looked
}

// TestGuessesAtOnce: every examined guess is counted, and a service examines a line's guesses
// one at a time, so that none slips through.
func TestGuessesAtOnce(t *testing.T) {
	w := apitest.NewWorld(t)
	first := w.Desk("first")
	looked := guessing(t, apitest.Desks{first}, 200, func(n int) *routingv1.ClaimTicketRequest { return apitest.ClaimWith(otherThan("000000", n)) })
	if counted := w.WrongAttempts(); looked != 10 || counted != 10 {
		t.Errorf("%d guesses were looked at and %d counted, want 10", looked, counted)
	}
}

// TestGuessesUnderOneID are as many as under ids of their own.
func TestGuessesUnderOneID(t *testing.T) {
	w := apitest.NewWorld(t)
	id := uuid.NewString()
	looked := guessing(t, apitest.Desks{w.Desk("first")}, 50, func(n int) *routingv1.ClaimTicketRequest {
		request := apitest.ClaimWith(otherThan("000000", n))
		request.RequestId = id
		return request
	})
	if counted := w.WrongAttempts(); looked != 10 || counted != 10 {
		t.Errorf("%d guesses were looked at and %d counted, want 10", looked, counted)
	}
}

// TestGuessesAtTwoReplicas: each may be examining one when the tenth is counted.
func TestGuessesAtTwoReplicas(t *testing.T) {
	f := apitest.NewFleet(t)
	at := apitest.Desks{f.Desk("first"), f.Replica().Desk("first")}
	looked := guessing(t, at, 60, func(n int) *routingv1.ClaimTicketRequest { return apitest.ClaimWith(otherThan("000000", n)) })
	if counted := len(apitest.Logged[*eventv1.TicketRefused](f.World, "")); looked != counted || looked < 10 || looked > 11 {
		t.Errorf("%d guesses were looked at and %d counted, want 10 or 11", looked, counted)
	}
}

// TestTheLogHoldsNoSecret: neither a ticket's secret nor anything that reveals it. Six digits
// may occur by chance, but not those of two tickets.
func TestTheLogHoldsNoSecret(t *testing.T) {
	w := apitest.NewWorld(t)
	sender := w.Desk("sender")
	var tickets [2]*apitest.Issued
	var claims [2]*routingv1.ClaimTicketRequest
	conversation := ""
	for i := range tickets {
		conversation = sender.OpenConversation()
		tickets[i] = sender.Issue(sender.ToPhone(conversation))
		claims[i] = apitest.ClaimWith(tickets[i].Digits)
		apitest.Must[*apitest.Claimed](t)(sender.Routing.ClaimTicket(w.Ctx, claims[i]))
	}
	caller := caller(w, claims[0].RequestId)
	w.Stop()
	raw := rawLog(t, filepath.Join(w.Data, "log"))
	if !bytes.Contains(raw, []byte(conversation)) {
		t.Fatal("the search finds not even what is there")
	}
	for name, secret := range map[string]func(i int) []byte{
		"link":            func(i int) []byte { return []byte(tickets[i].Link) },
		"digits":          func(i int) []byte { return []byte(tickets[i].Digits) },
		"hashed link":     func(i int) []byte { return hashed([]byte(tickets[i].Link)) },
		"hashed digits":   func(i int) []byte { return hashed([]byte(tickets[i].Digits)) },
		"digits' hex":     func(i int) []byte { return []byte(hex.EncodeToString(hashed([]byte(tickets[i].Digits)))) },
		"hash of the use": func(i int) []byte { return requestHash(t, caller, claims[i]) },
	} {
		if bytes.Contains(raw, secret(0)) && bytes.Contains(raw, secret(1)) {
			t.Errorf("the log has the %s", name)
		}
	}
}

func hashed(of []byte) []byte {
	sum := sha256.Sum256(of)
	return sum[:]
}

// requestHash distinguishes requests with the same id. If a request has six digits, trying a
// million hashes reveals them.
func requestHash(t *testing.T, caller string, r *routingv1.ClaimTicketRequest) []byte {
	t.Helper()
	body := apitest.Must[[]byte](t)(proto.MarshalOptions{Deterministic: true}.Marshal(r))
	method := []byte(routingv1.RoutingService_ClaimTicket_FullMethodName)
	return hashed(bytes.Join([][]byte{hashed([]byte(caller)), hashed(method), hashed(body)}, nil))[:16]
}

// caller is who sent a request.
func caller(w *apitest.World, id string) string {
	w.T.Helper()
	wanted := uuid.MustParse(id)
	for _, s := range w.Replay(&auditv1.ReplayCommitsRequest{}).Appends {
		if bytes.Equal(s.Commit.RequestId, wanted[:]) {
			return s.Commit.Caller
		}
	}
	w.T.Fatal("the log has no such request")
	return ""
}

// rawLog is the content of all of the log's files.
func rawLog(t *testing.T, folder string) []byte {
	t.Helper()
	var all bytes.Buffer
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".blk") {
			return err
		}
		one, err := os.ReadFile(path)
		all.Write(one)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all.Bytes()
}
