package rule

import (
	"time"

	"github.com/stafett/stafett/pkg/invariant/internal/facts"
)

// Reporter takes what one rule finds.
type Reporter interface {
	// Applies says that the history has something for this rule to check.
	Applies()
	// Violated reports a breach that a commit shows.
	Violated(at facts.Mark, format string, args ...any)
	// Late reports that something was not done in time which the platform owed.
	Late(at facts.Mark, format string, args ...any)
	// Skip says what this rule could not check.
	Skip(format string, args ...any)
	// Until is the end of the history: what was due before is overdue.
	Until() time.Time
}

// Base is what every rule is built on. Its methods suit rules that have nothing to say at the
// end of a history and keep nothing about a subject.
type Base struct{ Reporter }

func (Base) End() {}

func (Base) Forget(string) {}

// Walker is one rule at work in one conversation.
type Walker interface {
	// Event looks at the next event, before the facts know of it.
	Event(facts.Step)
	// End says that the history has no more of this conversation. It changes nothing
	// but the findings, because the history may go on after all.
	End()
}

// Reader is one rule at work on the commits of a whole history.
type Reader interface {
	// Read checks the next commit.
	Read(facts.Mark, facts.Stored)
	// End says that the history has no more. It changes nothing but the findings.
	End()
	// Forget lets go of what is known of a subject.
	Forget(subject string)
}
