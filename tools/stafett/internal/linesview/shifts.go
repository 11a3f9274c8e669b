package linesview

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"time"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	"github.com/stafett/stafett/tools/stafett/internal/output"
)

// Shifts prints shifts of a line, in order.
func (v View) Shifts(out io.Writer, shifts []*handoverv1.Shift, zone *time.Location) error {
	var rows [][]string
	for _, shift := range shifts {
		from, until := shift.GetStartTime().AsTime().In(zone), shift.GetEndTime().AsTime().In(zone)
		rows = append(rows, []string{
			from.Format(time.DateOnly), from.Format("15:04"), until.Format("15:04"), zone.String(), v.unit(shift),
			v.Lang.ShiftReason(shift.GetReason()), shift.GetInsteadOf(),
		})
	}
	return output.Rows(out, v.headings("date", "from", "until", "zone", "unit", "why", "instead_of"), rows)
}

// ShiftChanges prints the shifts that are there before alone, or after alone, in order of
// their beginnings. It says whether there are any.
func (v View) ShiftChanges(out io.Writer, before, after []*handoverv1.Shift, zone *time.Location) (differ bool, err error) {
	had, has := v.told(before, zone), v.told(after, zone)
	changes := append(missing(had, has, minus), missing(has, had, plus)...)
	slices.SortStableFunc(changes, func(a, b change) int {
		return cmp.Compare(a.text[:len(beginning)], b.text[:len(beginning)])
	})
	for _, c := range changes {
		if err := printSigned(out, "", c.sign, c.text); err != nil {
			return true, err
		}
	}
	return len(changes) > 0, nil
}

// change is a shift that is told, and whether it comes or goes.
type change struct{ sign, text string }

// missing are those of some shifts that are not among others.
func missing(these, others []string, sign string) (changes []change) {
	known := map[string]bool{}
	for _, text := range others {
		known[text] = true
	}
	for _, text := range these {
		if !known[text] {
			changes = append(changes, change{sign, text})
		}
	}
	return changes
}

// beginning is how a shift that is told begins.
const beginning = "2006-01-02 15:04"

// told are shifts in words: two that read the same are the same to people.
func (v View) told(shifts []*handoverv1.Shift, zone *time.Location) []string {
	var all []string
	for _, shift := range shifts {
		from, until := shift.GetStartTime().AsTime().In(zone), shift.GetEndTime().AsTime().In(zone)
		all = append(all, fmt.Sprintf("%s-%s %s: %s (%s)", from.Format(beginning), until.Format("15:04"), zone,
			v.unit(shift), v.Lang.ShiftReason(shift.GetReason())))
	}
	return all
}
