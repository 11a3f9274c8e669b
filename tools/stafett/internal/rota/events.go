package rota

import (
	"fmt"
	"io"

	"github.com/stafett/stafett/pkg/rota"
	"github.com/stafett/stafett/pkg/rota/ical"
)

// unused says why an event of a calendar changes nothing.
var unused = map[ical.Standing]string{
	ical.Cancelled:   "it is cancelled",
	ical.Superseded:  "there is a newer revision of it",
	ical.Tentative:   "it is tentative",
	ical.Transparent: "it does not occupy anybody's time (TRANSP)",
	ical.Proposed:    "it is only proposed, or an answer to somebody (METHOD)",
	rota.Same:        "the rota agrees already",
}

// tellEvents lists the events that were not used, with the reason. The others are seen in the shifts that
// change.
func tellEvents(out io.Writer, events []rota.Outcome) {
	for _, e := range events {
		why, ok := unused[e.Result]
		if !ok {
			continue
		}
		if e.Newer > 0 {
			why += fmt.Sprintf(", at line %d", e.Newer)
		}
		fmt.Fprintf(out, "line %d, %q: not used, because %s\n", e.Line, e.Summary, why)
	}
}
