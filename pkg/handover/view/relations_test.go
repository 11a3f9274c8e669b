package view_test

import (
	"slices"
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/command"
	"github.com/stafett/stafett/pkg/handover/decide"
	"github.com/stafett/stafett/pkg/handover/view"
	"github.com/stafett/stafett/pkg/internal/story"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	statev1 "github.com/stafett/stafett/proto/stafett/state/v1"
)

func TestViewOfTheFormerSender(t *testing.T) {
	s := story.Viewed(t)
	v := s.View(story.Bullying)
	if v.Assessment != nil {
		t.Error("it is shown what triage says now")
	}
	if len(v.DutyRecords) != 1 || v.DutyRecords[0].Line != handover.LineName(story.Bullying) {
		t.Errorf("it is shown the duty records %v", v.DutyRecords)
	}
	if len(v.Handovers) != 1 {
		t.Fatalf("it is shown %d handovers, want the one it gave", len(v.Handovers))
	}
	if gave := v.Handovers[0]; story.Lines(gave.Offers) != story.Emergency+" "+story.Mind || gave.Routing == nil {
		t.Errorf("of the handover it gave it is shown %v", gave)
	}
}

func TestViewOfTheLineWithCustody(t *testing.T) {
	s := story.Viewed(t)
	v := s.View(story.Mind)
	if v.Assessment.GetRisk() != s.State.Conversation.Assessment.Risk || !slices.Equal(v.Assessment.GetTags(), s.State.Conversation.Assessment.Tags) {
		t.Errorf("it is shown the assessment %v", v.Assessment)
	}
	if len(v.DutyRecords) != 1 || v.DutyRecords[0].Line != handover.LineName(story.Mind) {
		t.Errorf("it is shown the duty records %v", v.DutyRecords)
	}
	if len(v.Handovers) != 2 {
		t.Fatalf("it is shown %d handovers, want the one it took and the one it gives", len(v.Handovers))
	}
	if took := v.Handovers[0]; story.Lines(took.Offers) != story.Mind || took.Routing != nil || took.Candidates != nil {
		t.Errorf("of the handover it took it is shown %v", took)
	}
	if gives := v.Handovers[1]; gives.Routing == nil || len(gives.Offers) != len(s.State.Conversation.Handovers[1].Offers) {
		t.Errorf("of the handover it gives it is shown %v", gives)
	}
}

func TestViewIsRefused(t *testing.T) {
	s := story.Viewed(t)
	for _, line := range []string{story.Emergency, story.Alcohol, "other"} {
		_, err := view.Conversation(s.State, line)
		story.Outcome{Story: s, Err: err}.Refused("CONVERSATION_NOT_YOURS")
	}
	_, err := view.Conversation(&handover.State{}, story.Bullying)
	story.Outcome{Story: s, Err: err}.Refused("CONVERSATION_NOT_FOUND")
	_, err = view.Conversation(nil, story.Bullying)
	story.Outcome{Story: s, Err: err}.Refused("CONVERSATION_NOT_FOUND")
}

func TestHandoverForTheReceiver(t *testing.T) {
	s := story.Opened(t).Given(command.ProposeHandover{Line: story.Bullying, Candidates: []string{story.Emergency, story.Mind}})
	s.Given(story.First.Seal(), story.First.Ask(), story.First.Give(story.Intro, story.OneLine), s.Advance(), story.First.Decline(), story.First.AcceptBy(story.Mind, 2))
	h := handover.Of(s.State.Conversation).Current()
	before := proto.CloneOf(h.Handover)
	want, got := view.Handover(h, story.Bullying), view.Handover(h, story.Mind)
	story.Equal(t, h.Handover, before)
	if story.Lines(want.Offers) != story.Emergency+" "+story.Mind || want.Routing == nil || want.Candidates == nil {
		t.Errorf("the sender is shown %v", want)
	}
	want.Routing, want.Candidates, want.Offers, want.Consent.GivenParts = nil, nil, want.Offers[1:], nil
	story.Equal(t, got, want)
	if got := view.Handover(h, story.Emergency); story.Lines(got.Offers) != story.Emergency || got.Routing != nil {
		t.Errorf("a line that was asked is shown %v", got)
	}
}

func TestFindHandover(t *testing.T) {
	s := story.Viewed(t)
	for _, test := range []struct {
		n    uint32
		line string
		want string
	}{
		{1, story.Bullying, ""}, {1, story.Mind, ""}, {2, story.Mind, ""},
		{1, story.Emergency, "CONVERSATION_NOT_YOURS"}, {2, story.Bullying, "HANDOVER_NOT_YOURS"}, {2, story.Alcohol, "CONVERSATION_NOT_YOURS"},
		{0, story.Mind, "HANDOVER_NOT_FOUND"}, {3, story.Mind, "HANDOVER_NOT_FOUND"}, {3, story.Alcohol, "CONVERSATION_NOT_YOURS"},
	} {
		h, err := decide.GivenOrTaken(s.State, test.n, test.line)
		if test.want != "" {
			story.Outcome{Story: s, Err: err}.Refused(test.want)
			continue
		}
		if err != nil {
			t.Fatalf("handover %d for %s: %v", test.n, test.line, err)
		}
		story.Equal(t, h, s.State.Conversation.Handovers[test.n-1])
	}
	_, err := decide.GivenOrTaken(&handover.State{}, 1, story.Mind)
	story.Outcome{Story: s, Err: err}.Refused("CONVERSATION_NOT_FOUND")
}

func TestTheSenderLearnsTheOutcomeAsFarAsTheChildAllows(t *testing.T) {
	for _, test := range []struct {
		given handoverv1.Scope
		want  handoverv1.Outcome
	}{
		{handoverv1.Scope_SCOPE_ONE_LINE, handoverv1.Outcome_OUTCOME_UNSPECIFIED},
		{handoverv1.Scope_SCOPE_FEEDBACK_TECHNICAL, handoverv1.Outcome_OUTCOME_ONGOING},
		{handoverv1.Scope_SCOPE_FEEDBACK_OUTCOME, handoverv1.Outcome_OUTCOME_ONGOING},
	} {
		stored := &statev1.Handover{FromLine: story.Bullying, ToLine: story.Emergency, Outcome: handoverv1.Outcome_OUTCOME_ONGOING,
			Consent: &statev1.Consent{Given: []handoverv1.Scope{handoverv1.Scope_SCOPE_INTRO, test.given}}}
		h := handover.Of(&statev1.Conversation{Handovers: []*statev1.Handover{stored}}).Current()
		if got := view.Handover(h, story.Bullying).Outcome; got != test.want {
			t.Errorf("with %s the sender is told %s, want %s", test.given, got, test.want)
		}
		if got := view.Handover(h, story.Emergency).Outcome; got != handoverv1.Outcome_OUTCOME_ONGOING {
			t.Errorf("with %s the receiver is told %s, want its own report", test.given, got)
		}
	}
}
