package check

import (
	"fmt"
	"slices"
	"strings"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	"github.com/stafett/stafett/tools/internal/story"
)

// wrote compares who wrote to everybody while sender, receiver and child were together and
// custody had not moved.
func (e *evidence) wrote(c *comparison, want story.Wrote) {
	if want.Place == "" {
		return
	}
	wrote := e.bridgeWriters()
	var missing []string
	for _, person := range want.People {
		if !slices.Contains(wrote, person.Name+" of "+person.Line) {
			missing = append(missing, person.Name+" of "+person.Line)
		}
	}
	c.expect(want.Place, len(missing) == 0, strings.Join(missing, ", ")+" to have written in the bridge", listed(wrote, ", "))
}

func (e *evidence) bridgeWriters() []string {
	var wrote []string
	together := false
	for _, h := range e.events {
		switch {
		case h.GetBridgeOpened() != nil:
			together = true
		case h.GetCustodyTransferred() != nil, h.GetHandoverReturned() != nil, h.GetHandoverCancelled() != nil:
			together = false
		}
		sent := h.GetMessageSent()
		who := sent.GetParticipant() + " of " + sent.GetLine()
		if together && sent.GetAudience() == handoverv1.Audience_AUDIENCE_ALL && !slices.Contains(wrote, who) {
			wrote = append(wrote, who)
		}
	}
	return wrote
}

// recommended compares the platform's newest recommendation.
func (e *evidence) recommended(c *comparison, want story.Recommended) {
	if want.Place == "" {
		return
	}
	var made *handoverv1.Recommendation
	for _, h := range e.events {
		if r := h.GetHandoverRecommended(); r != nil {
			made = r.Recommendation
		}
	}
	expected := tellRecommended(want.Line, want.Reason, want.Topics, want.Because)
	if made == nil {
		c.expect(want.Place, false, expected, "none")
		return
	}
	line, because := first(made)
	var topics []string
	if len(want.Topics) > 0 {
		topics = made.Topics
	}
	if len(want.Because) == 0 {
		because = nil
	}
	if holdsAll(because, want.Because) {
		because = want.Because
	}
	seen := tellRecommended(line, made.Reason, topics, because)
	c.expect(want.Place, expected == seen, expected, seen)
}

// first returns the line that a recommendation ranks first, and its preferences.
func first(r *handoverv1.Recommendation) (string, []handoverv1.Preference) {
	if len(r.Candidates) == 0 || len(r.Candidates[0].Failed) > 0 {
		return "no line", nil
	}
	return r.Candidates[0].Line, r.Candidates[0].Preferences
}

func holdsAll[T comparable](have, want []T) bool {
	return !slices.ContainsFunc(want, func(w T) bool { return !slices.Contains(have, w) })
}

func tellRecommended(line string, reason handoverv1.RecommendReason, topics []string, because []handoverv1.Preference) string {
	told := fmt.Sprintf("a recommendation of %s as %s", line, story.Code(reason))
	if len(topics) > 0 {
		told += " for " + strings.Join(topics, ", ")
	}
	if len(because) > 0 {
		told += " because of " + story.Codes(because)
	}
	return told
}
