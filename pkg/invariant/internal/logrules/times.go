package logrules

import (
	"time"

	"github.com/stafett/stafett/pkg/invariant/internal/facts"
	"github.com/stafett/stafett/pkg/invariant/internal/rule"
)

// times checks the first half of I18: times in a subject never go back.
type times struct {
	rule.Base
	last map[string]time.Time
}

func NewTimes(f rule.Base) rule.Reader { return &times{f, map[string]time.Time{}} }

func (t *times) Read(at facts.Mark, _ facts.Stored) {
	t.Applies()
	if last := t.last[at.Subject]; at.Time.Before(last) {
		t.Violated(at, "its time is %s before that of the commit before it", last.Sub(at.Time))
		return
	}
	t.last[at.Subject] = at.Time
}

func (t *times) Forget(subject string) { delete(t.last, subject) }
