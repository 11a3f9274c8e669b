package timeline

import (
	"fmt"
	"io"
	"strings"
	"time"

	auditv1 "github.com/stafett/stafett/proto/stafett/audit/v1"
	"github.com/stafett/stafett/tools/internal/output"
)

// List writes appends of any conversations and lines as they come, a line for each
// event. It knows nothing of what came before, so it does not tell who had custody.
type List struct {
	out  io.Writer
	zone *time.Location
}

// NewList begins a list, with its headings.
func NewList(out io.Writer, zone *time.Location) (*List, error) {
	l := &List{out, zone}
	return l, l.row("POSITION", heading(zone), "CONVERSATION OR LINE", "ON THE WORD OF", "WHAT HAPPENED")
}

// Add writes one append.
func (l *List) Add(stored *auditv1.StoredAppend) error {
	a := stored.Append
	at := a.RecordTime.AsTime().In(l.zone)
	for _, e := range a.Events {
		if err := l.row(fmt.Sprint(stored.Position), at.Format(layout), strings.TrimPrefix(a.Subject, "stafett."), speaker(a.Caller), Describe(e, at)); err != nil {
			return err
		}
	}
	return nil
}

func (l *List) row(position, at, subject, caller, what string) error {
	_, err := fmt.Fprintf(l.out, "%-8s  %-23s  %-45s  %-18s  %s\n", position, at, output.Plain(subject), output.Plain(caller), output.Plain(what))
	return err
}
