package handover_test

import (
	"testing"

	"github.com/stafett/stafett/pkg/handover"
)

const chatName = "conversations/" + conversation

func TestParseName(t *testing.T) {
	for name, want := range map[string]handover.ResourceName{
		chatName:                            {Conversation: conversation},
		chatName + "/handovers/1":           {Conversation: conversation, Handover: 1},
		chatName + "/handovers/12/offers/3": {Conversation: conversation, Handover: 12, Offer: 3},
		chatName + "/handovers/4294967295":  {Conversation: conversation, Handover: 1<<32 - 1},
	} {
		if got, err := handover.ParseName(name); err != nil || got != want {
			t.Errorf("%s: %+v, %v; want %+v", name, got, err, want)
		}
	}
}

func TestParseNameRefuses(t *testing.T) {
	for _, name := range []string{
		"", "conversations", "conversations/", "lines/x", "handovers/1",
		chatName + "/", chatName + "/handovers", chatName + "/handovers/", chatName + "/handovers/0", chatName + "/handovers/-1",
		chatName + "/handovers/x", chatName + "/handovers/01", chatName + "/handovers/+1", chatName + "/handovers/4294967296",
		chatName + "/offers/1", chatName + "/handovers/1/offers/0", chatName + "/handovers/1/offers/1/alerts/1",
	} {
		if got, err := handover.ParseName(name); err == nil {
			t.Errorf("%q is read as %+v", name, got)
		}
	}
}

// FuzzParseName: what can be read is read the one way in which it is written.
func FuzzParseName(f *testing.F) {
	f.Add(chatName)
	f.Add(chatName + "/handovers/1")
	f.Add(chatName + "/handovers/2/offers/3")
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
	if got := handover.LineName(mind); got != "lines/snakkompsyken" {
		t.Errorf("got %s", got)
	}
}
