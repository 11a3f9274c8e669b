package invariant

import (
	"fmt"
	"time"
)

// findings collects what all rules find.
type findings struct {
	// until is the newest time in the history: what was due before is overdue.
	until      time.Time
	violations []Violation
	checked    []string
	skipped    []string
}

func newest(history []Recorded) time.Time {
	var t time.Time
	for _, r := range history {
		if at := r.Append.GetRecordTime().AsTime(); at.After(t) {
			t = at
		}
	}
	return t
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
func (f *finder) violated(at Recorded, format string, args ...any) {
	f.violations = append(f.violations, Violation{
		Invariant:    f.invariant,
		Position:     at.Position,
		Conversation: resource(at.Append.GetSubject()),
		Message:      fmt.Sprintf(format, args...),
	})
}

// skip says what this rule could not check.
func (f *finder) skip(format string, args ...any) {
	f.skipped = append(f.skipped, f.invariant+": "+fmt.Sprintf(format, args...))
}

// end is for the rules that have nothing to say at the end of a conversation.
func (f *finder) end() {}
