package linesview

import (
	"fmt"
	"io"
	"strings"

	"github.com/fatih/color"

	"github.com/stafett/stafett/pkg/directory"
	"github.com/stafett/stafett/pkg/taxonomy"
	"github.com/stafett/stafett/tools/stafett/internal/output"
)

const indent = "  "

// Show prints all that is known of a line.
func (v View) Show(out io.Writer, state State) error {
	line := state.Line
	for _, section := range []struct {
		title string
		rows  [][]string
	}{
		{fmt.Sprintf("%s (%s)", v.Name(line), directory.ID(line)), v.facts(line)},
		{v.Lang.Say("hours_of", line.GetTimeZone()), v.hours(line)},
		{v.Lang.Say("exceptions"), v.exceptions(line)},
		{v.Lang.Say("doors"), v.doors(line)},
		{v.Lang.Say("agreements"), v.receptions(line)},
		{v.Lang.Say("state_now", v.Lang.Time(v.Now, v.Now, Zone(line))+" "+line.GetTimeZone()), v.now(state)},
		{v.Lang.Say("closures"), v.closures(state)},
		{v.Lang.Say("duty"), v.duty(state)},
	} {
		if err := printSection(out, section.title, section.rows); err != nil {
			return err
		}
	}
	return nil
}

// printSection prints nothing where there is nothing to tell.
func printSection(out io.Writer, title string, rows [][]string) error {
	if len(rows) == 0 {
		return nil
	}
	if _, err := fmt.Fprintln(out, color.New(color.Bold).Sprint(output.Plain(title))); err != nil {
		return err
	}
	return output.Columns(out, indent, rows)
}

func (v View) topics(codes []string) string {
	var told []string
	for _, code := range codes {
		if code == taxonomy.Everything {
			return v.Lang.Say("everything")
		}
		told = append(told, v.Lang.Topic(code))
	}
	return strings.Join(told, "; ")
}

// onlyYes is empty for no.
func (v View) onlyYes(is bool) string {
	if !is {
		return ""
	}
	return v.yes(is)
}

func (v View) yes(is bool) string {
	if is {
		return v.Lang.Say("yes")
	}
	return v.Lang.Say("no")
}
