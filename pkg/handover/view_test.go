package handover_test

import (
	"slices"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/view"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
)

// viewed has everything that a view may hide: tags, a duty record of each line,
// a line that declined, and two handovers.
func viewed(t *testing.T) *story {
	duty := func(line string) handover.Command {
		return handover.RecordDuty{Line: line, Decision: handoverv1.DutyDecision_DUTY_DECISION_WILL_REPORT}
	}
	p := pass{1, bullying, "kim", mind, "siv"}
	s := opened(t).given(tags(bullying), duty(bullying)).to(first, stateOf("OFFERED")).given(first.decline(),
		p.acceptBy(mind, 2), p.join(), p.bridge(), p.confirm(), p.attest(), p.leave(), p.report(), duty(mind))
	s.rank = plan(alcohol)
	return s.to(pass{2, mind, "siv", alcohol, "bo"}, stateOf("OFFERED"))
}

func (s *story) view(line string) *intakev1.Conversation {
	s.t.Helper()
	before := proto.CloneOf(s.state)
	seen, err := view.Conversation(s.state, line)
	if err != nil {
		s.t.Fatalf("%s has no view: %v", line, err)
	}
	if !proto.Equal(before, s.state) {
		s.t.Fatalf("looking changed the state")
	}
	return seen
}

func lines(offers []*routingv1.Offer) string {
	var all []string
	for _, o := range offers {
		all = append(all, strings.TrimPrefix(o.Line, "lines/"))
	}
	return strings.Join(all, " ")
}

func TestViewOfTheFormerSender(t *testing.T) {
	s := viewed(t)
	v := s.view(bullying)
	if v.Assessment != nil {
		t.Error("it is shown what triage says now")
	}
	if len(v.DutyRecords) != 1 || v.DutyRecords[0].Line != handover.LineName(bullying) {
		t.Errorf("it is shown the duty records %v", v.DutyRecords)
	}
	if len(v.Handovers) != 1 {
		t.Fatalf("it is shown %d handovers, want the one it gave", len(v.Handovers))
	}
	if gave := v.Handovers[0]; lines(gave.Offers) != emergency+" "+mind || gave.Routing == nil {
		t.Errorf("of the handover it gave it is shown %v", gave)
	}
}

func TestViewOfTheLineWithCustody(t *testing.T) {
	s := viewed(t)
	v := s.view(mind)
	if v.Assessment.GetRisk() != s.state.Conversation.Assessment.Risk || !slices.Equal(v.Assessment.GetTags(), s.state.Conversation.Assessment.Tags) {
		t.Errorf("it is shown the assessment %v", v.Assessment)
	}
	if len(v.DutyRecords) != 1 || v.DutyRecords[0].Line != handover.LineName(mind) {
		t.Errorf("it is shown the duty records %v", v.DutyRecords)
	}
	if len(v.Handovers) != 2 {
		t.Fatalf("it is shown %d handovers, want the one it took and the one it gives", len(v.Handovers))
	}
	if took := v.Handovers[0]; lines(took.Offers) != mind || took.Routing != nil || took.Candidates != nil {
		t.Errorf("of the handover it took it is shown %v", took)
	}
	if gives := v.Handovers[1]; gives.Routing == nil || len(gives.Offers) != len(s.state.Conversation.Handovers[1].Offers) {
		t.Errorf("of the handover it gives it is shown %v", gives)
	}
}

func TestViewIsRefused(t *testing.T) {
	s := viewed(t)
	for _, line := range []string{emergency, alcohol, "other"} {
		_, err := view.Conversation(s.state, line)
		outcome{story: s, err: err}.refused("CONVERSATION_NOT_YOURS")
	}
	_, err := view.Conversation(&handover.State{}, bullying)
	outcome{story: s, err: err}.refused("CONVERSATION_NOT_FOUND")
	_, err = view.Conversation(nil, bullying)
	outcome{story: s, err: err}.refused("CONVERSATION_NOT_FOUND")
}

func TestHandoverForTheReceiver(t *testing.T) {
	s := opened(t).given(handover.ProposeHandover{Line: bullying, Candidates: []string{emergency, mind}})
	s.given(first.seal(), first.ask(), first.give(intro, oneLine), s.advance(), first.decline(), first.acceptBy(mind, 2))
	h := handover.Of(s.state.Conversation).Current()
	before := proto.CloneOf(h.Handover)
	want, got := view.Handover(h, bullying), view.Handover(h, mind)
	equal(t, h.Handover, before)
	if lines(want.Offers) != emergency+" "+mind || want.Routing == nil || want.Candidates == nil {
		t.Errorf("the sender is shown %v", want)
	}
	want.Routing, want.Candidates, want.Offers = nil, nil, want.Offers[1:]
	equal(t, got, want)
	if got := view.Handover(h, emergency); lines(got.Offers) != emergency || got.Routing != nil {
		t.Errorf("a line that was asked is shown %v", got)
	}
}

func TestFindHandover(t *testing.T) {
	s := viewed(t)
	for _, test := range []struct {
		n    uint32
		line string
		want string
	}{
		{1, bullying, ""}, {1, mind, ""}, {2, mind, ""},
		{1, emergency, "CONVERSATION_NOT_YOURS"}, {2, bullying, "HANDOVER_NOT_YOURS"}, {2, alcohol, "CONVERSATION_NOT_YOURS"},
		{0, mind, "HANDOVER_NOT_FOUND"}, {3, mind, "HANDOVER_NOT_FOUND"}, {3, alcohol, "CONVERSATION_NOT_YOURS"},
	} {
		h, err := handover.GivenOrTaken(s.state, test.n, test.line)
		if test.want != "" {
			outcome{story: s, err: err}.refused(test.want)
			continue
		}
		if err != nil {
			t.Fatalf("handover %d for %s: %v", test.n, test.line, err)
		}
		equal(t, h, s.state.Conversation.Handovers[test.n-1])
	}
	_, err := handover.GivenOrTaken(&handover.State{}, 1, mind)
	outcome{story: s, err: err}.refused("CONVERSATION_NOT_FOUND")
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
		stored := &handoverv1.Handover{FromLine: bullying, ToLine: emergency, Outcome: handoverv1.Outcome_OUTCOME_ONGOING,
			Consent: &handoverv1.Consent{Given: []handoverv1.Scope{handoverv1.Scope_SCOPE_INTRO, test.given}}}
		h := handover.Of(&handoverv1.Conversation{Handovers: []*handoverv1.Handover{stored}}).Current()
		if got := view.Handover(h, bullying).Outcome; got != test.want {
			t.Errorf("with %s the sender is told %s, want %s", test.given, got, test.want)
		}
		if got := view.Handover(h, emergency).Outcome; got != handoverv1.Outcome_OUTCOME_ONGOING {
			t.Errorf("with %s the receiver is told %s, want its own report", test.given, got)
		}
	}
}
