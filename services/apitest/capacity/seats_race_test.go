package capacity_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"

	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	"github.com/stafett/stafett/services/apitest"
)

// racing is how many conversations race for one seat.
const racing = 64

// seatRace is a race for a line's only seat.
type seatRace struct {
	*apitest.World
	sender, first apitest.Desk
	handovers     []string
	settled       func() // waits until all routing services have processed their deadlines
}

// run lets the children of 64 conversations say yes all at once, and returns the
// handover that got the seat.
func (r *seatRace) run() (winner string) {
	r.T.Helper()
	r.handovers = make([]string, racing)
	r.all(func(i int) (err error) {
		r.handovers[i], err = r.prepare()
		return err
	})
	r.first.ReportSeats(1)
	began := time.Now()
	r.all(func(i int) error {
		_, err := r.sender.Intake.GiveConsent(r.Ctx, &intakev1.GiveConsentRequest{RequestId: uuid.NewString(), Handover: r.handovers[i], Scopes: onlyIntro})
		return err
	})
	r.settled()
	r.T.Logf("%d handovers raced for one seat in %v", racing, time.Since(began).Round(time.Millisecond))
	return r.won()
}

// all runs do for each conversation, all at once.
func (r *seatRace) all(do func(i int) error) {
	r.T.Helper()
	var group errgroup.Group
	for i := range racing {
		group.Go(func() error { return do(i) })
	}
	if err := group.Wait(); err != nil {
		r.T.Fatal(err)
	}
}

var onlyIntro = apitest.IntroAndLine[:1]

// prepare brings a handover to first to the point where the child is asked.
func (r *seatRace) prepare() (string, error) {
	id := uuid.NewString
	opened, err := r.sender.Intake.OpenConversation(r.Ctx, &intakev1.OpenConversationRequest{RequestId: id(), Channel: apitest.Chat, LanguageCode: "nb", Child: "child"})
	if err != nil {
		return "", err
	}
	if _, err := r.sender.Joining(opened.Recorded.Name, "mina", id())(r.Ctx); err != nil {
		return "", err
	}
	proposed, err := r.sender.Routing.ProposeHandover(r.Ctx, &routingv1.ProposeHandoverRequest{
		RequestId: id(), Conversation: opened.Recorded.Name, Candidates: []string{"lines/first"},
	})
	if err != nil {
		return "", err
	}
	_, err = r.sender.Intake.AskConsent(r.Ctx, &intakev1.AskConsentRequest{RequestId: id(), Handover: proposed.Recorded.Name, Scopes: onlyIntro})
	return proposed.Recorded.Name, err
}

// won is the handover that got the offer. All others must have returned.
func (r *seatRace) won() (winner string) {
	r.T.Helper()
	sent := 0
	for _, handover := range r.handovers {
		h := apitest.Must[*routingv1.Handover](r.T)(r.sender.Routing.GetHandover(r.Ctx, &routingv1.GetHandoverRequest{Name: handover}))
		switch h.State {
		case handoverv1.HandoverState_HANDOVER_STATE_OFFERED:
			winner = handover
			sent++
		case handoverv1.HandoverState_HANDOVER_STATE_RETURNED:
		default:
			r.T.Errorf("%s is %v", handover, h.State)
		}
	}
	if sent != 1 {
		r.T.Fatalf("%d of %d handovers got the one seat, want one", sent, racing)
	}
	return winner
}

// goOn runs races, each after the seat is freed in some way, and checks that the log has one
// offer for each.
func (r *seatRace) goOn(ends ...string) {
	r.T.Helper()
	for _, how := range ends {
		winner := r.run()
		seats(r.World, "first", 0, 1)
		conversation, _, _ := strings.Cut(winner, "/handovers/")
		ways[how](r.sender, r.first, conversation, winner)
		r.settled()
		seats(r.World, "first", 1, 0)
	}
	if n := len(apitest.Logged[*eventv1.OfferSent](r.World, "")); n != len(ends) {
		r.T.Errorf("the log has %d offers of %d races", n, len(ends))
	}
}

// TestTheRaceForASeat: one of 64 conversations gets a line's only seat, all others return, and
// the seat is free for the next 64.
func TestTheRaceForASeat(t *testing.T) {
	w := apitest.NewQuietWorld(t, apitest.FourLines())
	r := seatRace{World: w, sender: w.Desk("sender"), first: w.Desk("first"), settled: w.Settle}
	r.goOn("declined", "called off once accepted")
}

// TestTheRaceForASeatAtTwoServices: two routing services process all deadlines, each as if it
// were alone.
func TestTheRaceForASeatAtTwoServices(t *testing.T) {
	f := apitest.NewFleet(t)
	other := f.Replica()
	f.Quiet = true
	r := seatRace{World: f.World, sender: f.Desk("sender"), first: f.Desk("first"), settled: func() { f.SettleAll(f.World, other) }}
	r.goOn("declined", "called off once accepted")
}
