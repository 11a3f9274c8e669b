package lines

import (
	"strings"
	"testing"

	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	"github.com/stafett/stafett/tools/stafett/internal/cli"
)

// TestADirectoryThatChangedMeanwhile: what was applied is told where it is something else
// than was shown.
func TestADirectoryThatChangedMeanwhile(t *testing.T) {
	country := func(line, after string) *routingv1.ApplyLinesResponse {
		change := &routingv1.LineChange{Line: line, Kind: routingv1.LineChangeKind_LINE_CHANGE_KIND_CHANGED, Field: "country", Before: "NO", After: after}
		return &routingv1.ApplyLinesResponse{Changes: []*routingv1.LineChange{change}, Position: 7}
	}
	for want, done := range map[string]*routingv1.ApplyLinesResponse{
		"applied, at position 7 of the log\n": country("lines/a", "DK"),
		"\nThe directory has changed meanwhile. This is what was applied:\n~ a\n  ~ country: NO -> SE\napplied, at position 7 of the log\n": country("lines/a", "SE"),
		"\nThe directory has changed meanwhile. This is what was applied:\nnothing differs any more\n":                                      {},
	} {
		var out strings.Builder
		err := (&applying{caller: caller{&cli.Caller{}}}).tell(&out, "lines.yaml", country("lines/a", "DK"), done)
		if err != nil || out.String() != want {
			t.Errorf("%v: %q, want %q", err, out.String(), want)
		}
	}
}
