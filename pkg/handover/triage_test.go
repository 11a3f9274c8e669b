package handover_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stafett/stafett/pkg/handover"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

func tag(add, remove []string, r *handoverv1.Recommendation) handover.Command {
	return handover.TagConversation{Line: bullying, Add: add, Remove: remove, TaxonomyVersion: "1", Recommend: recommend(r)}
}

func (s *story) tagged(want ...string) *story {
	s.t.Helper()
	if got := s.state.Conversation.Assessment.Tags; !slices.Equal(got, want) {
		s.t.Errorf("the tags are %v, want %v", got, want)
	}
	return s
}

func TestTagsAreSortedAndSingle(t *testing.T) {
	s := opened(t)
	s.when(tag([]string{"V.physical", "MH", "V.physical"}, nil, nil)).gives("ConversationTagged").tagged("MH", "V.physical")
	s.when(tag([]string{"FR", "MH"}, []string{"V.physical", "EO"}, nil)).gives("ConversationTagged").tagged("FR", "MH")
	if r := s.when(tag(nil, nil, nil)).refused("FIELD_INVALID"); r.Metadata["field"] != "add" {
		t.Errorf("the refusal says %v, want the field add", r.Metadata)
	}
	s.when(tag(nil, []string{"FR"}, nil)).gives("ConversationTagged").tagged("MH")
}

func TestRecommendationStandsUntilItChanges(t *testing.T) {
	specialist := &handoverv1.Recommendation{Topics: []string{"V"}, RulesVersion: "1"}
	other := &handoverv1.Recommendation{Topics: []string{"MH"}, RulesVersion: "1"}
	s := opened(t)
	s.when(tag([]string{"V"}, nil, specialist)).gives("ConversationTagged", "HandoverRecommended")
	s.when(tag([]string{"V.physical"}, nil, specialist)).gives("ConversationTagged")
	equal(t, s.state.Conversation.Assessment.Recommendation, specialist)
	s.when(tag([]string{"MH"}, nil, other)).gives("ConversationTagged", "HandoverRecommended")
	equal(t, s.state.Conversation.Assessment.Recommendation, other)
	s.when(tag([]string{"FR"}, nil, nil)).gives("ConversationTagged", "RecommendationWithdrawn")
	if r := s.state.Conversation.Assessment.Recommendation; r != nil {
		t.Errorf("%v still stands", r)
	}
	s.when(tag([]string{"EO"}, nil, nil)).gives("ConversationTagged")
}

// TestRecommendSeesTheNewTags: what is recommended follows from the tags as the
// command leaves them.
func TestRecommendSeesTheNewTags(t *testing.T) {
	var seen []string
	c := tag([]string{"V"}, nil, nil).(handover.TagConversation)
	c.Recommend = func(c *handoverv1.Conversation) *handoverv1.Recommendation {
		seen = slices.Clone(c.Assessment.Tags)
		return nil
	}
	opened(t).given(c)
	if !slices.Equal(seen, []string{"V"}) {
		t.Errorf("it saw %v, want V", seen)
	}
}

func TestRiskIsNotAssessedUntilItIs(t *testing.T) {
	s := opened(t)
	if got := s.state.Conversation.Assessment.Risk; got != handoverv1.RiskLevel_RISK_LEVEL_RX {
		t.Errorf("the risk is %s, want RX", got)
	}
	s.when(risk(bullying, imminent)).gives("RiskAssessed")
	if got := s.state.Conversation.Assessment.Risk; got != imminent {
		t.Errorf("the risk is %s, want R4", got)
	}
}

func TestTriageIsOfTheLineWithCustody(t *testing.T) {
	s := at(t, "TRANSFERRED")
	s.when(risk(bullying, imminent)).refused("CUSTODY_NOT_YOURS")
	s.when(tags(bullying)).refused("CUSTODY_NOT_YOURS")
	s.when(risk(emergency, imminent)).gives("RiskAssessed")
}

// TestDutyIsEachLinesOwn: of every line that has or had to do with the child, and
// untouched by the handover.
func TestDutyIsEachLinesOwn(t *testing.T) {
	duty := func(line string) handover.Command {
		return handover.RecordDuty{Line: line, Decision: handoverv1.DutyDecision_DUTY_DECISION_WILL_REPORT}
	}
	s := again(t, second, "CLOSED")
	for _, line := range []string{bullying, emergency, mind} {
		s.wait(time.Second).when(duty(line)).gives("DutyRecorded")
	}
	s.when(duty(alcohol)).refused("CONVERSATION_NOT_YOURS")
	for i, d := range s.state.Conversation.DutyRecords {
		if want := []string{bullying, emergency, mind}[i]; d.Line != want || d.Decision != handoverv1.DutyDecision_DUTY_DECISION_WILL_REPORT {
			t.Errorf("duty record %d is %v, want one of %s", i, d, want)
		}
	}
	at(t, "OFFERED").when(duty(emergency)).refused("CONVERSATION_NOT_YOURS")
}

// TestTagsThatChangeNothing: what is so already is not said to have happened.
func TestTagsThatChangeNothing(t *testing.T) {
	s := opened(t).given(tags(bullying))
	s.when(tags(bullying)).gives()
	s.when(handover.TagConversation{Line: bullying, Remove: []string{"MH"}, Recommend: recommend(nil)}).gives()
	s.when(handover.TagConversation{Line: bullying, Add: []string{"MH"}, Remove: []string{"MH"}, Recommend: recommend(nil)}).refused("FIELD_INVALID")
}

func TestALineIsNoCandidateForItself(t *testing.T) {
	opened(t).when(handover.ProposeHandover{Line: bullying, Candidates: []string{emergency, bullying}}).refused("FIELD_INVALID")
}
