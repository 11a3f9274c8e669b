package routing_test

import (
	"testing"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	"github.com/stafett/stafett/services/apitest"
)

// ownLines are the four lines, of which the receiver and the sender have their own deadlines.
func ownLines(sender, first *handoverv1.LineDeadlines) (lines []*handoverv1.Line) {
	for _, line := range apitest.FourLines() {
		line = proto.CloneOf(line)
		switch line.Name {
		case "lines/sender":
			line.Deadlines = sender
		case "lines/first":
			line.Deadlines = first
		}
		lines = append(lines, line)
	}
	return lines
}

// in checks how far ahead a deadline is.
func in(w *apitest.World, what string, deadline *timestamppb.Timestamp, want time.Duration) {
	w.T.Helper()
	if got := deadline.AsTime().Sub(w.Clock.Now()); got != want {
		w.T.Errorf("%s is due in %v, want %v", what, got, want)
	}
}

// TestALinesOwnTimes are in the events, each line's for its own steps. Other lines have the
// protocol's.
func TestALinesOwnTimes(t *testing.T) {
	w := apitest.NewWorldOf(t, ownLines(
		&handoverv1.LineDeadlines{Consent: durationpb.New(10 * time.Minute), Confirm: durationpb.New(40 * time.Second), Offer: durationpb.New(11 * time.Second)},
		&handoverv1.LineDeadlines{Offer: durationpb.New(60 * time.Second), Join: durationpb.New(20 * time.Second), Bridge: durationpb.New(50 * time.Second), Confirm: durationpb.New(33 * time.Second)},
	))
	sender, first, second := w.Desk("sender"), w.Desk("first"), w.Desk("second")
	conversation, handover := sender.Offered("first")
	in(w, "the consent", apitest.Logged[*eventv1.ConsentAsked](w, conversation)[0].Deadline, 10*time.Minute)
	in(w, "the offer", apitest.Logged[*eventv1.OfferSent](w, conversation)[0].Deadline, 60*time.Second)
	first.Accept(handover, "1")
	in(w, "the joining", apitest.Logged[*eventv1.OfferAccepted](w, conversation)[0].Deadline, 20*time.Second)
	sender.Bridge(first, handover)
	in(w, "the bridge", apitest.Logged[*eventv1.BridgeOpened](w, conversation)[0].Deadline, 50*time.Second)
	apitest.Confirm(sender, first, handover)
	in(w, "the agreement", apitest.Logged[*eventv1.ReceiverConfirmed](w, conversation)[0].Deadline, 40*time.Second)
	conversation, handover = sender.Offered("second")
	in(w, "another's offer", apitest.Logged[*eventv1.OfferSent](w, conversation)[0].Deadline, 45*time.Second)
	second.Accept(handover, "1")
	in(w, "another's joining", apitest.Logged[*eventv1.OfferAccepted](w, conversation)[0].Deadline, 30*time.Second)
}

// TestALinesOwnTimesAreKept, and those of a handover in progress do not change with the
// line's.
func TestALinesOwnTimesAreKept(t *testing.T) {
	own := &handoverv1.LineDeadlines{Offer: durationpb.New(60 * time.Second), Join: durationpb.New(20 * time.Second)}
	w := apitest.NewWorldOf(t, ownLines(nil, own))
	sender := w.Desk("sender")
	_, handover := sender.Offered("first", "second")
	w.Desk("first").Acknowledge(handover+"/offers/1", apitest.OfferAlerting)
	w.Restart(func() { w.Lines = apitest.FourLines() }) // it no longer sets any
	w.Advance(60*time.Second - time.Nanosecond)
	first := w.Desk("first")
	first.WatchOffers(0).Next(handover+"/offers/1", apitest.OfferAlerting)
	first.Accept(handover, "1")
	w.Settle()
	w.Advance(20*time.Second - time.Nanosecond)
	w.WantState(handover, handoverv1.HandoverState_HANDOVER_STATE_ACCEPTED)
	w.Advance(time.Nanosecond)
	w.WantState(handover, handoverv1.HandoverState_HANDOVER_STATE_RETURNED)
}
