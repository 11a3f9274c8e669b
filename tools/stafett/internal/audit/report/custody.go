// Package report computes figures for a part of the history: who had custody when, how
// long children waited for a human, how offers were answered, why handovers came back and
// how they turned out. Small figures are suppressed, so that no single child can be
// identified.
package report

import (
	"strings"
	"time"

	auditv1 "github.com/stafett/stafett/proto/stafett/audit/v1"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
)

// Stretch is the time during which a line had custody of a conversation.
type Stretch struct {
	Conversation string     `json:"conversation"`
	Line         string     `json:"line"`
	Epoch        uint32     `json:"epoch"`
	From         time.Time  `json:"from"`
	To           *time.Time `json:"to,omitempty"` // nil while it still has custody
}

// Custody is the custody ledger of any number of conversations.
type Custody struct {
	all  []*Stretch
	open map[string]*Stretch
}

// CustodyEvents are the kinds of events that Add needs.
var CustodyEvents = []string{"CustodyOpened", "CustodyTransferred", "CustodyClosed"}

// Add reads a commit. Commits must come in the order of the log.
func (c *Custody) Add(stored *auditv1.StoredCommit) error {
	id, ok := strings.CutPrefix(stored.Commit.Subject, "stafett.conversation.")
	if !ok {
		return nil
	}
	at := stored.Commit.RecordTime.AsTime()
	for _, e := range stored.Commit.Events {
		switch kind := e.Kind.(type) {
		case *eventv1.Event_CustodyOpened:
			c.begin(id, kind.CustodyOpened.Line, kind.CustodyOpened.Epoch, at)
		case *eventv1.Event_CustodyTransferred:
			c.end(id, at)
			c.begin(id, kind.CustodyTransferred.ToLine, kind.CustodyTransferred.ToEpoch, at)
		case *eventv1.Event_CustodyClosed:
			c.end(id, at)
		}
	}
	return nil
}

func (c *Custody) begin(id, line string, epoch uint32, at time.Time) {
	if c.open == nil {
		c.open = map[string]*Stretch{}
	}
	s := &Stretch{Conversation: "conversations/" + id, Line: line, Epoch: epoch, From: at}
	c.all, c.open[id] = append(c.all, s), s
}

func (c *Custody) end(id string, at time.Time) {
	if s := c.open[id]; s != nil {
		s.To = &at
		delete(c.open, id)
	}
}

// Stretches returns those that overlap a period, sorted by their start. A zero time means
// unbounded.
func (c *Custody) Stretches(from, to time.Time) []*Stretch {
	var found []*Stretch
	for _, s := range c.all {
		before := !to.IsZero() && !s.From.Before(to)
		after := !from.IsZero() && s.To != nil && !s.To.After(from)
		if !before && !after {
			found = append(found, s)
		}
	}
	return found
}
