package invariant

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Report is what a check found.
type Report struct {
	// Violations are ordered by position. None: the history is sound as far as it
	// was checked.
	Violations []Violation
	// Checked names the invariants for which the history had something to check.
	Checked []string
	// Skipped says in words what could not be checked, and why.
	Skipped []string
}

// Violation is one breach of one invariant. It never quotes content.
type Violation struct {
	// Invariant is the name, such as I1.
	Invariant string
	// Position is that of the commit that shows it. Where something did not
	// happen that had to, it is the commit that made it due.
	Position uint64
	// Conversation is the resource name, or that of the line in the directory.
	Conversation string
	// Message says what is wrong.
	Message string
	// Late says that the platform did not do in time what it owes by itself. One
	// that was down for a while has such violations, and need have no others.
	Late bool
}

// String returns the violation in one line.
func (v Violation) String() string {
	return fmt.Sprintf("%s at position %d in %s: %s", v.Invariant, v.Position, v.Conversation, v.Message)
}

// Err returns nil where there is no violation, and else an error with one line
// for each.
func (r Report) Err() error {
	errs := make([]error, len(r.Violations))
	for i, v := range r.Violations {
		errs[i] = errors.New(v.String())
	}
	return errors.Join(errs...)
}

// inOrder puts violations in the order of the log.
func inOrder(a, b Violation) int {
	return cmp.Or(cmp.Compare(a.Position, b.Position), byNumber(a.Invariant, b.Invariant), cmp.Compare(a.Message, b.Message))
}

// byNumber puts I2 before I10 and the names without a number last.
func byNumber(a, b string) int {
	return cmp.Or(cmp.Compare(number(a), number(b)), cmp.Compare(a, b))
}

func number(invariant string) int {
	digits, numbered := strings.CutPrefix(invariant, "I")
	n, err := strconv.Atoi(digits)
	if !numbered || err != nil {
		return math.MaxInt
	}
	return n
}
