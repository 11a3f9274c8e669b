// Package timeline shows the history of a conversation to people: what happened
// when, on whose word, and who had custody then.
package timeline

import (
	"crypto/sha256"
	"fmt"
	"io"
	"path"
	"strings"
	"time"

	"github.com/fatih/color"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/evolve"
	auditv1 "github.com/stafett/stafett/proto/stafett/audit/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	"github.com/stafett/stafett/tools/stafett/internal/output"
)

// Print writes the commits of one conversation, all of them and in order, as a
// table. It folds them itself, and so finds out if one is missing.
func Print(out io.Writer, commits []*auditv1.StoredCommit, zone *time.Location) error {
	rows := [][]string{{"POSITION", heading(zone), "ON THE WORD OF", "CUSTODY", "HANDOVER", "WHAT HAPPENED"}}
	state := &handover.State{}
	for _, stored := range commits {
		if err := evolve.Commit(state, stored.Commit, stored.Position, [sha256.Size]byte(stored.PayloadHash)); err != nil {
			return err
		}
		rows = append(rows, told(stored, state, zone)...)
	}
	return highlight(out, output.Aligned(rows, output.Width(out)))
}

// heading is that of the column of times, and names their zone once for all.
func heading(zone *time.Location) string { return "TIME, " + zone.String() }

// layout is how the instant of a commit is told.
const layout = "2006-01-02 15:04:05.000"

// told is a row for each event; what they have in common stands only in the first.
func told(stored *auditv1.StoredCommit, state *handover.State, zone *time.Location) (rows [][]string) {
	a := stored.Commit
	at := a.RecordTime.AsTime().In(zone)
	first := []string{fmt.Sprint(stored.Position), at.Format(layout), speaker(a.Caller), custody(state), stage(state)}
	for _, e := range a.Events {
		rows = append(rows, append(first, Describe(e, at)))
		first = make([]string, len(first))
	}
	return rows
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
	h := handover.Of(s.Conversation).Current()
	if !h.Exists() {
		return "-"
	}
	return trim(h.State)
}

func trim(state handoverv1.HandoverState) string {
	return strings.TrimPrefix(state.String(), "HANDOVER_STATE_")
}

// highlight colours the lines on which custody begins, moves or ends.
func highlight(out io.Writer, lines []string) error {
	bold, moved := color.New(color.Bold), color.New(color.FgGreen, color.Bold)
	for i, line := range lines {
		paint := fmt.Sprint
		switch {
		case i == 0:
			paint = bold.Sprint
		case strings.Contains(line, "  custody "):
			paint = moved.Sprint
		}
		if _, err := fmt.Fprintln(out, paint(strings.TrimRight(line, " "))); err != nil {
			return err
		}
	}
	return nil
}
