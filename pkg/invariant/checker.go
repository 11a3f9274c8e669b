package invariant

import (
	"slices"
	"strings"
	"time"

	"github.com/stafett/stafett/pkg/invariant/internal/facts"
	"github.com/stafett/stafett/pkg/invariant/internal/rule"
)

// Checker checks a growing history, one commit at a time. It is not safe for concurrent
// use.
type Checker struct {
	found *findings
	left  map[string]bool
	whole []rule.Reader
	rules []begun
	known map[string]*conversation
}

// begun is a rule that starts afresh in each conversation, and reports in one place.
type begun struct {
	start conversationRule
	base  rule.Base
}

// conversation is what is known of one.
type conversation struct {
	facts *facts.Facts
	rules []rule.Walker
}

// Option changes what a Checker looks at.
type Option func(*Checker)

// Without leaves rules out, by the names that violations carry. I7 and I9 are the
// ones that cost the most.
func Without(names ...string) Option {
	return func(c *Checker) {
		for _, name := range names {
			c.left[name] = true
			c.found.skipped = append(c.found.skipped, name+": left out")
		}
	}
}

// Unhurried leaves out what Violation calls late, for the history of a platform
// that was down for a while.
func Unhurried() Option {
	return func(c *Checker) { c.found.unhurried = true }
}

// New returns a Checker that knows nothing yet.
func New(options ...Option) *Checker {
	c := &Checker{found: &findings{}, left: map[string]bool{}, known: map[string]*conversation{}}
	for _, option := range options {
		option(c)
	}
	kept := slices.DeleteFunc(Invariants(), func(of Invariant) bool { return c.left[of.Name] })
	for _, of := range kept {
		for _, start := range of.log {
			c.whole = append(c.whole, start(c.found.finder(of.Name)))
		}
		for _, start := range of.conversation {
			c.rules = append(c.rules, begun{start, c.found.finder(of.Name)})
		}
	}
	return c
}

// Add checks the next commit. Its cost does not grow with the history.
func (c *Checker) Add(r Recorded) {
	at := facts.MarkOf(r.Position, r.Commit)
	c.found.seen(at)
	for _, one := range c.whole {
		one.Read(at, facts.Stored{Commit: r.Commit, Payload: r.Payload, PayloadHash: r.PayloadHash})
	}
	if !strings.HasPrefix(at.Subject, facts.ConversationSubject) {
		return
	}
	talk := c.conversation(at.Subject)
	for _, e := range r.Commit.GetEvents() {
		if kind := facts.KindOf(e); kind != nil {
			talk.event(facts.Step{Mark: at, Commit: r.Commit, Kind: kind})
		}
	}
}

func (c *Checker) conversation(subject string) *conversation {
	talk, known := c.known[subject]
	if !known {
		talk = &conversation{facts: facts.New()}
		for _, one := range c.rules {
			talk.rules = append(talk.rules, one.start(one.base, talk.facts))
		}
		c.known[subject] = talk
	}
	return talk
}

// event shows an event to the rules, which see the facts as they were before it.
// Events of an unknown kind do not come here; OWN reports them.
func (c *conversation) event(s facts.Step) {
	for _, one := range c.rules {
		one.Event(s)
	}
	c.facts.Apply(s)
}

// Violations are what the commits have shown so far, in the order in which they
// were found. The slice is only good until the next call.
func (c *Checker) Violations() []Violation { return c.found.violations }

// Report is what was found, as if the history ended with the newest commit.
// Adding may go on.
func (c *Checker) Report() Report { return c.End(c.found.newest) }

// End is what was found, as if the history ended at that time: what was due
// before and has not happened is a violation as well. Adding may go on.
func (c *Checker) End(until time.Time) Report {
	return c.found.ending(until, func() {
		for _, one := range c.whole {
			one.End()
		}
		for _, talk := range c.known {
			talk.end()
		}
	})
}

// Forget ends one conversation at that time, as End does for all, and discards its
// state. Nothing of it may be added afterwards.
func (c *Checker) Forget(subject string, until time.Time) {
	talk, known := c.known[subject]
	if !known {
		return
	}
	c.found.closing = until
	talk.end()
	delete(c.known, subject)
	for _, one := range c.whole {
		one.Forget(subject)
	}
}

func (c *conversation) end() {
	for _, one := range c.rules {
		one.End()
	}
}
