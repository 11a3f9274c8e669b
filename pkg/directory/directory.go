// Package directory holds the lines: whom each one serves, when it is open, whether it has a
// seat, and which of them suits a child best. It is pure and reads no clock.
//
// A [Directory] combines the lines with what is currently known of each ([Live]: short-notice
// closures, seats, a rota); [Directory.With] updates it. It decides who may be asked now
// ([Directory.Rank]), whether a line may still be asked when its turn comes
// ([Directory.CanTake]), and what may be offered for later ([Directory.Slots]). The criteria
// are data too: see package rules. Package linefile reads lines from a file, and package
// openinghours tells when one answers.
package directory

import (
	"strings"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

const namePrefix = "lines/"

// ID returns the line's plain id, as state and events hold it: its name without lines/.
func ID(line *handoverv1.Line) string {
	return strings.TrimPrefix(line.GetName(), namePrefix)
}
