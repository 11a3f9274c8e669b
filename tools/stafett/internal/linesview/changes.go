package linesview

import (
	"fmt"
	"io"
	"strings"

	"github.com/fatih/color"

	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	"github.com/stafett/stafett/tools/stafett/internal/output"
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
	_, err := fmt.Fprintln(out, color.New(colours[sign]).Sprint(indent+sign+" "+output.Plain(text)))
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
