package conversationrules

import (
	"github.com/stafett/stafett/pkg/invariant/internal/facts"
	"github.com/stafett/stafett/pkg/invariant/internal/rule"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
)

// custody checks I1: from open to close exactly one line has custody at every
// instant, and epochs have no gap.
//
// Custody opens with the conversation and closes with it, each in one commit, so
// that there is no instant between. In between only CustodyTransferred moves it,
// from the line that has it and one epoch on. After the close nothing moves it.
// What else names the line with custody names the one that has it.
type custody struct {
	rule.Base
	*facts.Facts
	begun  bool
	closed bool
}

func NewCustody(f rule.Base, known *facts.Facts) rule.Walker { return &custody{Base: f, Facts: known} }

func (c *custody) Event(s facts.Step) {
	if !c.begun {
		c.begun = true
		c.begin(s)
	}
	switch k := s.Kind.(type) {
	case *eventv1.CustodyOpened:
		c.open(s, k)
	case *eventv1.CustodyTransferred:
		c.move(s, k)
	case *eventv1.CustodyClosed:
		c.close(s, k)
	case *eventv1.ConversationClosed:
		if _, ok := facts.Find[*eventv1.CustodyClosed](s.Commit); !ok {
			c.Violated(s.Mark, "the conversation closed and custody did not close with it")
		}
	default:
		c.named(s)
	}
}

// named looks at what names the line with custody and does not move it.
func (c *custody) named(s facts.Step) {
	switch k := s.Kind.(type) {
	case *eventv1.HandoverAbandoned:
		if k.GetCustodyLine() != c.Holder {
			c.Violated(s.Mark, "handover %d was abandoned at %q while %q had custody", k.GetHandover(), k.GetCustodyLine(), c.Holder)
		}
	case *eventv1.CustodyAlerted:
		if k.GetLine() != c.Holder || k.GetEpoch() != c.Epoch {
			c.Violated(s.Mark, "%q epoch %d was alerted while %q had custody in epoch %d", k.GetLine(), k.GetEpoch(), c.Holder, c.Epoch)
		}
	}
}

// begin looks at the first commit, which opens both conversation and custody.
func (c *custody) begin(s facts.Step) {
	c.Applies()
	_, conversation := facts.Find[*eventv1.ConversationOpened](s.Commit)
	_, custody := facts.Find[*eventv1.CustodyOpened](s.Commit)
	if !conversation || !custody {
		c.Violated(s.Mark, "the first commit does not open conversation and custody together")
	}
}

func (c *custody) open(s facts.Step, k *eventv1.CustodyOpened) {
	door, ok := facts.Find[*eventv1.ConversationOpened](s.Commit)
	switch {
	case c.Epoch != 0:
		c.Violated(s.Mark, "custody opened a second time")
	case !ok || k.GetLine() == "" || k.GetLine() != door.GetLine():
		c.Violated(s.Mark, "custody opened at %q, not with the conversation at the line of its door", k.GetLine())
	case k.GetEpoch() != 1:
		c.Violated(s.Mark, "custody opened with epoch %d, not 1", k.GetEpoch())
	}
}

func (c *custody) move(s facts.Step, k *eventv1.CustodyTransferred) {
	switch {
	case c.closed:
		c.Violated(s.Mark, "custody moved after it had closed")
	case k.GetFromLine() != c.Holder:
		c.Violated(s.Mark, "custody moved from %q while %q had it", k.GetFromLine(), c.Holder)
	case k.GetToLine() == "" || k.GetToLine() == c.Holder:
		c.Violated(s.Mark, "custody moved to %q, which is not another line", k.GetToLine())
	case k.GetFromEpoch() != c.Epoch || k.GetToEpoch() != c.Epoch+1:
		c.Violated(s.Mark, "epoch went from %d to %d while it was %d", k.GetFromEpoch(), k.GetToEpoch(), c.Epoch)
	}
}

func (c *custody) close(s facts.Step, k *eventv1.CustodyClosed) {
	_, together := facts.Find[*eventv1.ConversationClosed](s.Commit)
	switch {
	case c.closed:
		c.Violated(s.Mark, "custody closed a second time")
	case !together:
		c.Violated(s.Mark, "custody closed and the conversation did not")
	case k.GetLine() != c.Holder || k.GetEpoch() != c.Epoch:
		c.Violated(s.Mark, "custody closed at %q epoch %d while %q had it in epoch %d",
			k.GetLine(), k.GetEpoch(), c.Holder, c.Epoch)
	}
	c.closed = true
}
