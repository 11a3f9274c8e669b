package invariant_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/stafett/stafett/pkg/event"
	"github.com/stafett/stafett/pkg/invariant"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

const (
	seatChat  = handoverv1.Channel_CHANNEL_CHAT
	seatTalk  = "0123456789abcdef0123456789abcdef"
	seatOffer = "conversations/" + seatTalk + "/handovers/1/offers/1"
	// secondOffer is of another handover, whose child is in danger.
	secondOffer = "conversations/" + seatTalk + "/handovers/2/offers/1"
)

var seatsBegin = time.Date(2026, 3, 3, 19, 0, 0, 0, time.UTC)

// seatsStory is a history in which a line has one seat and is asked. Only what SEAT
// looks at is in it.
func seatsStory(change func([]proto.Message) []proto.Message) []invariant.Recorded {
	events := []proto.Message{
		&eventv1.LinePublished{Line: &handoverv1.Line{Name: "lines/first"}},
		&eventv1.CapacityReported{
			Seats: []*handoverv1.SeatReport{{Channel: seatChat, Free: 1}}, ExpireTime: timestamppb.New(seatsBegin.Add(2 * time.Minute)),
		},
		&eventv1.HandoverProposed{Handover: 1, Header: &handoverv1.PacketHeader{Channel: seatChat}},
		&eventv1.SeatLeased{Offer: seatOffer, Channel: seatChat},
		&eventv1.OfferSent{Handover: 1, Offer: 1, Line: "first"},
	}
	var history []invariant.Recorded
	for i, what := range change(events) {
		subject := "stafett.conversation." + seatTalk
		if e := event.Of(what); slices.Contains([]string{"LinePublished", "CapacityReported", "SeatLeased", "LineClosed", "LineReopened", "LineSuspended", "LineReinstated", "LineRemoved"}, event.Name(e)) {
			subject = "stafett.line.first"
		}
		history = append(history, invariant.Recorded{Position: uint64(i + 1), Commit: &eventv1.Commit{
			Subject: subject, RecordTime: timestamppb.New(seatsBegin.Add(time.Duration(i) * time.Second)), Events: []*eventv1.Event{event.Of(what)},
		}})
	}
	return history
}

func TestSeats(t *testing.T) {
	closing := &eventv1.LineClosed{Closure: &handoverv1.Closure{
		StartTime: timestamppb.New(seatsBegin), EndTime: timestamppb.New(seatsBegin.Add(time.Hour)),
	}}
	other := &eventv1.SeatLeased{Offer: seatOffer + "0", Channel: seatChat}
	emergency := &eventv1.LinePublished{Line: &handoverv1.Line{Name: "lines/first", Emergency: true}}
	declined := &eventv1.OfferDeclined{Handover: 1, Offer: 1}
	joined := &eventv1.ReceiverJoined{Handover: 1, Line: "first"}
	type events = []proto.Message
	danger := &eventv1.RiskAssessed{Level: handoverv1.RiskLevel_RISK_LEVEL_R4}
	asked, before := &eventv1.OfferSent{Handover: 2, Offer: 1, Line: "first"}, &eventv1.HandoverProposed{Handover: 2, Header: &handoverv1.PacketHeader{Channel: seatChat}}
	taking := &eventv1.SeatLeased{Offer: secondOffer, Channel: seatChat, Preempts: seatOffer}
	lost := &eventv1.OfferWithdrawn{Handover: 1, Offer: 1, Reason: handoverv1.PassReason_PASS_REASON_PREEMPTED}
	calm, accepted := &eventv1.RiskAssessed{}, &eventv1.OfferAccepted{Handover: 1, Offer: 1, Line: "first"}
	third := &eventv1.SeatLeased{Offer: "conversations/other/handovers/1/offers/1", Channel: seatChat}
	for name, test := range map[string]struct {
		change func(events) events
		want   string // of the only violation
	}{
		"taken over":                             {func(e events) events { return append(e, danger, before, taking, calm, lost, asked) }, ""},
		"taken over in no danger":                {func(e events) events { return append(e, before, taking, lost, asked) }, "a seat was set aside for " + secondOffer + " although none was left; " + secondOffer + " takes over a seat without imminent danger"},
		"rings at a seat that another offer has": {func(e events) events { return append(e, danger, before, taking, calm, asked) }, "first was asked at the seat of " + seatOffer + ", which was not withdrawn"},
		"the next seat goes to another": {func(e events) events {
			return append(e, danger, before, taking, calm, lost, asked, &eventv1.OfferDeclined{Handover: 2, Offer: 1}, third)
		}, "a seat was set aside for " + third.Offer + " although none was left"},
		"the next seat is its own": {func(e events) events {
			return append(e, danger, before, taking, calm, lost, asked, &eventv1.OfferDeclined{Handover: 2, Offer: 1}, other)
		}, ""},
		"accepted before":        {func(e events) events { return append(e, accepted, danger, before, taking, calm, lost, asked) }, seatOffer + " lost its seat, which nobody needed or which was accepted"},
		"sound":                  {func(e events) events { return e }, ""},
		"not set aside":          {func(e events) events { return slices.Delete(e, 3, 4) }, "first was asked and no seat there was set aside"},
		"nobody spoke":           {func(e events) events { return slices.Delete(e, 1, 2) }, "a seat was set aside for " + seatOffer + " of which nobody knew"},
		"an emergency line":      {func(e events) events { e[0] = emergency; return slices.Delete(e, 1, 2) }, ""},
		"closed":                 {func(e events) events { return slices.Insert(e, 2, proto.Message(closing)) }, "a seat was set aside for " + seatOffer + " while the line was closed"},
		"reopened":               {func(e events) events { return slices.Insert(e, 2, events{closing, &eventv1.LineReopened{}}...) }, ""},
		"taken by another":       {func(e events) events { return slices.Insert(e, 3, proto.Message(other)) }, "a seat was set aside for " + seatOffer + " although none was left"},
		"free after a no":        {func(e events) events { return append(e, declined, other) }, ""},
		"taken by who has come":  {func(e events) events { return append(e, joined, other) }, "a seat was set aside for " + seatOffer + "0 although none was left"},
		"free after a new word":  {func(e events) events { return append(e, joined, e[1], other) }, ""},
		"free after the return":  {func(e events) events { return append(e, &eventv1.HandoverReturned{Handover: 1}, other) }, ""},
		"nothing known of lines": {func(e events) events { return slices.Delete(e, 0, 2) }, "a seat was set aside for " + seatOffer + " of which nobody knew"},
	} {
		t.Run(name, func(t *testing.T) {
			var found []string
			for _, violation := range invariant.Check(seatsStory(test.change)).Violations {
				if violation.Invariant == "SEAT" {
					found = append(found, violation.Message)
				}
			}
			if got := strings.Join(found, "; "); got != test.want {
				t.Errorf("found %q, want %q", got, test.want)
			}
		})
	}
}

