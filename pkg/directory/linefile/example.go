package linefile

import (
	_ "embed"

	"github.com/stafett/stafett/pkg/taxonomy"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

//go:embed lines.yaml
var example []byte

// Example returns the example directory: real helplines, with what is publicly known about
// them. The caller may change the lines.
func Example() []*handoverv1.Line {
	lines, err := Parse("lines.yaml", example, taxonomy.Default())
	if err != nil {
		panic("linefile: the embedded file, which a test reads: " + err.Error())
	}
	return lines
}
