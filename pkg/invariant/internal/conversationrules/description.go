package conversationrules

import (
	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/invariant/internal/facts"
	"github.com/stafett/stafett/pkg/invariant/internal/rule"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// description checks DESCRIPTION: lines are ranked for what a conversation is described by at that time.
type description struct {
	rule.Base
	language, area, door string
	ages                 *handoverv1.AgeBand
}

func NewDescription(f rule.Base, _ *facts.Facts) rule.Walker {
	return &description{Base: f}
}

func (d *description) Event(s facts.Step) {
	switch k := s.Kind.(type) {
	case *eventv1.ConversationOpened:
		d.language, d.area, d.door, d.ages = k.GetLanguage(), k.GetArea(), k.GetDoor(), k.GetAgeBand()
	case *eventv1.ConversationCorrected:
		d.Applies()
		d.corrected(s, k)
	case *eventv1.HandoverRouted:
		if header := k.GetDecision().GetNeed().GetHeader(); header != nil {
			d.Applies()
			d.ranked(s, header)
		}
	}
}

func (d *description) corrected(s facts.Step, k *eventv1.ConversationCorrected) {
	before := *d
	for _, field := range k.GetFields() {
		switch field {
		case handoverv1.DescriptionField_DESCRIPTION_FIELD_LANGUAGE:
			d.language = k.GetLanguage()
		case handoverv1.DescriptionField_DESCRIPTION_FIELD_AREA:
			d.area = k.GetArea()
		case handoverv1.DescriptionField_DESCRIPTION_FIELD_AGE_BAND:
			d.ages = k.GetAgeBand()
		case handoverv1.DescriptionField_DESCRIPTION_FIELD_DOOR:
			d.door = k.GetDoor()
		}
	}
	if d.language == before.language && d.area == before.area && d.door == before.door && proto.Equal(d.ages, before.ages) {
		d.Violated(s.Mark, "a correction changes nothing")
	}
}

func (d *description) ranked(s facts.Step, header *handoverv1.PacketHeader) {
	if header.GetLanguageCode() != d.language || header.GetArea() != d.area || !proto.Equal(header.GetAgeBand(), d.ages) {
		d.Violated(s.Mark, "lines were ranked for another language, area or age than the child's at that time")
	}
}