// TestWithdrawals: a line that can no longer take the child while it is asked loses its offer.
func TestWithdrawals(t *testing.T) {
	closing := &eventv1.LineClosed{Closure: &handoverv1.Closure{
		StartTime: timestamppb.New(seatsBegin), EndTime: timestamppb.New(seatsBegin.Add(time.Hour)),
	}}
	suspended, withdrawn := &eventv1.LineSuspended{}, &eventv1.OfferWithdrawn{Handover: 1, Offer: 1}
	accepted, later := &eventv1.OfferAccepted{Handover: 1, Offer: 1}, &eventv1.ReceiverJoined{Handover: 1}
	stayed := seatOffer + ` stayed with "first", which could not take the child since position 6`
	type events = []proto.Message
	advice, advised := &eventv1.ConsultationAsked{Consultation: 1, Line: "first"}, &eventv1.ConsultationAccepted{Consultation: 1}
	unadvised := "conversations/" + seatTalk + `/consultations/1 stayed with "first", which could not take the child since position 7`
	onChat := &eventv1.LineClosed{Closure: &handoverv1.Closure{Channels: []handoverv1.Channel{seatChat}, StartTime: timestamppb.New(seatsBegin), EndTime: timestamppb.New(seatsBegin.Add(time.Hour))}}
	for name, test := range map[string]struct {
		change func(events) events
		want   string
	}{
		"asked for advice": {func(e events) events { return append(e[:4:4], advice, later, suspended, later, later, later) }, unadvised},
		"withdrawn from advice": {func(e events) events {
			return append(e[:4:4], advice, later, suspended, &eventv1.ConsultationWithdrawn{Consultation: 1}, later, later)
		}, ""},
		"advises already":                {func(e events) events { return append(e[:4:4], advice, advised, suspended, later, later, later) }, ""},
		"advises where chats are closed": {func(e events) events { return append(e[:4:4], advice, later, onChat, later, later, later) }, ""},
		"at once":                        {func(e events) events { return append(e, closing, withdrawn, later, later) }, ""},
		"never":                          {func(e events) events { return append(e, closing, later, later, later) }, stayed},
		"late":                           {func(e events) events { return append(e, closing, later, later, withdrawn) }, stayed},
		"suspended":                      {func(e events) events { return append(e, suspended, later, later, later) }, stayed},
		"reinstated":                     {func(e events) events { return append(e, suspended, &eventv1.LineReinstated{}, later, later, later) }, ""},
		"removed":                        {func(e events) events { return append(e, &eventv1.LineRemoved{}, later, later, later) }, stayed},
		"accepted before":                {func(e events) events { return append(e, accepted, closing, later, later, later) }, ""},
		"asked while it was":             {func(e events) events { return slices.Insert(e, 2, proto.Message(suspended)) }, `"first" was asked while it was suspended`},
		"asked after it ended":           {func(e events) events { return slices.Insert(e, 2, events{suspended, &eventv1.LineReinstated{}}...) }, ""},
	} {
		t.Run(name, func(t *testing.T) {
			var found []string
			for _, violation := range invariant.Check(seatsStory(test.change)).Violations {
				if violation.Invariant == "I14" && !strings.Contains(violation.Message, "is not number") {
					found = append(found, violation.Message)
				}
			}
			if got := strings.Join(found, "; "); got != test.want {
				t.Errorf("found %q, want %q", got, test.want)
			}
		})
	}
}
