package main

import (
	"fmt"
	"strings"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/command"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	"github.com/stafett/stafett/tools/internal/fields"
)

// givers say in words who may give a command.
var givers = map[handover.Side]string{
	handover.Platform: "the platform", handover.AnyLine: "any line", handover.Party: "a party", handover.FormerParty: "a party, even afterwards",
	handover.Custodian: "the line with custody", handover.WithChild: "a line with the child",
	handover.LegHolder: "the child", handover.FormerLegHolder: "the child", handover.Sender: "sender", handover.AskedLine: "an asked line",
	handover.Receiver: "receiver",

	handover.Asker: "a line that asked for advice", handover.Consulted: "a line that is asked for advice", handover.Consulting: "either of the two",
}

// table has a row for each state that allows commands, and one for the commands that
// depend on no state.
func table(commands []*command.Definition) string {
	var rows strings.Builder
	rows.WriteString("| state | commands |\n|---|---|\n")
	states := handoverv1.HandoverState(0).Descriptor()
	for i := range states.Values().Len() {
		state := states.Values().Get(i).Number()
		row(&rows, "`"+fields.Code(states, state)+"`", commands, func(d *command.Definition) bool {
			return d.Allows(handoverv1.HandoverState(state))
		})
	}
	row(&rows, "any, or none", commands, func(d *command.Definition) bool { return d.States == nil })
	return rows.String()
}

// row lists commands by who may give them, in the order of the catalogue.
func row(rows *strings.Builder, state string, commands []*command.Definition, has func(*command.Definition) bool) {
	var sides []string
	given := map[string][]string{}
	for _, d := range commands {
		if !has(d) {
			continue
		}
		side := givers[d.Side]
		if given[side] == nil {
			sides = append(sides, side)
		}
		given[side] = append(given[side], "`"+d.Name+"`")
	}
	for i, side := range sides {
		sides[i] = side + ": " + strings.Join(given[side], ", ")
	}
	if len(sides) > 0 {
		fmt.Fprintf(rows, "| %s | %s |\n", state, strings.Join(sides, "; "))
	}
}
