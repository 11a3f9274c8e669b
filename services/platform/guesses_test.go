package platform_test

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
)

// guesses tries wrong digits until the line may try no more.
func (d desk) guesses(right string, times int) {
	d.t.Helper()
	for n := range times {
		_, err := d.claim(otherThan(right, n))
		refusedBecause(d.t, err, codes.FailedPrecondition, "TICKET_INVALID", "UNKNOWN")
	}
}

// counted is how many wrong attempts the log has.
func (w *world) counted() int {
	w.t.Helper()
	return len(logged[*eventv1.TicketRefused](w, ""))
}

// TestTenWrongTickets: then none is looked at, for ten minutes, whatever happens
// to the platform. Other lines can go on.
func TestTenWrongTickets(t *testing.T) {
	w := newWorld(t)
	sender := w.desk("sender")
	ticket := sender.issue(sender.toPhone(sender.open()))
	sender.guesses(ticket.Digits, 9)
	w.pass(time.Minute)
	sender.guesses(ticket.Link[:6], 1)
	for name, meanwhile := range map[string]func(){
		"at once":   func() {},
		"restarted": func() { w.restart(func() {}) },
		"rebuilt":   func() { w.restart(func() { w.remove(readModels...) }) },
	} {
		t.Log(name)
		meanwhile()
		w.unchanged(func() {
			for _, secret := range []string{ticket.Digits, otherThan(ticket.Digits, 99)} {
				_, err := w.desk("sender").claim(secret)
				refused(t, err, codes.ResourceExhausted, "TOO_MANY_ATTEMPTS")
			}
		})
	}
	w.desk("first").guesses(ticket.Digits, 1)
	w.pass(9*time.Minute - time.Nanosecond)
	_, err := w.desk("sender").claim(ticket.Digits)
	refused(t, err, codes.ResourceExhausted, "TOO_MANY_ATTEMPTS")
	byLink := w.desk("sender") // nobody guesses 128 bits, so nobody locks out a link
	must[*claimed](t)(byLink.claim(byLink.issue(byLink.toPhone(byLink.open())).Link))
	w.pass(time.Nanosecond) // nine of the ten are ten minutes old
	w.desk("sender").guesses(ticket.Digits, 1)
}

// TestAClaimIsAnsweredAgain while its line may try no more: the answer of the
// first was lost on the way.
func TestAClaimIsAnsweredAgain(t *testing.T) {
	w := newWorld(t)
	sender := w.desk("sender")
	ticket := sender.issue(sender.toPhone(sender.open()))
	request := using(ticket.Digits)
	once := must[*claimed](t)(sender.Routing.ClaimTicket(w.ctx, request))
	sender.guesses(ticket.Digits, 10)
	again := must[*claimed](t)(sender.Routing.ClaimTicket(w.ctx, request))
	if !proto.Equal(once, again) {
		t.Errorf("answered %v, want %v", again, once)
	}
	for name, other := range map[string]*routingv1.ClaimTicketRequest{
		"the same digits in another request": using(ticket.Digits),
		"other digits under its id":          {RequestId: request.RequestId, Secret: using(otherThan(ticket.Digits, 1)).Secret},
	} {
		t.Log(name)
		_, err := sender.Routing.ClaimTicket(w.ctx, other)
		refused(t, err, codes.ResourceExhausted, "TOO_MANY_ATTEMPTS")
	}
}

// TestAStrangersTicket: a line that is certified and not in the directory guesses
// nothing, leaves nothing behind and breaks nothing for others.
func TestAStrangersTicket(t *testing.T) {
	w := newWorld(t)
	stranger := w.desk("stranger")
	w.unchanged(func() {
		for _, secret := range []string{"000000", strings.Repeat("a", 26)} {
			_, err := stranger.claim(secret)
			refused(t, err, codes.NotFound, "LINE_NOT_FOUND")
		}
	})
	listed := must[*routingv1.ListLinesResponse](t)(w.desk("sender").Routing.ListLines(w.ctx, &routingv1.ListLinesRequest{}))
	if len(listed.Lines) != len(w.lines) {
		t.Errorf("the directory has %d lines, want %d", len(listed.Lines), len(w.lines))
	}
}

// TestARightTicketAfterTenMinutes is looked at again.
func TestARightTicketAfterTenMinutes(t *testing.T) {
	w := newWorld(t)
	sender := w.desk("sender")
	sender.guesses("000000", 10)
	w.pass(10 * time.Minute)
	ticket := sender.issue(sender.toPhone(sender.open()))
	if _, err := sender.claim(ticket.Digits); err != nil {
		t.Error(err)
	}
}

