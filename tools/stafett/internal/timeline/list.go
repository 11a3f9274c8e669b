package timeline

import (
	"fmt"
	"io"
	"strings"
	"time"

	auditv1 "github.com/stafett/stafett/proto/stafett/audit/v1"
	"github.com/stafett/stafett/tools/stafett/internal/output"
)

// List writes commits of any conversations and lines as they come, a line for each
// event. It knows nothing of what came before, so it does not tell who had custody.
type List struct {
	out  io.Writer
	zone *time.Location
	// begun: the headings are written. A list of nothing has none.
	begun bool
}

// NewList makes a list that is told at the clock of a zone.
func NewList(out io.Writer, zone *time.Location) *List { return &List{out: out, zone: zone} }

// Add writes one commit.
func (l *List) Add(stored *auditv1.StoredCommit) error {
	if err := l.begin(); err != nil {
		return err
	}
	a := stored.Commit
	at := a.RecordTime.AsTime().In(l.zone)
	for _, e := range a.Events {
		if err := l.row(fmt.Sprint(stored.Position), at.Format(layout), strings.TrimPrefix(a.Subject, "stafett."), speaker(a.Caller), Describe(e, at)); err != nil {
			return err
		}
	}
	return nil
}

func (l *List) begin() error {
	if l.begun {
		return nil
	}
	l.begun = true
	return l.row("POSITION", heading(l.zone), "CONVERSATION OR LINE", "ON THE WORD OF", "WHAT HAPPENED")
}

func (l *List) row(position, at, subject, caller, what string) error {
	_, err := fmt.Fprintf(l.out, "%-8s  %-23s  %-45s  %-18s  %s\n", position, at, output.Plain(subject), output.Plain(caller), output.Plain(what))
	return err
}
