package command

import (
	"slices"

	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/handover/decide"
	"github.com/stafett/stafett/pkg/refusal"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
)

// What a conversation is described by, and can be corrected.
const (
	language = handoverv1.DescriptionField_DESCRIPTION_FIELD_LANGUAGE
	ageBand  = handoverv1.DescriptionField_DESCRIPTION_FIELD_AGE_BAND
	area     = handoverv1.DescriptionField_DESCRIPTION_FIELD_AREA
	door     = handoverv1.DescriptionField_DESCRIPTION_FIELD_DOOR
)

// CorrectConversation corrects what a conversation was opened with. Fields that have the value
// already emit nothing.
type CorrectConversation struct {
	Line     string
	Fields   []handoverv1.DescriptionField
	Language string
	AgeBand  *handoverv1.AgeBand
	Area     string
	Door     string
}

func correctConversation(o decide.Origin, r *intakev1.CorrectConversationRequest) CorrectConversation {
	return CorrectConversation{Line: o.Line, Fields: r.Fields, Language: r.LanguageCode, AgeBand: r.AgeBand, Area: r.Area, Door: r.Door}
}

func (c CorrectConversation) Decide(t *decide.Turn) error {
	if err := t.Admit(c.Line); err != nil {
		return err
	}
	if err := c.check(); err != nil {
		return err
	}
	corrected := &eventv1.ConversationCorrected{}
	for _, field := range c.Fields {
		if c.changes(t, field) {
			corrected.Fields = append(corrected.Fields, field)
			c.set(corrected, field)
		}
	}
	if len(corrected.Fields) > 0 {
		t.Emit(corrected)
	}
	return nil
}

func (c CorrectConversation) check() error {
	if slices.Contains(c.Fields, language) && c.Language == "" {
		return refusal.Field("language_code", "LANGUAGE is among the fields; write the language, for example nb")
	}
	for _, given := range []struct {
		name  string
		field handoverv1.DescriptionField
		has   bool
	}{
		{"language_code", language, c.Language != ""}, {"age_band", ageBand, c.AgeBand != nil}, {"area", area, c.Area != ""}, {"door", door, c.Door != ""},
	} {
		if given.has && !slices.Contains(c.Fields, given.field) {
			return refusal.Field(given.name, "it has a value but is not among the fields to correct; add it there or leave it out")
		}
	}
	return CheckAges("age_band", c.AgeBand)
}

// changes reports whether a field has another value now.
func (c CorrectConversation) changes(t *decide.Turn, field handoverv1.DescriptionField) bool {
	switch now := t.Conversation; field {
	case language:
		return now.Language != c.Language
	case ageBand:
		return !proto.Equal(now.AgeBand, c.AgeBand)
	case area:
		return now.Area != c.Area
	}
	return t.Conversation.Door != c.Door
}

func (c CorrectConversation) set(e *eventv1.ConversationCorrected, field handoverv1.DescriptionField) {
	switch field {
	case language:
		e.Language = c.Language
	case ageBand:
		e.AgeBand = c.AgeBand
	case area:
		e.Area = c.Area
	case door:
		e.Door = c.Door
	}
}
