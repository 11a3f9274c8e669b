package page

import (
	"fmt"
	"io"

	"github.com/stafett/stafett/pkg/i18n"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	"github.com/stafett/stafett/services/desk/internal/words"
)

// Storybook leads to every view.
type Storybook struct{ Nonce string }

// Page writes it.
func (s Storybook) Page(to io.Writer) error { return write(to, "storybook", s) }

// StoryRow is a view with its links, one for each language.
type StoryRow struct {
	State, Side string
	Links       []IndexLine
}

// Rows are the views.
func (s Storybook) Rows() (all []StoryRow) {
	for _, story := range Stories(words.Of("en")) {
		row := StoryRow{State: story.Code(story.State), Side: story.Side}
		for _, l := range i18n.Languages {
			row.Links = append(row.Links, IndexLine{story.Side + " " + l.String(), fmt.Sprintf("/storybook/%d/%s/%s", story.State, story.Side, l)})
		}
		all = append(all, row)
	}
	return all
}

// StoryOf finds a view by the parts of its address.
func StoryOf(state int32, side, language string) Story {
	return Story{handoverv1.HandoverState(state), side, words.Of(language)}
}

// Page writes the view as the person sees it.
func (s Story) Page(to io.Writer, nonce, id string) error {
	if s.Side == "child" {
		return write(to, "story-child", s.Young(nonce, id))
	}
	return s.Desk(nonce, id).Console(to)
}
