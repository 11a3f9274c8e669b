package intake

import (
	"time"

	"go.etcd.io/bbolt"

	"github.com/stafett/stafett/pkg/childtext"
	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/decide"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	statev1 "github.com/stafett/stafett/proto/stafett/state/v1"
)

// told is what a watch has sent to the child's line for the child.
type told struct {
	key        childtext.Key
	repetition int
	at         time.Time
}

// quiet is how long nothing needs to be said. A child who is not waiting is not told the same
// thing twice.
func (t told) quiet(now time.Time) time.Duration {
	if childtext.Repeated(t.key) == "" {
		return time.Hour
	}
	return max(t.at.Add(keepAlive).Sub(now), 0)
}

// tell adds the child's texts to what its line is sent: one for what has just happened, with
// the event itself, and one for the state after it, if that has changed or the child has
// waited long enough to hear it again.
func (w *watch) tell(tx *bbolt.Tx, state *handover.State, news []*intakev1.WatchConversationResponse) ([]*intakev1.WatchConversationResponse, error) {
	if decide.RequireLeg(state, w.line) != nil {
		return news, nil
	}
	for _, response := range news {
		old := w.service.deps.Clock.Since(response.RecordTime.AsTime()) > keepAlive
		if key := momentary(state.Conversation, response.Events); key != "" && !old {
			status, err := statusOf(tx, state.Conversation, key, 0)
			if err != nil {
				return nil, err
			}
			response.Status = status
		}
	}
	key := childtext.Of(state.Conversation)
	if w.more || unread(state.Conversation, key) || !w.due(key) {
		return news, nil
	}
	status, err := statusOf(tx, state.Conversation, w.told.key, w.told.repetition)
	if err != nil {
		return nil, err
	}
	return append(news, &intakev1.WatchConversationResponse{Position: w.after, Status: status}), nil
}

// unread reports whether a text would only tell an absent child where it is; the child is told once it
// comes.
func unread(c *statev1.Conversation, key childtext.Key) bool {
	of := handover.Of(c)
	return key == childtext.Situation(c) && !of.Slow() && !of.Child().GetPresent()
}

// due reports whether a text must be sent now, and records that it was.
func (w *watch) due(key childtext.Key) bool {
	now := w.service.deps.Clock.Now()
	switch {
	case key != w.told.key:
		w.told = told{key: key, at: now}
	case w.told.quiet(now) == 0:
		w.told = told{key: key, repetition: w.told.repetition + 1, at: now}
	default:
		return false
	}
	return true
}
