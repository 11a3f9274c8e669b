// Package timeline shows the history of a conversation to people: what happened
// when, on whose word, and who had custody then.
package timeline

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io"
	"path"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/fatih/color"

	"github.com/stafett/stafett/pkg/handover"
	auditv1 "github.com/stafett/stafett/proto/stafett/audit/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// Print writes the appends of one conversation, all of them and in order, as a
// table. It folds them itself, and so finds out if one is missing.
func Print(out io.Writer, appends []*auditv1.StoredAppend, zone *time.Location) error {
	var table bytes.Buffer
	w := tabwriter.NewWriter(&table, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "POSITION\tTIME\tON THE WORD OF\tCUSTODY\tHANDOVER\tWHAT HAPPENED")
	state := &handover.State{}
	for _, stored := range appends {
		if err := handover.Fold(state, stored.Append, stored.Position, [sha256.Size]byte(stored.PayloadHash)); err != nil {
			return err
		}
		printAppend(w, stored, state, zone)
	}
	w.Flush()
	return highlight(out, table.String())
}

// printAppend prints a line for each event; what they have in common only once.
func printAppend(w io.Writer, stored *auditv1.StoredAppend, state *handover.State, zone *time.Location) {
	a := stored.Append
	at := a.RecordTime.AsTime().In(zone)
	first := fmt.Sprintf("%d\t%s\t%s\t%s\t%s", stored.Position,
		at.Format("Mon 15:04:05.000"), speaker(a.Caller), custody(state), stage(state))
	for _, e := range a.Events {
		fmt.Fprintf(w, "%s\t%s\n", first, Describe(e, at))
		first = "\t\t\t\t"
	}
}

// speaker is the peer in short: a line's id, or which service acted by itself.
func speaker(caller string) string {
	if strings.Contains(caller, "/service/") {
		return "(" + path.Base(caller) + ")"
	}
	return path.Base(caller)
}

func custody(s *handover.State) string {
	c := s.Conversation.Custody
	if c.GetLine() == "" {
		return "closed"
	}
	return fmt.Sprintf("%s·%d", c.Line, c.Epoch)
}

func stage(s *handover.State) string {
	h := handover.Current(s.Conversation)
	if h == nil {
		return "-"
	}
	return trim(h.State)
}

func trim(state handoverv1.HandoverState) string {
	return strings.TrimPrefix(state.String(), "HANDOVER_STATE_")
}

// highlight colours the lines on which custody begins, moves or ends.
func highlight(out io.Writer, table string) error {
	bold, moved := color.New(color.Bold), color.New(color.FgGreen, color.Bold)
	for i, line := range strings.SplitAfter(table, "\n") {
		paint := fmt.Sprint
		switch {
		case i == 0:
			paint = bold.Sprint
		case strings.Contains(line, "  custody "):
			paint = moved.Sprint
		}
		if _, err := io.WriteString(out, paint(line)); err != nil {
			return err
		}
	}
	return nil
}
