package linesview

import (
	"strings"

	"github.com/stafett/stafett/pkg/taxonomy"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// doors are the ways in which a child comes to the line.
func (v View) doors(line *handoverv1.Line) [][]string {
	var rows [][]string
	for _, door := range line.GetDoors() {
		where := []string{door.GetNumber()}
		if door.GetThrough() != "" {
			where = append(where, v.Lang.Say("through", door.GetThrough()))
		}
		if areas := door.GetAreas(); len(areas) > 0 {
			where = append(where, v.Lang.Say("from_areas", strings.Join(areas, ", ")))
		}
		rows = append(rows, []string{door.GetId(), v.Lang.Code(door.GetChannel()), strings.TrimSpace(strings.Join(where, " "))})
	}
	return rows
}

// receptions are from whom the line receives, and how.
func (v View) receptions(line *handoverv1.Line) [][]string {
	var rows [][]string
	for _, reception := range line.GetReceivesFrom() {
		from, agreed := reception.GetLine(), ""
		if from == taxonomy.Everything {
			from = v.Lang.Say("other_lines")
		}
		if reception.GetAgreed() != handoverv1.ReceptionWay_RECEPTION_WAY_UNSPECIFIED {
			agreed = v.Lang.Say("agreed", v.Lang.Code(reception.GetAgreed()))
		}
		rows = append(rows, []string{from, v.Lang.Code(reception.GetWay()), agreed})
	}
	return rows
}
