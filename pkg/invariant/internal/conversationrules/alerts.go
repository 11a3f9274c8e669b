package conversationrules

import (
	"time"

	"github.com/stafett/stafett/pkg/invariant/internal/facts"
	"github.com/stafett/stafett/pkg/invariant/internal/rule"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// alerts checks the rest of I3 and, of I16, the child who waits for its first counsellor: if every counsellor of the line with custody is
// gone while the child is there, that line is alerted at once, and again as long
// as it lasts. A crash is not leaving.
type alerts struct {
	rule.Base
	*facts.Facts
	// last is the newest event.
	last facts.Mark
	// since is the event that made an alert due, and due the time. Zero while
	// somebody is with the child.
	since facts.Mark
	due   time.Time
	told  bool
	// count is the number of the newest alert since somebody was with the child.
	count uint32
}

func NewAlerts(f rule.Base, known *facts.Facts) rule.Walker { return &alerts{Base: f, Facts: known} }

func (a *alerts) Event(s facts.Step) {
	a.look()
	if a.overdue(s.Time) {
		a.told = true
		a.Late(a.since, unalerted, a.Holder)
	}
	switch k := s.Kind.(type) {
	case *eventv1.CustodyAlerted:
		a.alerted(s, k)
	case *eventv1.ParticipantJoined:
		if k.GetRole() == handoverv1.Role_ROLE_COUNSELLOR && k.GetLine() == a.Holder {
			a.count = 0
		}
	case *eventv1.CustodyTransferred:
		a.due, a.count = time.Time{}, 0
	}
	a.last = s.Mark
}

const unalerted = "the child is there and nobody of %q is, which was not alerted in time"

// look sees what the newest event has made of it.
func (a *alerts) look() {
	waits := a.Waiting() && !a.Calm()
	if !waits && !a.Unattended() {
		a.due = time.Time{}
		return
	}
	begins := a.last.Time.Add(a.patience(waits))
	if a.due.IsZero() || waits && a.InDanger() && a.count == 0 && begins.Before(a.due) {
		a.since, a.due, a.told = a.last, begins, false
	}
}

// patience is how long a child waits for its first counsellor before its line is alerted. A
// child in danger, who has come back, or whom its counsellor has left, does not wait.
func (a *alerts) patience(waits bool) time.Duration {
	switch {
	case !waits || a.count > 0 || a.InDanger():
		return 0
	case a.Slow():
		return time.Hour
	}
	return a.Patience
}

func (a *alerts) overdue(now time.Time) bool {
	return !a.told && overdue(a.due, now)
}

func (a *alerts) alerted(s facts.Step, k *eventv1.CustodyAlerted) {
	a.Applies()
	if a.due.IsZero() {
		a.Violated(s.Mark, "%q was alerted although the child is away or somebody is with it", k.GetLine())
		return
	}
	if k.GetAlert() != 1 && k.GetAlert() != a.count+1 {
		a.Violated(s.Mark, "%q was alerted for time %d after time %d", k.GetLine(), k.GetAlert(), a.count)
	}
	a.count = k.GetAlert()
	if told, ok := facts.Find[*eventv1.SupervisorTold](s.Commit); a.needsSupervisor() && (!ok || told.GetLine() != k.GetLine()) {
		a.Violated(s.Mark, "%q was alerted %d times and its supervisors were not told", k.GetLine(), a.count)
	}
	a.since, a.due, a.told = s.Mark, k.GetDeadline().AsTime(), false
}

// needsSupervisor tells whether an alert goes to supervisors, too: the third about a child who
// waits, the fourth about one whose counsellor is gone, and each one about a child in danger.
func (a *alerts) needsSupervisor() bool {
	most := uint32(3)
	if a.Waiting() { // for its first counsellor
		most = 2
	}
	return a.InDanger() || a.count > most
}

func (a *alerts) End() {
	a.look()
	if a.overdue(a.Until()) {
		a.Late(a.since, unalerted, a.Holder)
	}
}
