package page

import (
	"slices"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	triagev1 "github.com/stafett/stafett/proto/stafett/triage/v1"
	"github.com/stafett/stafett/services/desk/internal/line"
	"github.com/stafett/stafett/services/desk/internal/signin"
	"github.com/stafett/stafett/services/desk/internal/talk"
	"github.com/stafett/stafett/services/desk/internal/words"
)

// Story is one view with made-up data: a state of a handover, as one side sees it.
type Story struct {
	State handoverv1.HandoverState
	// Side is sender, receiver or child.
	Side string
	words.Language
}

// Sides are those who see a handover.
var Sides = []string{"sender", "receiver", "child"}

// Stories are all views, in a language.
func Stories(l words.Language) (all []Story) {
	values := handoverv1.HandoverState(0).Descriptor().Values()
	for i := range values.Len() {
		for _, side := range Sides {
			all = append(all, Story{handoverv1.HandoverState(values.Get(i).Number()), side, l})
		}
	}
	return all
}

const (
	storySender, storyReceiver = "lines/first", "lines/second"
	storyName                  = "conversations/00000000000000000000000000000001"
	storyHandover              = storyName + "/handovers/1"
)

var storyTime = time.Date(2026, 11, 24, 18, 40, 0, 0, time.UTC)

// Desk is the snapshot that one of the lines sees.
func (s Story) Desk(nonce, id string) Desk {
	us, person := storySender, signin.Person{ID: "mina", Name: "Mina", Supervisor: true}
	if s.Side == "receiver" {
		us, person = storyReceiver, signin.Person{ID: "aksel", Name: "Aksel"}
	}
	return Desk{
		Language: s.Language, Nonce: nonce, ID: id, Us: us, Name: storyLine, Zone: time.UTC, Now: storyTime, Person: person, OnShift: true,
		Everybody: []signin.Person{person, {ID: "jonas", Name: "Jonas"}}, Views: []line.View{s.view(us)}, Chosen: storyName,
	}
}

// Young is the snapshot that the young person sees.
func (s Story) Young(nonce, id string) Child {
	v := s.view(storySender)
	return Child{Language: s.Language, Nonce: nonce, ID: id, Us: storySender, Name: storyLine, Zone: time.UTC, View: &v}
}

func storyLine(name string) string {
	return map[string]string{storySender: "SnakkOmMobbing", storyReceiver: "Alarmtelefonen"}[name]
}

// moved: the receiver has custody in this state.
func (s Story) moved() bool {
	return slices.Contains([]handoverv1.HandoverState{
		handoverv1.HandoverState_HANDOVER_STATE_TRANSFERRED, handoverv1.HandoverState_HANDOVER_STATE_AWAITING_OUTCOME, handoverv1.HandoverState_HANDOVER_STATE_CLOSED,
	}, s.State)
}

func (s Story) view(us string) line.View {
	commitment := []byte{1}
	t := talk.Talk{Name: storyName, Opened: storyTime, Drafts: []talk.Draft{{Handover: storyHandover, Scope: handoverv1.Scope_SCOPE_ONE_LINE, Text: "Pappa slår meg.", Commitment: commitment}}}
	if us == storySender {
		t.Child = "lerke"
	} else {
		t.Packet = []talk.Part{{Handover: storyHandover, Scope: handoverv1.Scope_SCOPE_ONE_LINE, Text: "Pappa slår meg."}}
	}
	t.Add(talk.Message{ID: "1", From: "lerke", Line: storySender, Text: "hei", Time: storyTime})
	t.Add(talk.Message{ID: "2", From: "mina", Line: storySender, Text: "Hei, fint at du skriver.", Time: storyTime, Sending: talk.Sent})
	t.Add(talk.Message{ID: "3", From: "aksel", Line: storyReceiver, Beside: true, Text: "Jeg er klar.", Time: storyTime})
	return line.View{Talk: t, Conversation: s.conversation(commitment), Status: &intakev1.ChildStatus{Text: "Du er hos SnakkOmMobbing.", Situation: "SnakkOmMobbing har ansvar for deg."}}
}

func (s Story) conversation(commitment []byte) *intakev1.Conversation {
	custody := storySender
	if s.moved() {
		custody = storyReceiver
	}
	c := &intakev1.Conversation{
		Name: storyName, Custody: &routingv1.Custody{Line: custody, Epoch: 1}, LegLine: storySender,
		Assessment: &triagev1.Assessment{Tags: []string{"V.physical"}, Risk: handoverv1.RiskLevel_RISK_LEVEL_R3},
		Participants: []*intakev1.Participant{
			{Id: "lerke", Line: storySender, Role: handoverv1.Role_ROLE_CHILD, Present: true},
			{Id: "mina", Line: storySender, Role: handoverv1.Role_ROLE_COUNSELLOR, Present: true},
			{Id: "aksel", Line: storyReceiver, Role: handoverv1.Role_ROLE_COUNSELLOR, Present: true},
		},
	}
	if s.State != handoverv1.HandoverState_HANDOVER_STATE_UNSPECIFIED {
		c.Handovers = []*routingv1.Handover{s.handover(commitment)}
	}
	return c
}

func (s Story) handover(commitment []byte) *routingv1.Handover {
	part := []*handoverv1.PacketPart{{Part: handoverv1.Scope_SCOPE_ONE_LINE, Commitment: commitment}}
	scopes := []handoverv1.Scope{handoverv1.Scope_SCOPE_INTRO, handoverv1.Scope_SCOPE_ONE_LINE, handoverv1.Scope_SCOPE_FEEDBACK_OUTCOME}
	return &routingv1.Handover{
		Name: storyHandover, State: s.State, FromLine: storySender, ToLine: storyReceiver, Deadline: timestamppb.New(storyTime.Add(90 * time.Second)),
		Consent: &routingv1.Consent{Asked: scopes, Given: scopes}, PacketParts: part, ReceiverParticipant: "aksel", ReturnReason: handoverv1.ReturnReason_RETURN_REASON_PLAN_EXHAUSTED,
		DecisionDue: s.State == handoverv1.HandoverState_HANDOVER_STATE_RETURNED,
	}
}