// TestTheSameWrongRequestCountsOnce, and other digits under its id once more: what
// was refused leaves the id free, and no guess is for nothing.
func TestTheSameWrongRequestCountsOnce(t *testing.T) {
	w := newWorld(t)
	sender := w.desk("sender")
	ticket := sender.issue(sender.toPhone(sender.open()))
	request := using(otherThan(ticket.Digits, 0))
	for counted := 1; counted <= 2; counted++ {
		for range 12 {
			_, err := sender.Routing.ClaimTicket(w.ctx, request)
			refusedBecause(t, err, codes.FailedPrecondition, "TICKET_INVALID", "UNKNOWN")
		}
		if n := w.counted(); n != counted {
			t.Errorf("%d attempts were counted, want %d", n, counted)
		}
		request.Secret = using(otherThan(ticket.Digits, counted)).Secret
	}
	request.Secret = using(ticket.Digits).Secret
	must[*claimed](t)(sender.Routing.ClaimTicket(w.ctx, request))
}

// TestTheSameWrongRequestAnHourLater counts anew, without its id a second time in
// the log.
func TestTheSameWrongRequestAnHourLater(t *testing.T) {
	w := newWorld(t)
	request := using("000000")
	for range 2 {
		_, err := w.desk("sender").Routing.ClaimTicket(w.ctx, request)
		refusedBecause(t, err, codes.FailedPrecondition, "TICKET_INVALID", "UNKNOWN")
		w.pass(time.Hour)
	}
	if n := w.counted(); n != 2 {
		t.Errorf("%d attempts were counted, want 2", n)
	}
}

// guessing lets many guess at once, by turns at several desks of a line, and
// counts how many tickets were looked at.
func guessing(t *testing.T, at desks, times int, guess func(n int) *routingv1.ClaimTicketRequest) (looked int) {
	t.Helper()
	var all sync.WaitGroup
	reasons := make(chan string, times)
	for n := range times {
		all.Go(func() {
			_, err := at[n%len(at)].Routing.ClaimTicket(at[0].ctx, guess(n))
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

// TestGuessesAtOnce: each that is looked at is counted, and a service looks at
// one of a line's after the other, so that none slips through.
func TestGuessesAtOnce(t *testing.T) {
	w := newWorld(t)
	first := w.desk("first")
	looked := guessing(t, desks{first}, 200, func(n int) *routingv1.ClaimTicketRequest { return using(otherThan("000000", n)) })
	if counted := w.counted(); looked != 10 || counted != 10 {
		t.Errorf("%d guesses were looked at and %d counted, want 10", looked, counted)
	}
}

// TestGuessesUnderOneID are as many as under ids of their own.
func TestGuessesUnderOneID(t *testing.T) {
	w := newWorld(t)
	id := uuid.NewString()
	looked := guessing(t, desks{w.desk("first")}, 50, func(n int) *routingv1.ClaimTicketRequest {
		request := using(otherThan("000000", n))
		request.RequestId = id
		return request
	})
	if counted := w.counted(); looked != 10 || counted != 10 {
		t.Errorf("%d guesses were looked at and %d counted, want 10", looked, counted)
	}
}

// TestGuessesAtTwoReplicas: each may be looking at one when the tenth is counted.
func TestGuessesAtTwoReplicas(t *testing.T) {
	f := newFleet(t)
	at := desks{f.desk("first"), f.replica().desk("first")}
	looked := guessing(t, at, 60, func(n int) *routingv1.ClaimTicketRequest { return using(otherThan("000000", n)) })
	if counted := len(logged[*eventv1.TicketRefused](f.world, "")); looked != counted || looked < 10 || looked > 11 {
		t.Errorf("%d guesses were looked at and %d counted, want 10 or 11", looked, counted)
	}
}

// TestTheLogHoldsNoSecret: neither a ticket's nor what tells it. Six digits may
// be in it by chance, but not those of two tickets.
func TestTheLogHoldsNoSecret(t *testing.T) {
	w := newWorld(t)
	sender := w.desk("sender")
	var tickets [2]*issued
	var claims [2]*routingv1.ClaimTicketRequest
	conversation := ""
	for i := range tickets {
		conversation = sender.open()
		tickets[i] = sender.issue(sender.toPhone(conversation))
		claims[i] = using(tickets[i].Digits)
		must[*claimed](t)(sender.Routing.ClaimTicket(w.ctx, claims[i]))
	}
	caller := w.caller(claims[0].RequestId)
	w.down()
	raw := rawLog(t, filepath.Join(w.data, "log"))
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

// requestHash is what tells a request from others of its id. Of one with six
// digits it tells the digits, to who tries them all.
func requestHash(t *testing.T, caller string, r *routingv1.ClaimTicketRequest) []byte {
	t.Helper()
	body := must[[]byte](t)(proto.MarshalOptions{Deterministic: true}.Marshal(r))
	method := []byte(routingv1.RoutingService_ClaimTicket_FullMethodName)
	return hashed(bytes.Join([][]byte{hashed([]byte(caller)), hashed(method), hashed(body)}, nil))[:16]
}

// caller is who sent a request.
func (w *world) caller(id string) string {
	w.t.Helper()
	wanted := uuid.MustParse(id)
	for _, s := range w.replay(&auditv1.ReplayCommitsRequest{}).appends {
		if bytes.Equal(s.Commit.RequestId, wanted[:]) {
			return s.Commit.Caller
		}
	}
	w.t.Fatal("the log has no such request")
	return ""
}

// rawLog is everything that the log's files have.
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
