package race_test

import (
	"context"
	"errors"
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/command"
	"github.com/stafett/stafett/pkg/handover/deadline"
	"github.com/stafett/stafett/pkg/handover/decide"
	"github.com/stafett/stafett/pkg/handover/evolve"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	statev1 "github.com/stafett/stafett/proto/stafett/state/v1"
	"github.com/stafett/stafett/services/apitest"
	"github.com/stafett/stafett/services/internal/aggregate"
	"github.com/stafett/stafett/services/internal/eventlog"
	"github.com/stafett/stafett/services/internal/logtest"
)

// alert brings a conversation to the point where two lines are alerted, and both replicas know
// it: whoever accepts then decides on an open offer.
func (r *rivals) alert(ctx context.Context, conversation string) error {
	intro := []handoverv1.Scope{handoverv1.Scope_SCOPE_INTRO}
	alerting := handoverv1.OfferState_OFFER_STATE_ALERTING
	var position uint64
	for _, step := range []struct {
		by      *decider
		line    string
		command decide.Command
	}{
		{r.intake, "sender", command.OpenConversation{
			Conversation: handover.ConversationName(conversation), Line: "sender",
			Channel: handoverv1.Channel_CHANNEL_CHAT, Language: "nb", Child: "child",
		}},
		{r.intake, "sender", command.JoinConversation{Line: "sender", Participant: "mina", Role: handoverv1.Role_ROLE_COUNSELLOR}},
		{r.triage, "sender", command.AssessRisk{Line: "sender", Level: handoverv1.RiskLevel_RISK_LEVEL_R4}},
		{r.routing[0], "sender", command.ProposeHandover{Line: "sender"}},
		{r.intake, "sender", command.AskConsent{Line: "sender", Handover: 1, Scopes: intro}},
		{r.intake, "sender", command.GiveConsent{Line: "sender", Handover: 1, Scopes: intro}},
		{r.routing[0], "routing", deadline.Advance{Rank: inOrder}},
		{r.routing[0], "first", command.AcknowledgeOffer{Line: "first", Handover: 1, Offer: 1, State: alerting}},
		{r.routing[1], "second", command.AcknowledgeOffer{Line: "second", Handover: 1, Offer: 2, State: alerting}},
	} {
		recorded, err := step.by.after(ctx, position, asking(conversation, step.line), step.command)
		if err != nil {
			return err
		}
		position = recorded.Position
	}
	return errors.Join(r.routing[0].model.Wait(ctx, position), r.routing[1].model.Wait(ctx, position))
}

// after executes a command once the projection includes a position, which avoids a conflict.
func (d *decider) after(ctx context.Context, position uint64, call aggregate.Call, command decide.Command) (*handoverv1.Recorded, error) {
	if err := d.model.Wait(ctx, position); err != nil {
		return nil, err
	}
	return d.insist(ctx, call, command)
}

// inOrder ranks three lines, of which imminent risk asks two at once.
func inOrder(*statev1.Conversation) *handoverv1.RoutingDecision {
	return &handoverv1.RoutingDecision{RulesVersion: "test/1", Candidates: []*handoverv1.Candidate{
		{Line: "first"}, {Line: "second"}, {Line: "third"},
	}}
}

// decided checks the log of every race, and that both replicas have projected it to the same
// state.
func (r *rivals) decided(t *testing.T, races int) {
	t.Helper()
	last := apitest.Must[uint64](t)(r.intake.log.Last(r.ctx))
	for _, d := range r.routing {
		if err := d.model.Wait(r.ctx, last); err != nil {
			t.Fatal(err)
		}
	}
	for race := range races {
		state, accepts := r.replayed(t, conversationOf(race))
		if accepts != 1 {
			t.Errorf("%s was accepted %d times", state.Conversation.Name, accepts)
		}
		ended(t, state.Conversation.Handovers[0])
		for _, d := range r.routing {
			if known := apitest.Must[*handover.State](t)(d.State(logtest.Context(t), conversationOf(race))); !proto.Equal(known, state) {
				t.Errorf("a replica has %v, want %v", known, state)
			}
		}
	}
}

// replayed projects a conversation's commits, and counts the accepts among them.
func (r *rivals) replayed(t *testing.T, conversation string) (*handover.State, int) {
	t.Helper()
	state, accepts := &handover.State{}, 0
	for _, entry := range apitest.Must[[]eventlog.Entry](t)(r.intake.log.Tail(r.ctx, eventlog.ConversationSubject(conversation), 0)) {
		for _, e := range entry.Commit.Events {
			if e.GetOfferAccepted() != nil {
				accepts++
			}
		}
		if err := evolve.Commit(state, entry.Commit, entry.Position, entry.Hash); err != nil {
			t.Fatal(err)
		}
	}
	return state, accepts
}

// ended checks that the line that has the handover accepted, and that every
// other offer was withdrawn.
func ended(t *testing.T, h *statev1.Handover) {
	t.Helper()
	if h.State != handoverv1.HandoverState_HANDOVER_STATE_ACCEPTED || len(h.Offers) < 2 {
		t.Errorf("%s is %v with %d offers, want ACCEPTED with two at the least", h.Name, h.State, len(h.Offers))
	}
	for _, offer := range h.Offers {
		want := handoverv1.OfferState_OFFER_STATE_WITHDRAWN
		if offer.Line == h.ToLine {
			want = apitest.OfferAccepted
		}
		if offer.State != want {
			t.Errorf("%s of %s is %v, want %v; %s has it", offer.Name, offer.Line, offer.State, want, h.ToLine)
		}
	}
}
