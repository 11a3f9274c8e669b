package linesview

import (
	"io"
	"strings"

	"github.com/stafett/stafett/pkg/directory"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	"github.com/stafett/stafett/tools/stafett/internal/output"
)

func seated(channel handoverv1.Channel) bool { return directory.HasSeats(channel) }

// List prints lines with a row for each of their channels.
func (v View) List(out io.Writer, states []State) error {
	var rows [][]string
	for _, state := range states {
		rows = append(rows, v.listed(state)...)
	}
	return output.Rows(out, v.headings("line", "name", "channel", "now", "zone", "free", "waiting", "on_duty"), rows)
}

func (v View) headings(phrases ...string) []string {
	var all []string
	for _, phrase := range phrases {
		all = append(all, v.Lang.Say(phrase))
	}
	return all
}

// listed are the rows of one line. What they have in common is told once.
func (v View) listed(state State) [][]string {
	id, name, duty := directory.ID(state.Line), v.Name(state.Line), v.unit(state.Now.GetShift())
	if len(state.Now.GetChannels()) == 0 {
		return [][]string{{id, name, "-", v.Lang.Code(state.Line.GetStatus()), state.Line.GetTimeZone(), "-", "-", duty}}
	}
	var rows [][]string
	for _, channel := range state.Now.GetChannels() {
		rows = append(rows, []string{
			id, name, v.Lang.Code(channel.GetChannel()), v.State(channel, Zone(state.Line)), state.Line.GetTimeZone(),
			free(channel), waiting(channel), duty,
		})
		id, name, duty = "", "", ""
	}
	return rows
}

// unit is who has a shift; a dash where there is none.
func (v View) unit(shift *handoverv1.Shift) string {
	switch {
	case shift == nil:
		return "-"
	case shift.GetUnit() == "":
		return v.Lang.Say("nobody")
	}
	return v.Lang.Name(shift.GetDisplayNames(), shift.GetUnit())
}

// channels names some; those that are none are all.
func (v View) channels(channels []handoverv1.Channel) string {
	var names []string
	for _, channel := range channels {
		names = append(names, v.Lang.Code(channel))
	}
	if len(names) == 0 {
		return v.Lang.Say("all_channels")
	}
	return strings.Join(names, ", ")
}
