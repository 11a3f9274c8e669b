package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/stafett/stafett/pkg/client"
	"github.com/stafett/stafett/pkg/sealing"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
)

// receiver is the line that takes over.
type receiver struct {
	system
	offer, conversation, handover string
	at                            uint64
}

func (r *receiver) run(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	if err := r.report(ctx); err != nil {
		return err
	}
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return r.staff(ctx) })
	group.Go(func() error {
		defer cancel()
		return inOrder(ctx, r.wait, r.accept, r.meet, r.goOn)
	})
	return group.Wait()
}

// report says how many seats are free. Without that the line gets no offers.
func (r *receiver) report(ctx context.Context) error {
	_, err := r.Directory.ReportCapacity(ctx, &routingv1.ReportCapacityRequest{
		Seats: []*handoverv1.SeatReport{{Channel: handoverv1.Channel_CHANNEL_CHAT, Free: 2}},
	})
	return err
}

// staff reports once a minute: after two minutes the platform forgets a report.
func (r *receiver) staff(ctx context.Context) error {
	for tick := time.NewTicker(time.Minute); ; {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
			if err := r.report(ctx); err != nil {
				r.tell("seats were not reported", err.Error())
			}
		}
	}
}

// wait waits for an offer.
func (r *receiver) wait(ctx context.Context) error {
	err := client.Watch(ctx, r.Routing.WatchOffers, &routingv1.WatchOffersRequest{}, func(w *routingv1.WatchOffersResponse) error {
		if w.Offer.State != handoverv1.OfferState_OFFER_STATE_SENT {
			return nil
		}
		r.offer = w.Offer.Name
		r.tell("asked by", fmt.Sprintf("%s: %s", w.FromLine, strings.Join(w.Header.GetTopicGroups(), ", ")))
		return errEnough
	})
	r.handover, _, _ = strings.Cut(r.offer, "/offers/")
	r.conversation, _, _ = strings.Cut(r.offer, "/handovers/")
	if errors.Is(err, errEnough) {
		return nil
	}
	return err
}

// accept acknowledges at once, because after five seconds without that the platform asks
// the next line.
func (r *receiver) accept(ctx context.Context) error {
	for _, state := range []handoverv1.OfferState{handoverv1.OfferState_OFFER_STATE_DELIVERED, handoverv1.OfferState_OFFER_STATE_ALERTING} {
		if _, err := client.Send(ctx, r.Routing.AcknowledgeOffer, &routingv1.AcknowledgeOfferRequest{Offer: r.offer, State: state}); err != nil {
			return err
		}
	}
	if err := r.keys.Accepting(r.offer); err != nil {
		return err
	}
	_, err := client.Send(ctx, r.Routing.AcceptOffer, &routingv1.AcceptOfferRequest{Offer: r.offer})
	return err
}

// read opens the packet, which says "not yet" until the sender's system has granted its keys.
func (r *receiver) read(ctx context.Context) error {
	notYet := func(p sealing.Part) bool { return p.Text == "" }
	for {
		parts, err := r.keys.Open(ctx, r.handover)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(parts, notYet) {
			for _, part := range parts {
				r.tell("the packet says", part.Text)
			}
			return nil
		}
		if err := r.happened(ctx, func(e *eventv1.Event) bool { return e.GetAccessGranted() != nil }); err != nil {
			return err
		}
	}
}

// meet reads the packet, joins, and says "I have it" once all three are together.
func (r *receiver) meet(ctx context.Context) error {
	_, err := client.Send(ctx, r.Routing.JoinHandover, &routingv1.JoinHandoverRequest{Handover: r.handover, Participant: "aksel"})
	if err != nil {
		return err
	}
	if err := r.read(ctx); err != nil {
		return err
	}
	if err := r.happened(ctx, func(e *eventv1.Event) bool { return e.GetBridgeOpened() != nil }); err != nil {
		return err
	}
	if _, err := client.Send(ctx, r.Routing.ConfirmHandover, &routingv1.ConfirmHandoverRequest{Handover: r.handover, Participant: "aksel"}); err != nil {
		return err
	}
	if err := r.happened(ctx, func(e *eventv1.Event) bool { return e.GetSenderLeft() != nil }); err != nil {
		return err
	}
	return r.keys.Grant(ctx, r.handover) // the key of our tenure, to the line with the child's window
}

// happened waits until the conversation has an event, and reads the words and keys on the way.
func (r *receiver) happened(ctx context.Context, is func(*eventv1.Event) bool) (err error) {
	r.at, err = r.until(ctx, r.conversation, r.at, is, func(one *intakev1.WatchConversationResponse) error {
		_, err := r.keys.Read(ctx, r.conversation, one)
		return err
	})
	return err
}

// goOn talks with the child, reports the outcome, and closes.
func (r *receiver) goOn(ctx context.Context) error {
	if err := r.say(ctx, r.conversation, "aksel", "Shall we make a plan for tomorrow?", handoverv1.Audience_AUDIENCE_ALL); err != nil {
		return err
	}
	if err := r.happened(ctx, wrote("lerke")); err != nil {
		return err
	}
	if _, err := client.Send(ctx, r.Routing.ReportOutcome, &routingv1.ReportOutcomeRequest{Handover: r.handover, Outcome: handoverv1.Outcome_OUTCOME_SUPPORTED}); err != nil {
		return err
	}
	_, err := client.Send(ctx, r.Intake.CloseConversation, &intakev1.CloseConversationRequest{
		Conversation: r.conversation, Reason: handoverv1.CloseReason_CLOSE_REASON_FINISHED,
	})
	return err
}
