package timeline

import (
	"fmt"
	"io"
	"strings"
	"time"

	auditv1 "github.com/stafett/stafett/proto/stafett/audit/v1"
)

// List writes one append of any conversation or line, a line for each event. It
// knows nothing of what came before, so it does not tell who had custody.
func List(out io.Writer, stored *auditv1.StoredAppend, zone *time.Location) error {
	a := stored.Append
	at := a.RecordTime.AsTime().In(zone)
	subject := strings.TrimPrefix(a.Subject, "stafett.")
	for _, e := range a.Events {
		if _, err := fmt.Fprintf(out, "%8d  %s  %-45s  %-18s  %s\n", stored.Position,
			at.Format("2006-01-02 15:04:05.000"), subject, speaker(a.Caller), Describe(e, at)); err != nil {
			return err
		}
	}
	return nil
}
