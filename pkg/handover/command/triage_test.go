package command_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/command"
	"github.com/stafett/stafett/pkg/handover/decide"
	"github.com/stafett/stafett/pkg/internal/story"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	statev1 "github.com/stafett/stafett/proto/stafett/state/v1"
)

func TestTagsAreSortedAndSingle(t *testing.T) {
	s := story.Opened(t)
	s.When(story.Tag([]string{"V.physical", "MH", "V.physical"}, nil, nil)).Gives("ConversationTagged").Tagged("MH", "V.physical")
	s.When(story.Tag([]string{"FR", "MH"}, []string{"V.physical", "EO"}, nil)).Gives("ConversationTagged").Tagged("FR", "MH")
	if r := s.When(story.Tag(nil, nil, nil)).Refused("FIELD_INVALID"); r.Metadata["field"] != "add" {
		t.Errorf("the refusal says %v, want the field add", r.Metadata)
	}
	s.When(story.Tag(nil, []string{"FR"}, nil)).Gives("ConversationTagged").Tagged("MH")
}

func TestRecommendationStandsUntilItChanges(t *testing.T) {
	specialist := &handoverv1.Recommendation{Topics: []string{"V"}, RulesVersion: "1"}
	other := &handoverv1.Recommendation{Topics: []string{"MH"}, RulesVersion: "1"}
	s := story.Opened(t)
	s.When(story.Tag([]string{"V"}, nil, specialist)).Gives("ConversationTagged", "HandoverRecommended")
	s.When(story.Tag([]string{"V.physical"}, nil, specialist)).Gives("ConversationTagged")
	story.Equal(t, s.State.Conversation.Assessment.Recommendation, specialist)
	s.When(story.Tag([]string{"MH"}, nil, other)).Gives("ConversationTagged", "HandoverRecommended")
	story.Equal(t, s.State.Conversation.Assessment.Recommendation, other)
	s.When(story.Tag([]string{"FR"}, nil, nil)).Gives("ConversationTagged", "RecommendationWithdrawn")
	if r := s.State.Conversation.Assessment.Recommendation; r != nil {
		t.Errorf("%v still stands", r)
	}
	s.When(story.Tag([]string{"EO"}, nil, nil)).Gives("ConversationTagged")
}

// TestRecommendSeesTheNewTags: what is recommended follows from the tags as the
// command leaves them.
func TestRecommendSeesTheNewTags(t *testing.T) {
	var seen []string
	c := story.Tag([]string{"V"}, nil, nil).(command.TagConversation)
	c.Recommend = func(c *statev1.Conversation) *handoverv1.Recommendation {
		seen = slices.Clone(c.Assessment.Tags)
		return nil
	}
	story.Opened(t).Given(c)
	if !slices.Equal(seen, []string{"V"}) {
		t.Errorf("it saw %v, want V", seen)
	}
}

func TestRiskIsNotAssessedUntilItIs(t *testing.T) {
	s := story.Opened(t)
	if got := s.State.Conversation.Assessment.Risk; got != handoverv1.RiskLevel_RISK_LEVEL_RX {
		t.Errorf("the risk is %s, want RX", got)
	}
	s.When(story.Risk(story.Bullying, story.Imminent)).Gives("RiskAssessed")
	if got := s.State.Conversation.Assessment.Risk; got != story.Imminent {
		t.Errorf("the risk is %s, want R4", got)
	}
}

func TestTriageIsOfTheLineWithCustody(t *testing.T) {
	s := story.At(t, "TRANSFERRED")
	s.When(story.Risk(story.Bullying, story.Imminent)).Refused("CUSTODY_NOT_YOURS")
	s.When(story.Tags(story.Bullying)).Refused("CUSTODY_NOT_YOURS")
	s.When(story.Risk(story.Emergency, story.Imminent)).Gives("RiskAssessed")
}

// TestDutyIsEachLinesOwn: of every line that has or had to do with the child, and
// untouched by the handover.
func TestDutyIsEachLinesOwn(t *testing.T) {
	duty := func(line string) decide.Command {
		return command.RecordDuty{Line: line, Decision: handoverv1.DutyDecision_DUTY_DECISION_WILL_REPORT}
	}
	s := story.Again(t, story.Second, "CLOSED")
	for _, line := range []string{story.Bullying, story.Emergency, story.Mind} {
		s.Wait(time.Second).When(duty(line)).Gives("DutyRecorded")
	}
	s.When(duty(story.Alcohol)).Refused("CONVERSATION_NOT_YOURS")
	for i, d := range s.State.Conversation.DutyRecords {
		if want := []string{story.Bullying, story.Emergency, story.Mind}[i]; d.Line != want || d.Decision != handoverv1.DutyDecision_DUTY_DECISION_WILL_REPORT {
			t.Errorf("duty record %d is %v, want one of %s", i, d, want)
		}
	}
	story.At(t, "OFFERED").When(duty(story.Emergency)).Refused("CONVERSATION_NOT_YOURS")
}

