package exploration

import (
	"slices"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/stafett/stafett/pkg/event"
	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/command"
	"github.com/stafett/stafett/pkg/handover/evolve"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	statev1 "github.com/stafett/stafett/proto/stafett/state/v1"
	"github.com/stafett/stafett/tools/internal/simulation/order"
)

// now is the instant of every state: when time passes, deadlines move closer instead.
var now = order.Epoch

var directory = handover.Directory{
	Deadlines: func(string) *handoverv1.LineDeadlines { return nil },
	Rank:      rank,
	Open:      func(string, handoverv1.Channel, time.Time) bool { return true },
}

// requestID is that of every command: none is repeated.
var requestID = order.RequestID(1)

// rank asks the lines in turn, each at most once.
func rank(c *statev1.Conversation) *handoverv1.RoutingDecision {
	asked, from := handover.Of(c).AskedBefore(), handover.Of(c).Current().FromLine
	decision := &handoverv1.RoutingDecision{}
	for _, line := range lines {
		candidate := &handoverv1.Candidate{Line: line}
		switch {
		case line == from:
			candidate.Failed = []handoverv1.Verdict{handoverv1.Verdict_VERDICT_SAME_LINE}
		case asked[line]:
			candidate.Failed = []handoverv1.Verdict{handoverv1.Verdict_VERDICT_ASKED_BEFORE}
		}
		decision.Candidates = append(decision.Candidates, candidate)
	}
	return decision
}

// rules are the protocol's with times of a few minutes each: every order of events remains
// possible, and there are fewer states. A supervisor is asked at the second transfer,
// because a third would make the world too large.
func rules() handover.Rules {
	const one = time.Minute
	r := handover.DefaultRules()
	r.Live = handover.Times{
		Consent: 2 * one, Offer: 2 * one, Join: one, Briefing: one, Bridge: one, Confirm: one,
		Overlap: one, Outcome: one, Budget: 4 * one, Decision: one, CancelConfirm: one,
	}
	r.OfferImminent, r.BudgetImminent, r.Routing, r.Delivery = one, 2*one, one, one
	r.Alert, r.Alerts, r.Supervisor, r.DeferralDecision = one, 1, 2*one, one
	r.Draft = one
	r.Away, r.Hops, r.Lost = 3*one, 1, one
	r.GivenBack, r.GivenBackImminent = r.Live.Budget, r.Live.Budget // what was left does not matter
	return r
}

// begin returns a conversation that a counsellor has joined.
func begin() (*handover.State, error) {
	s := &handover.State{}
	for _, o := range []order.Order{
		order.Of("a", &intakev1.OpenConversationRequest{Channel: handoverv1.Channel_CHANNEL_CHAT, LanguageCode: "da", Area: "DK-84", Child: child}),
		order.Of("a", &intakev1.JoinConversationRequest{Participant: "a1", Role: handoverv1.Role_ROLE_COUNSELLOR}),
	} {
		decision, err := command.Decide(s, o.Build(requestID, directory, order.Scene{Conversation: s.Conversation, Now: now}), now, rules())
		if err != nil {
			return nil, err
		}
		for _, e := range decision.Events {
			if err := fold(s, e, now); err != nil {
				return nil, err
			}
		}
	}
	simplify(s, 0)
	return s, nil
}

// fold applies one event.
func fold(s *handover.State, e *eventv1.Event, at time.Time) error {
	s.HeadHash = nil // there is no log here, and therefore no chain
	return evolve.Commit(s, &eventv1.Commit{
		RecordTime: timestamppb.New(at), Number: s.Commits + 1, Events: []*eventv1.Event{e},
	}, s.HeadPosition+1, [32]byte{})
}

// step is the effect of an event on the newest handover's state.
type step struct {
	from  handoverv1.HandoverState
	event string
	to    handoverv1.HandoverState
}

// after returns the state after some events, decided at an instant, and the steps that
// they caused.
func after(s *handover.State, events []*eventv1.Event, at time.Time) (*handover.State, []step, error) {
	s = proto.CloneOf(s)
	var steps []step
	for _, e := range events {
		count, from := standing(s)
		if err := fold(s, e, at); err != nil {
			return nil, nil, err
		}
		n, to := standing(s)
		if n > count {
			from = handoverv1.HandoverState_HANDOVER_STATE_UNSPECIFIED
		}
		if taken := (step{from, event.Name(e), to}); from != to && !slices.Contains(steps, taken) {
			steps = append(steps, taken)
		}
	}
	s = proto.CloneOf(s) // events and state share instants, which must each be moved only once
	simplify(s, at.Sub(now))
	return s, steps, nil
}

func standing(s *handover.State) (int, handoverv1.HandoverState) {
	return len(s.Conversation.GetHandovers()), handover.Of(s.Conversation).Current().GetState()
}
