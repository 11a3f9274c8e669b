package linesview

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/fatih/color"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
)

// The signs of what is new, other than before, and gone.
const (
	plus  = "+"
	tilde = "~"
	minus = "-"
)

var signs = map[routingv1.LineChangeKind]string{
	routingv1.LineChangeKind_LINE_CHANGE_KIND_ADDED:   plus,
	routingv1.LineChangeKind_LINE_CHANGE_KIND_CHANGED: tilde,
	routingv1.LineChangeKind_LINE_CHANGE_KIND_REMOVED: minus,
}

var colours = map[string]color.Attribute{plus: color.FgGreen, tilde: color.FgYellow, minus: color.FgRed}

// printSigned prints a line after its sign, in the sign's colour.
func printSigned(out io.Writer, indent, sign, text string) error {
	_, err := fmt.Fprintln(out, color.New(colours[sign]).Sprint(indent+sign+" "+text))
	return err
}

// Changes prints what becomes of lines, with their fields. Of a line that is taken out
// the fields go without saying.
func Changes(out io.Writer, changes []*routingv1.LineChange) error {
	line := ""
	for _, change := range changes {
		if change.GetLine() != line {
			line = change.GetLine()
			if err := printSigned(out, "", signs[change.GetKind()], strings.TrimPrefix(line, "lines/")); err != nil {
				return err
			}
		}
		if change.GetKind() == routingv1.LineChangeKind_LINE_CHANGE_KIND_REMOVED {
			continue
		}
		if err := printField(out, change); err != nil {
			return err
		}
	}
	return nil
}

func printField(out io.Writer, change *routingv1.LineChange) error {
	sign, text := tilde, change.GetBefore()+" -> "+change.GetAfter()
	switch {
	case change.GetBefore() == "":
		sign, text = plus, change.GetAfter()
	case change.GetAfter() == "":
		sign, text = minus, change.GetBefore()
	}
	return printSigned(out, indent, sign, change.GetField()+": "+text)
}

// ShiftChanges prints the shifts that are there on one side only, and says whether there
// are any. Both sides are in order.
func (v View) ShiftChanges(out io.Writer, before, after []*handoverv1.Shift, zone *time.Location) (differ bool, err error) {
	had, has := v.toldShifts(before, zone), v.toldShifts(after, zone)
	for len(had) > 0 || len(has) > 0 {
		sign, text := "", ""
		switch {
		case len(has) == 0 || len(had) > 0 && before[0].GetStartTime().AsTime().Before(after[0].GetStartTime().AsTime()):
			sign, text, had, before = minus, had[0], had[1:], before[1:]
		case len(had) == 0 || after[0].GetStartTime().AsTime().Before(before[0].GetStartTime().AsTime()):
			sign, text, has, after = plus, has[0], has[1:], after[1:]
		case had[0] == has[0]:
			had, before, has, after = had[1:], before[1:], has[1:], after[1:]
			continue
		default:
			sign, text, had, before = minus, had[0], had[1:], before[1:]
		}
		differ = true
		if err := printSigned(out, "", sign, text); err != nil {
			return differ, err
		}
	}
	return differ, nil
}

// toldShifts are shifts in words. Two that read the same are the same to people.
func (v View) toldShifts(shifts []*handoverv1.Shift, zone *time.Location) []string {
	var all []string
	for _, shift := range shifts {
		from, until := shift.GetStartTime().AsTime().In(zone), shift.GetEndTime().AsTime().In(zone)
		all = append(all, fmt.Sprintf("%s %s-%s %s: %s (%s)", from.Format(time.DateOnly), from.Format("15:04"), until.Format("15:04"),
			zone, v.unit(shift), v.Lang.ShiftReason(shift.GetReason())))
	}
	return all
}