// TestTagsThatChangeNothing: a tag that is set already is not added again.
func TestTagsThatChangeNothing(t *testing.T) {
	s := story.Opened(t).Given(story.Tags(story.Bullying))
	s.When(story.Tags(story.Bullying)).Gives()
	s.When(command.TagConversation{Line: story.Bullying, Remove: []string{"MH"}, Recommend: story.Recommend(nil)}).Gives()
	s.When(command.TagConversation{Line: story.Bullying, Add: []string{"MH"}, Remove: []string{"MH"}, Recommend: story.Recommend(nil)}).Refused("FIELD_INVALID")
}

func TestALineIsNoCandidateForItself(t *testing.T) {
	story.Opened(t).When(command.ProposeHandover{Line: story.Bullying, Candidates: []string{story.Emergency, story.Bullying}}).Refused("FIELD_INVALID")
}

const (
	language = handoverv1.DescriptionField_DESCRIPTION_FIELD_LANGUAGE
	ageBand  = handoverv1.DescriptionField_DESCRIPTION_FIELD_AGE_BAND
	area     = handoverv1.DescriptionField_DESCRIPTION_FIELD_AREA
	door     = handoverv1.DescriptionField_DESCRIPTION_FIELD_DOOR
)

// TestACorrectionChangesTheNeed of a handover that no line has accepted, and of no other.
func TestACorrectionChangesTheNeed(t *testing.T) {
	for state, want := range map[string]string{"PROPOSED": "ar", "CONSENT_ASKED": "ar", "ROUTING": "ar", "OFFERED": "ar", "ACCEPTED": "nb", "BRIDGED": "nb"} {
		s := story.At(t, state)
		before := handover.Of(s.State.Conversation).Current().Header.LanguageCode
		s.When(story.Corrects(story.Bullying, "ar")).Gives("ConversationCorrected")
		s.When(story.Corrects(story.Bullying, "ar")).Gives()
		if want == "nb" {
			want = before
		}
		if got := handover.Of(s.State.Conversation).Current().Header.LanguageCode; got != want || s.State.Conversation.Language != "ar" {
			t.Errorf("%s: lines are asked in %s about a child who talks %s", state, got, s.State.Conversation.Language)
		}
	}
}

// TestOnlyNamedFieldsAreCorrected, and what is absent is unknown.
func TestOnlyNamedFieldsAreCorrected(t *testing.T) {
	s := story.Opened(t)
	talks := s.State.Conversation.Language
	ages := &handoverv1.AgeBand{MinYears: 16, MaxYears: 18}
	s.When(command.CorrectConversation{Line: story.Bullying, Fields: []handoverv1.DescriptionField{ageBand, area, door}, AgeBand: ages, Area: "NO-03", Door: "cyberhus"}).Gives("ConversationCorrected")
	if c := s.State.Conversation; c.Language != talks || c.AgeBand.MaxYears != 18 || c.Area != "NO-03" || c.Door != "cyberhus" {
		t.Errorf("it is described by %s %v %s %s", c.Language, c.AgeBand, c.Area, c.Door)
	}
	s.When(command.CorrectConversation{Line: story.Bullying, Fields: []handoverv1.DescriptionField{ageBand, area, door}}).Gives("ConversationCorrected")
	if c := s.State.Conversation; c.AgeBand != nil || c.Area != "" || c.Door != "" {
		t.Errorf("it is described by %v %s %s, want that it is unknown", c.AgeBand, c.Area, c.Door)
	}
}

// TestWhatIsNoCorrection names the field, and changes nothing.
func TestWhatIsNoCorrection(t *testing.T) {
	s := story.At(t, "AWAITING_OUTCOME")
	s.When(story.Corrects(story.Bullying, "ar")).Refused("CUSTODY_NOT_YOURS")
	s.When(story.Corrects(story.Mind, "ar")).Refused("CONVERSATION_NOT_YOURS")
	for field, c := range map[string]command.CorrectConversation{
		"language_code": {Fields: []handoverv1.DescriptionField{language}},
		"area":          {Fields: []handoverv1.DescriptionField{language}, Language: "ar", Area: "NO-03"},
		"door":          {Fields: []handoverv1.DescriptionField{area}, Door: "cyberhus"},
		"age_band":      {Fields: []handoverv1.DescriptionField{ageBand}, AgeBand: &handoverv1.AgeBand{MinYears: 18, MaxYears: 16}},
	} {
		c.Line = story.Emergency
		if r := s.When(c).Refused("FIELD_INVALID"); r.Metadata["field"] != field {
			t.Errorf("the refusal says %v, want %s", r.Metadata, field)
		}
	}
}
