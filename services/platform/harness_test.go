package platform_test

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jonboulle/clockwork"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/stafett/stafett/pkg/client"
	"github.com/stafett/stafett/pkg/directory"
	"github.com/stafett/stafett/pkg/invariant"
	"github.com/stafett/stafett/pkg/taxonomy"
	auditv1 "github.com/stafett/stafett/proto/stafett/audit/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	"github.com/stafett/stafett/services/internal/identity"
	"github.com/stafett/stafett/services/platform"
)

// The lines of these tests are always open and for everything, so they are asked
// in the order of their names.
var fourLines = sync.OnceValue(func() []*handoverv1.Line {
	var text strings.Builder
	text.WriteString("lines:\n")
	for _, id := range []string{"sender", "first", "second", "third"} {
		text.WriteString("  - {id: " + id + ", names: {nb: " + id + ", da: " + id + ", en: " + id + "}, operator: test, country: \"NO\", " +
			"time_zone: Europe/Oslo, topics: [\"*\"], ages: 0-25, languages: [nb], anonymous: true, " +
			"hours: {chat: [\"every day 00:00-24:00\"]}}\n")
	}
	lines, err := directory.Parse("test", []byte(text.String()))
	if err != nil {
		panic(err)
	}
	return lines
})

// world is a platform whose clock stands still.
type world struct {
	*platform.Platform
	t      *testing.T
	ctx    context.Context
	data   string
	lines  []*handoverv1.Line
	clock  *clockwork.FakeClock
	spoke  time.Time // when the desks last said by themselves that they have seats
	quiet  bool      // they say nothing by themselves: the test does
	untold bool      // audit tells nobody anything, so nothing is checked at the end
	once   bool      // the lines are published into an empty log only
	down   func()
	topics *taxonomy.Taxonomy
}

// newWorld starts a platform. Tests that have one run beside each other.
func newWorld(t *testing.T) *world {
	t.Helper()
	return newWorldOf(t, fourLines())
}

// newWorldOf starts a platform with a directory of its own.
func newWorldOf(t *testing.T, lines []*handoverv1.Line) *world {
	t.Helper()
	return newWorldUnder(t, nil, lines)
}

// newWorldUnder starts a platform with a taxonomy of its own as well.
func newWorldUnder(t *testing.T, topics *taxonomy.Taxonomy, lines []*handoverv1.Line) *world {
	t.Helper()
	t.Parallel()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	t.Cleanup(cancel)
	w := &world{t: t, ctx: ctx, data: certifiedFolder(t), lines: lines, topics: topics, clock: clockwork.NewFakeClockAt(time.Date(2026, 11, 23, 19, 0, 0, 0, time.UTC))}
	w.start()
	return w
}

// start starts the platform on its folder, for the first time or again.
func (w *world) start() {
	w.t.Helper()
	p, err := platform.Up(w.ctx, platform.Config{Data: w.data, Lines: w.lines, Once: w.once, Topics: w.topics, Clock: w.clock})
	if err != nil {
		w.t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- p.Run(ctx) }()
	w.Platform = p
	w.down = sync.OnceFunc(func() {
		w.sound()
		cancel()
		if err := <-done; err != nil {
			w.t.Errorf("the platform did not stop cleanly: %v", err)
		}
	})
	w.t.Cleanup(w.down)
}

// staffed lets the desks of every line say that they have seats, where they have not
// said so of late.
func (w *world) staffed() {
	w.t.Helper()
	if w.quiet || w.clock.Since(w.spoke) < time.Minute {
		return
	}
	w.spoke = w.clock.Now()
	for _, line := range w.lines {
		w.desk(directory.ID(line)).free(1000)
	}
}

// free says how many seats are free at the line's desks.
func (d desk) free(seats int32) *routingv1.ReportCapacityResponse {
	d.t.Helper()
	return must[*routingv1.ReportCapacityResponse](d.t)(d.Directory.ReportCapacity(d.ctx, &routingv1.ReportCapacityRequest{
		Seats: []*handoverv1.SeatReport{{Channel: chat, Free: seats}, {Channel: phone, Free: seats}},
	}))
}

