package invariant

import eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"

// custody checks I1: from open to close exactly one line has custody at every
// instant, and epochs have no gap.
//
// Custody opens with the conversation and closes with it, each in one append, so
// that there is no instant between. In between only CustodyTransferred moves it,
// from the line that has it and one epoch on. After the close nothing moves it.
// What else names the line with custody names the one that has it.
type custody struct {
	*finder
	*facts
	begun  bool
	closed bool
}

func newCustody(f *finder, facts *facts) walker { return &custody{finder: f, facts: facts} }

func (c *custody) event(s step) {
	if !c.begun {
		c.begun = true
		c.begin(s)
	}
	switch k := s.kind.(type) {
	case *eventv1.CustodyOpened:
		c.open(s, k)
	case *eventv1.CustodyTransferred:
		c.move(s, k)
	case *eventv1.CustodyClosed:
		c.close(s, k)
	case *eventv1.ConversationClosed:
		if _, ok := find[*eventv1.CustodyClosed](s.append); !ok {
			c.violated(s.mark, "the conversation closed and custody did not close with it")
		}
	default:
		c.named(s)
	}
}

// named looks at what names the line with custody and does not move it.
func (c *custody) named(s step) {
	switch k := s.kind.(type) {
	case *eventv1.HandoverAbandoned:
		if k.GetCustodyLine() != c.holder {
			c.violated(s.mark, "handover %d was abandoned at %q while %q had custody", k.GetHandover(), k.GetCustodyLine(), c.holder)
		}
	case *eventv1.CustodyAlerted:
		if k.GetLine() != c.holder || k.GetEpoch() != c.epoch {
			c.violated(s.mark, "%q epoch %d was alerted while %q had custody in epoch %d", k.GetLine(), k.GetEpoch(), c.holder, c.epoch)
		}
	}
}

// begin looks at the first append, which opens both conversation and custody.
func (c *custody) begin(s step) {
	c.applies()
	_, conversation := find[*eventv1.ConversationOpened](s.append)
	_, custody := find[*eventv1.CustodyOpened](s.append)
	if !conversation || !custody {
		c.violated(s.mark, "the first append does not open conversation and custody together")
	}
}

func (c *custody) open(s step, k *eventv1.CustodyOpened) {
	door, ok := find[*eventv1.ConversationOpened](s.append)
	switch {
	case c.epoch != 0:
		c.violated(s.mark, "custody opened a second time")
	case !ok || k.GetLine() == "" || k.GetLine() != door.GetLine():
		c.violated(s.mark, "custody opened at %q, not with the conversation at the line of its door", k.GetLine())
	case k.GetEpoch() != 1:
		c.violated(s.mark, "custody opened with epoch %d, not 1", k.GetEpoch())
	}
}

func (c *custody) move(s step, k *eventv1.CustodyTransferred) {
	switch {
	case c.closed:
		c.violated(s.mark, "custody moved after it had closed")
	case k.GetFromLine() != c.holder:
		c.violated(s.mark, "custody moved from %q while %q had it", k.GetFromLine(), c.holder)
	case k.GetToLine() == "" || k.GetToLine() == c.holder:
		c.violated(s.mark, "custody moved to %q, which is no other line", k.GetToLine())
	case k.GetFromEpoch() != c.epoch || k.GetToEpoch() != c.epoch+1:
		c.violated(s.mark, "epoch went from %d to %d while it was %d", k.GetFromEpoch(), k.GetToEpoch(), c.epoch)
	}
}

func (c *custody) close(s step, k *eventv1.CustodyClosed) {
	_, together := find[*eventv1.ConversationClosed](s.append)
	switch {
	case c.closed:
		c.violated(s.mark, "custody closed a second time")
	case !together:
		c.violated(s.mark, "custody closed and the conversation did not")
	case k.GetLine() != c.holder || k.GetEpoch() != c.epoch:
		c.violated(s.mark, "custody closed at %q epoch %d while %q had it in epoch %d",
			k.GetLine(), k.GetEpoch(), c.holder, c.epoch)
	}
	c.closed = true
}
