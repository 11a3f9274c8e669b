package invariant

import (
	"fmt"
	"slices"
	"time"

	"github.com/stafett/stafett/pkg/invariant/internal/facts"
	"github.com/stafett/stafett/pkg/invariant/internal/rule"
)

// findings collects what all rules find.
type findings struct {
	// newest is the newest time in the history.
	newest time.Time
	// closing is the end of the history: what was due before is overdue.
	closing time.Time
	// unhurried says that nobody asks what was late.
	unhurried  bool
	violations []Violation
	checked    []string
	skipped    []string
}

// seen notes that a commit is part of the history.
func (f *findings) seen(at facts.Mark) {
	if at.Time.After(f.newest) {
		f.newest = at.Time
	}
}

// ending collects what the rules find at the end of a history, in a report, and
// then forgets that: the history may go on.
func (f *findings) ending(until time.Time, end func()) Report {
	violations, skipped := len(f.violations), len(f.skipped)
	f.closing = until
	end()
	report := f.report()
	f.violations, f.skipped = f.violations[:violations], f.skipped[:skipped]
	return report
}

func (f *findings) finder(invariant string) rule.Base {
	return rule.Base{Reporter: &finder{findings: f, invariant: invariant}}
}

// finder is how one rule reports.
type finder struct {
	*findings
	invariant string
	applied   bool
}

// applies says that the history has something for this rule to check.
func (f *finder) Applies() {
	if !f.applied {
		f.applied = true
		f.checked = append(f.checked, f.invariant)
	}
}

// violated reports a breach that a commit shows.
func (f *finder) Violated(at facts.Mark, format string, args ...any) {
	f.violations = append(f.violations, Violation{
		Invariant:    f.invariant,
		Position:     at.Position,
		Conversation: facts.Resource(at.Subject),
		Message:      fmt.Sprintf(format, args...),
	})
}

// late reports that something was not done in time which the platform owed.
func (f *finder) Late(at facts.Mark, format string, args ...any) {
	if f.unhurried {
		return
	}
	f.Violated(at, format, args...)
	f.violations[len(f.violations)-1].Late = true
}

// skip says what this rule could not check.
func (f *finder) Skip(format string, args ...any) {
	f.skipped = append(f.skipped, f.invariant+": "+fmt.Sprintf(format, args...))
}

func (f *finder) Until() time.Time { return f.closing }

// report sorts a copy of what was found, so that the same history gives the same report.
func (f *findings) report() Report {
	violations, checked := slices.Clone(f.violations), slices.Clone(f.checked)
	slices.SortFunc(violations, inOrder)
	slices.SortFunc(checked, byNumber)
	return Report{Violations: violations, Checked: slices.Compact(checked), Skipped: slices.Clone(f.skipped)}
}