// sound checks the protocol's invariants against the log, as after every test.
// Tests let time jump, which to the log is a platform that was down.
func (w *world) sound() {
	w.t.Helper()
	if w.t.Failed() || w.untold {
		return
	}
	var history []invariant.Recorded
	for _, s := range w.replay(&auditv1.ReplayCommitsRequest{}).appends {
		history = append(history, invariant.Recorded{Position: s.Position, Commit: s.Commit, PayloadHash: s.PayloadHash})
	}
	if err := invariant.Check(history, invariant.Unhurried()).Err(); err != nil {
		w.t.Error(err)
	}
}

// settle waits until the platform has done all that is due.
func (w *world) settle() {
	w.t.Helper()
	if err := w.Settled(w.ctx); err != nil {
		w.t.Fatal(err)
	}
}

// pass lets time go by.
func (w *world) pass(d time.Duration) {
	w.t.Helper()
	w.clock.Advance(d)
	w.settle()
}

// last is the end of the log.
func (w *world) last() uint64 {
	w.t.Helper()
	w.settle()
	stream := must[auditReplay](w.t)(w.auditor().Audit.ReplayCommits(w.ctx, &auditv1.ReplayCommitsRequest{Purpose: exercise}))
	return receiveAll(w.t, stream).position
}

func (w *world) auditor() *client.Platform {
	w.t.Helper()
	return w.peer(identity.Auditor, "auditor")
}

// peer connects as somebody, who is certified if they are not yet.
func (w *world) peer(kind identity.Kind, id string) *client.Platform {
	w.t.Helper()
	authority := must[*identity.Authority](w.t)(identity.OpenAuthority(platform.IdentityFolder(w.data), identity.DefaultDomain))
	peer := must[identity.Peer](w.t)(authority.Peer(kind, id))
	if err := authority.Issue(peer, nil); err != nil {
		w.t.Fatal(err)
	}
	return connect(w.t, w.Platform, w.data, kind, id)
}

// desk is a line's own system.
type desk struct {
	*client.Platform
	*world
	line string
}

func (w *world) desk(line string) desk {
	w.t.Helper()
	return desk{w.peer(identity.Line, line), w, line}
}

// done takes the answer to a command that must be recorded.
func (d desk) done(recorded *handoverv1.Recorded, err error) *handoverv1.Recorded {
	d.t.Helper()
	return must[*handoverv1.Recorded](d.t)(recorded, err)
}

// open opens a conversation with a counsellor in it and returns its name.
func (d desk) open() string {
	d.t.Helper()
	opened := d.done(d.Intake.OpenConversation(d.ctx, &intakev1.OpenConversationRequest{
		RequestId: uuid.NewString(), Channel: handoverv1.Channel_CHANNEL_CHAT, Language: "nb", Child: "child",
	}))
	d.done(d.Intake.JoinConversation(d.ctx, &intakev1.JoinConversationRequest{
		RequestId: uuid.NewString(), Conversation: opened.Name, Participant: "mina", Role: handoverv1.Role_ROLE_COUNSELLOR,
	}))
	return opened.Name
}

// propose begins a handover to candidates, which are staffed, with a packet of two parts.
func (d desk) propose(conversation string, candidates ...string) string {
	d.t.Helper()
	d.staffed()
	for i, line := range candidates {
		candidates[i] = "lines/" + line
	}
	handover := d.done(d.Routing.ProposeHandover(d.ctx, &routingv1.ProposeHandoverRequest{
		RequestId: uuid.NewString(), Conversation: conversation, Candidates: candidates,
	})).Name
	for part, sealed := range map[handoverv1.Scope]string{handoverv1.Scope_SCOPE_ONE_LINE: "one line", handoverv1.Scope_SCOPE_SUMMARY: "summary"} {
		d.done(d.Intake.SealPacket(d.ctx, &intakev1.SealPacketRequest{
			RequestId: uuid.NewString(), Handover: handover, Part: part, Sealed: []byte(sealed),
		}))
	}
	return handover
}

