package platform_test

import (
	"testing"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// ownLines are the four, of which the receiver and the sender have their own
// times.
func ownLines(sender, first *handoverv1.LineDeadlines) (lines []*handoverv1.Line) {
	for _, line := range fourLines() {
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

// in checks how far ahead a deadline lies.
func (w *world) in(what string, deadline *timestamppb.Timestamp, want time.Duration) {
	w.t.Helper()
	if got := deadline.AsTime().Sub(w.clock.Now()); got != want {
		w.t.Errorf("%s is due in %v, want %v", what, got, want)
	}
}

// TestALinesOwnTimes are in the events, each line's for its own steps. Another
// line has the protocol's.
func TestALinesOwnTimes(t *testing.T) {
	w := newWorldOf(t, ownLines(
		&handoverv1.LineDeadlines{Consent: durationpb.New(10 * time.Minute), Confirm: durationpb.New(40 * time.Second), Offer: durationpb.New(11 * time.Second)},
		&handoverv1.LineDeadlines{Offer: durationpb.New(60 * time.Second), Join: durationpb.New(20 * time.Second), Bridge: durationpb.New(50 * time.Second), Confirm: durationpb.New(33 * time.Second)},
	))
	sender, first, second := w.desk("sender"), w.desk("first"), w.desk("second")
	conversation, handover := sender.offered("first")
	w.in("the consent", logged[*eventv1.ConsentAsked](w, conversation)[0].Deadline, 10*time.Minute)
	w.in("the offer", logged[*eventv1.OfferSent](w, conversation)[0].Deadline, 60*time.Second)
	first.accept(handover, "1")
	w.in("the joining", logged[*eventv1.OfferAccepted](w, conversation)[0].Deadline, 20*time.Second)
	sender.bridge(first, handover)
	w.in("the bridge", logged[*eventv1.BridgeOpened](w, conversation)[0].Deadline, 50*time.Second)
	confirm(sender, first, handover)
	w.in("the agreement", logged[*eventv1.ReceiverConfirmed](w, conversation)[0].Deadline, 40*time.Second)
	conversation, handover = sender.offered("second")
	w.in("another's offer", logged[*eventv1.OfferSent](w, conversation)[0].Deadline, 45*time.Second)
	second.accept(handover, "1")
	w.in("another's joining", logged[*eventv1.OfferAccepted](w, conversation)[0].Deadline, 30*time.Second)
}

// TestALinesOwnTimesAreKept, and those of a handover under way stay as they were
// when the line changes them.
func TestALinesOwnTimesAreKept(t *testing.T) {
	own := &handoverv1.LineDeadlines{Offer: durationpb.New(60 * time.Second), Join: durationpb.New(20 * time.Second)}
	w := newWorldOf(t, ownLines(nil, own))
	sender := w.desk("sender")
	_, handover := sender.offered("first", "second")
	w.desk("first").acknowledge(handover+"/offers/1", offerAlerting)
	w.restart(func() { w.lines = fourLines() }) // it sets none any more
	w.pass(60*time.Second - time.Nanosecond)
	first := w.desk("first")
	first.offers(0).next(handover+"/offers/1", offerAlerting)
	first.accept(handover, "1")
	w.settle()
	w.pass(20*time.Second - time.Nanosecond)
	w.stands(handover, handoverv1.HandoverState_HANDOVER_STATE_ACCEPTED)
	w.pass(time.Nanosecond)
	w.stands(handover, handoverv1.HandoverState_HANDOVER_STATE_RETURNED)
}
