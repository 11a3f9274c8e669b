package invariant

import (
	"fmt"
	"slices"
	"time"
)

// findings collects what all rules find.
type findings struct {
	// newest is the newest time in the history.
	newest time.Time
	// until is the end of the history: what was due before is overdue.
	until time.Time
	// unhurried says that nobody asks what was late.
	unhurried  bool
	violations []Violation
	checked    []string
	skipped    []string
}

// seen notes that an append is part of the history.
func (f *findings) seen(at mark) {
	if at.time.After(f.newest) {
		f.newest = at.time
	}
}

// ending collects what the rules find at the end of a history, in a report, and
// then forgets that: the history may go on.
func (f *findings) ending(until time.Time, end func()) Report {
	violations, skipped := len(f.violations), len(f.skipped)
	f.until = until
	end()
	report := f.report()
	f.violations, f.skipped = f.violations[:violations], f.skipped[:skipped]
	return report
}

func (f *findings) finder(invariant string) *finder {
	return &finder{findings: f, invariant: invariant}
}

// finder is how one rule reports.
type finder struct {
	*findings
	invariant string
	applied   bool
}

// applies says that the history has something for this rule to check.
func (f *finder) applies() {
	if !f.applied {
		f.applied = true
		f.checked = append(f.checked, f.invariant)
	}
}

// violated reports a breach that an append shows.
func (f *finder) violated(at mark, format string, args ...any) {
	f.violations = append(f.violations, Violation{
		Invariant:    f.invariant,
		Position:     at.position,
		Conversation: resource(at.subject),
		Message:      fmt.Sprintf(format, args...),
	})
}

// late reports that something was not done in time which the platform owed.
func (f *finder) late(at mark, format string, args ...any) {
	if f.unhurried {
		return
	}
	f.violated(at, format, args...)
	f.violations[len(f.violations)-1].Late = true
}

// skip says what this rule could not check.
func (f *finder) skip(format string, args ...any) {
	f.skipped = append(f.skipped, f.invariant+": "+fmt.Sprintf(format, args...))
}

// end is for the rules that have nothing to say at the end of a history.
func (f *finder) end() {}

// forget is for the rules that keep nothing about a subject.
func (f *finder) forget(string) {}

// report sorts a copy of what was found, so that the same history gives the same report.
func (f *findings) report() Report {
	violations, checked := slices.Clone(f.violations), slices.Clone(f.checked)
	slices.SortFunc(violations, inOrder)
	slices.SortFunc(checked, byNumber)
	return Report{Violations: violations, Checked: slices.Compact(checked), Skipped: slices.Clone(f.skipped)}
}