var introAndLine = []handoverv1.Scope{handoverv1.Scope_SCOPE_INTRO, handoverv1.Scope_SCOPE_ONE_LINE}

// consent lets the child say yes to its introduction with one line.
func (d desk) consent(handover string) {
	d.t.Helper()
	d.done(d.Intake.AskConsent(d.ctx, &intakev1.AskConsentRequest{
		RequestId: uuid.NewString(), Handover: handover, Scopes: append(slices.Clone(introAndLine), handoverv1.Scope_SCOPE_SUMMARY),
	}))
	d.done(d.Intake.GiveConsent(d.ctx, &intakev1.GiveConsentRequest{RequestId: uuid.NewString(), Handover: handover, Scopes: introAndLine}))
	d.settle()
}

// offered brings a handover so far that the first candidate is asked.
func (d desk) offered(candidates ...string) (conversation, handover string) {
	d.t.Helper()
	conversation = d.open()
	handover = d.propose(conversation, candidates...)
	d.consent(handover)
	return conversation, handover
}

func (d desk) accept(handover string, offer string) *handoverv1.Recorded {
	d.t.Helper()
	return d.done(d.Routing.AcceptOffer(d.ctx, &routingv1.AcceptOfferRequest{RequestId: uuid.NewString(), Offer: handover + "/offers/" + offer}))
}

func (d desk) decline(handover string, offer string) *handoverv1.Recorded {
	d.t.Helper()
	return d.done(d.Routing.DeclineOffer(d.ctx, &routingv1.DeclineOfferRequest{
		RequestId: uuid.NewString(), Offer: handover + "/offers/" + offer, Code: handoverv1.DeclineCode_DECLINE_CODE_NO_CAPACITY,
	}))
}

func (d desk) close(conversation string) *handoverv1.Recorded {
	d.t.Helper()
	return d.done(d.Intake.CloseConversation(d.ctx, &intakev1.CloseConversationRequest{
		RequestId: uuid.NewString(), Conversation: conversation, Reason: handoverv1.CloseReason_CLOSE_REASON_FINISHED,
	}))
}

// bridge brings sender, receiver and child together.
func (d desk) bridge(receiver desk, handover string) {
	d.t.Helper()
	d.done(receiver.Routing.JoinHandover(d.ctx, &routingv1.JoinHandoverRequest{RequestId: uuid.NewString(), Handover: handover, Participant: "aksel"}))
	d.done(d.Routing.OpenBridge(d.ctx, &routingv1.OpenBridgeRequest{RequestId: uuid.NewString(), Handover: handover, Participant: "mina"}))
}

// transfer moves custody over the bridge.
func (d desk) transfer(receiver desk, handover string) {
	d.t.Helper()
	d.done(receiver.Routing.ConfirmHandover(d.ctx, &routingv1.ConfirmHandoverRequest{RequestId: uuid.NewString(), Handover: handover, Participant: "aksel"}))
	d.done(d.Intake.AgreeToHandover(d.ctx, &intakev1.AgreeToHandoverRequest{RequestId: uuid.NewString(), Handover: handover}))
	d.settle()
}

func (d desk) say(conversation, participant, words string) *handoverv1.Recorded {
	d.t.Helper()
	return d.done(d.Intake.SendMessage(d.ctx, &intakev1.SendMessageRequest{
		RequestId: uuid.NewString(), Conversation: conversation, Participant: participant,
		Audience: handoverv1.Audience_AUDIENCE_ALL, Sealed: []byte(words),
	}))
}

// refused checks why an answer is a refusal.
func refused(t *testing.T, err error, code codes.Code, reason string) {
	t.Helper()
	if status.Code(err) != code || client.Reason(err) != reason {
		t.Errorf("answered %v with reason %q, want %v with %s", err, client.Reason(err), code, reason)
	}
}
