package invariant

import (
	"slices"
	"strings"
	"time"
)

// Checker checks a growing history, one commit at a time. It is not safe for concurrent
// use.
type Checker struct {
	found *findings
	left  map[string]bool
	whole []reader
	rules []conversationRule
	known map[string]*conversation
}

// conversation is what is known of one.
type conversation struct {
	facts *facts
	rules []walker
}

// Option changes what a Checker looks at.
type Option func(*Checker)

// Without leaves rules out, by the names that violations carry. I7 and I9 are the
// ones that cost the most.
func Without(rules ...string) Option {
	return func(c *Checker) {
		for _, name := range rules {
			c.left[name] = true
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
	for _, rule := range historyRules {
		if !c.leaves(rule.name) {
			c.whole = append(c.whole, rule.start(c.found.finder(rule.name)))
		}
	}
	for _, rule := range conversationRules {
		if !c.leaves(rule.name) {
			rule.finder = c.found.finder(rule.name)
			c.rules = append(c.rules, rule)
		}
	}
	return c
}

// leaves tells whether a rule is left out, and says so in the report.
func (c *Checker) leaves(name string) bool {
	skipped := name + ": left out"
	if c.left[name] && !slices.Contains(c.found.skipped, skipped) {
		c.found.skipped = append(c.found.skipped, skipped)
	}
	return c.left[name]
}

// Add checks the next commit. Its cost does not grow with the history.
func (c *Checker) Add(r Recorded) {
	at := markOf(r)
	c.found.seen(at)
	for _, rule := range c.whole {
		rule.read(at, r)
	}
	if !strings.HasPrefix(at.subject, conversationSubject) {
		return
	}
	talk := c.conversation(at.subject)
	for _, e := range r.Commit.GetEvents() {
		if kind := kindOf(e); kind != nil {
			talk.event(step{mark: at, append: r.Commit, kind: kind})
		}
	}
}

func (c *Checker) conversation(subject string) *conversation {
	talk, known := c.known[subject]
	if !known {
		talk = &conversation{facts: newFacts()}
		for _, rule := range c.rules {
			talk.rules = append(talk.rules, rule.start(rule.finder, talk.facts))
		}
		c.known[subject] = talk
	}
	return talk
}

// event shows an event to the rules, which see the facts as they were before it.
// Events of an unknown kind do not come here; OWN reports them.
func (c *conversation) event(s step) {
	for _, rule := range c.rules {
		rule.event(s)
	}
	c.facts.apply(s)
}

// Violations are what the appends have shown so far, in the order in which they
// were found. The slice is only good until the next call.
func (c *Checker) Violations() []Violation { return c.found.violations }

// Report is what was found, as if the history ended with the newest append.
// Adding may go on.
func (c *Checker) Report() Report { return c.End(c.found.newest) }

// End is what was found, as if the history ended at that time: what was due
// before and has not happened is a violation as well. Adding may go on.
func (c *Checker) End(until time.Time) Report {
	return c.found.ending(until, func() {
		for _, rule := range c.whole {
			rule.end()
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
	c.found.until = until
	talk.end()
	delete(c.known, subject)
	for _, rule := range c.whole {
		rule.forget(subject)
	}
}

func (c *conversation) end() {
	for _, rule := range c.rules {
		rule.end()
	}
}
