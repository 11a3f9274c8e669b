// Package check compares the history of a conversation with the invariants of every
// history and with the expectations of a story.
//
// It checks the log as an auditor reads it, not the answers that anybody received.
package check

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/stafett/stafett/pkg/event"
	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/invariant"
	auditv1 "github.com/stafett/stafett/proto/stafett/audit/v1"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	"github.com/stafett/stafett/tools/internal/replay"
	"github.com/stafett/stafett/tools/internal/story"
)

// Report is the result of a check.
type Report struct {
	Conversation string
	Commits      []*auditv1.StoredCommit
	// Events are the kinds of the events, in order.
	Events []string
	// Expectations is the number of expectations checked.
	Expectations int
	// Failures are the expectations that do not hold, in the order of the format.
	Failures []Failure
	// Invariants are the findings of the invariant checker.
	Invariants invariant.Report
}

// Failure is an expectation that does not hold.
type Failure struct {
	// Place is the expectation's position in the story: file:line:column.
	Place string
	// Expected and Seen are for people to read.
	Expected, Seen string
}

// Error describes the failure in one line.
func (f Failure) Error() string {
	return fmt.Sprintf("%s: expected %s; saw %s", f.Place, f.Expected, f.Seen)
}

// Err returns nil if everything holds, and otherwise an error with a line for each
// failure.
func (r Report) Err() error {
	var errs []error
	for _, f := range r.Failures {
		errs = append(errs, f)
	}
	return errors.Join(append(errs, r.Invariants.Err())...)
}

// Check replays a conversation through audit and compares it with a story. Time limits may
// be exceeded by slack. An error means that they could not be compared; failed
// expectations are in the report.
func Check(ctx context.Context, s *story.Story, audit auditv1.AuditServiceClient, conversation string, slack time.Duration) (Report, error) {
	appends, err := replay.All(ctx, audit, &auditv1.ReplayCommitsRequest{Conversation: conversation, Purpose: replay.Exercise()})
	if err != nil {
		return Report{}, fmt.Errorf("replay %s: %w", conversation, err)
	}
	return Commits(s, appends, slack)
}

// Commits compares the history of one conversation with a story.
func Commits(s *story.Story, appends []*auditv1.StoredCommit, slack time.Duration) (Report, error) {
	e := &evidence{story: s, slack: slack, state: &handover.State{}}
	report := Report{Commits: appends}
	for _, stored := range appends {
		events, err := replay.Fold(e.state, []*auditv1.StoredCommit{stored})
		if err != nil {
			return report, err
		}
		e.add(stored, events)
	}
	for _, one := range e.events {
		report.Events = append(report.Events, event.Name(one.Event))
	}
	report.Conversation = e.state.GetConversation().GetName()
	report.Invariants = invariant.Check(recorded(appends))
	report.Expectations, report.Failures = e.compare(s.Then)
	return report, nil
}

// evidence is a history prepared for comparison.
type evidence struct {
	story  *story.Story
	slack  time.Duration
	state  *handover.State
	events []happened
}

type happened struct {
	*eventv1.Event
	at time.Time
}

func (e *evidence) add(stored *auditv1.StoredCommit, events []*eventv1.Event) {
	for _, one := range events {
		e.events = append(e.events, happened{one, stored.Commit.RecordTime.AsTime()})
	}
}

func recorded(appends []*auditv1.StoredCommit) []invariant.Recorded {
	all := make([]invariant.Recorded, len(appends))
	for i, stored := range appends {
		all[i] = invariant.Recorded{Position: stored.Position, Commit: stored.Commit, PayloadHash: stored.PayloadHash}
	}
	return all
}
