package handover_test

import (
	"testing"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/internal/story"
)

func TestParseName(t *testing.T) {
	for name, want := range map[string]handover.ResourceName{
		story.ChatName:                            {Conversation: story.Conversation},
		story.ChatName + "/handovers/1":           {Conversation: story.Conversation, Handover: 1},
		story.ChatName + "/handovers/12/offers/3": {Conversation: story.Conversation, Handover: 12, Offer: 3},
		"consultations/c":                         {Consultation: "consultations/c"},
		story.ChatName + "/handovers/4294967295":  {Conversation: story.Conversation, Handover: 1<<32 - 1},
	} {
		if got, err := handover.ParseName(name); err != nil || got != want {
			t.Errorf("%s: %+v, %v; want %+v", name, got, err, want)
		}
	}
}

func TestParseNameRefuses(t *testing.T) {
	for _, name := range []string{
		"", "conversations", "conversations/", "lines/x", "handovers/1",
		story.ChatName + "/", story.ChatName + "/handovers", story.ChatName + "/handovers/", story.ChatName + "/handovers/0", story.ChatName + "/handovers/-1",
		story.ChatName + "/handovers/x", story.ChatName + "/handovers/01", story.ChatName + "/handovers/+1", story.ChatName + "/handovers/4294967296",
		"consultations/", "consultations/c/handovers/1", story.ChatName + "/offers/1", story.ChatName + "/handovers/1/offers/0", story.ChatName + "/handovers/1/offers/1/alerts/1",
	} {
		if got, err := handover.ParseName(name); err == nil {
			t.Errorf("%q is read as %+v", name, got)
		}
	}
}

// FuzzParseName: what can be read is read the one way in which it is written.
func FuzzParseName(f *testing.F) {
	f.Add(story.ChatName)
	f.Add(story.ChatName + "/handovers/1")
	f.Add(story.ChatName + "/handovers/2/offers/3")
	f.Add("conversations//handovers/007")
	f.Add("lines/alarmtelefonen")
	f.Fuzz(func(t *testing.T, name string) {
		place, err := handover.ParseName(name)
		if err != nil {
			return
		}
		if got := written(place); got != name {
			t.Errorf("%q is read as %+v, which is written %q", name, place, got)
		}
	})
}

func written(p handover.ResourceName) string {
	if p.Consultation != "" {
		return p.Consultation
	}
	name := handover.ConversationName(p.Conversation)
	if p.Handover > 0 {
		name = handover.HandoverName(name, p.Handover)
	}
	if p.Offer > 0 {
		name = handover.OfferName(name, p.Offer)
	}
	return name
}

func TestLineName(t *testing.T) {
	if got := handover.LineName(story.Mind); got != "lines/snakkompsyken" {
		t.Errorf("got %s", got)
	}
}
