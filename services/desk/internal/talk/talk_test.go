package talk_test

import (
	"testing"

	"github.com/stafett/stafett/services/desk/internal/talk"
)

func TestAMessageIsAddedOnce(t *testing.T) {
	var one talk.Talk
	if !one.Add(talk.Message{ID: "a", Text: "hello"}) || one.Add(talk.Message{ID: "a", Text: "hello"}) {
		t.Error("the same id must count once")
	}
	if len(one.Messages) != 1 {
		t.Errorf("there are %d messages", len(one.Messages))
	}
}

func TestWhatFollowsTheLinesLeavingIsForTheChildAlone(t *testing.T) {
	one := talk.Talk{Left: true}
	one.Add(talk.Message{ID: "a"})
	if !one.Messages[0].Hidden {
		t.Error("the line's people see what is said after they left")
	}
}

func TestTheNewestDraftOfAPartCounts(t *testing.T) {
	var one talk.Talk
	one.Keep(talk.Draft{Handover: "h", Scope: 3, Text: "first"})
	one.Keep(talk.Draft{Handover: "h", Scope: 3, Text: "second"})
	if len(one.Drafts) != 1 || one.Draft("h", 3).Text != "second" || one.Draft("h", 4) != nil {
		t.Errorf("drafts: %+v", one.Drafts)
	}
}
