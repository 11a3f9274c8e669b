package check

import (
	"fmt"
	"slices"

	"github.com/stafett/stafett/tools/internal/story"
)

// comparison counts expectations and collects failures.
type comparison struct {
	count    int
	failures []Failure
}

// expect records whether an expectation, stated at a place, holds.
func (c *comparison) expect(place string, holds bool, expected, seen string) {
	c.count++
	if !holds {
		c.failures = append(c.failures, Failure{place, expected, seen})
	}
}

// compare checks all expectations of a story.
func (e *evidence) compare(then story.Then) (count int, failures []Failure) {
	c := &comparison{}
	e.custody(c, then.Custody)
	e.handovers(c, then.Handovers)
	e.offers(c, then.Offers)
	e.recommended(c, then.Recommended)
	e.wrote(c, then.Wrote)
	for _, duty := range then.Duty {
		e.duty(c, duty)
	}
	e.inOrder(c, then.InOrder)
	for _, never := range then.Never {
		i := e.find(never, 0)
		c.expect(never.Place, i < 0, "no "+never.Text, e.seen(i))
	}
	for _, limit := range then.Within {
		e.within(c, limit)
	}
	return c.count, c.failures
}

// find returns the index of the first event at or after from that matches a pattern, or
// -1.
func (e *evidence) find(p story.Pattern, from int) int {
	i := slices.IndexFunc(e.events[from:], func(h happened) bool { return p.Matches(h.Event) })
	if i < 0 {
		return i
	}
	return from + i
}

// seen describes an event and its time.
func (e *evidence) seen(i int) string {
	if i < 0 {
		return "none"
	}
	return fmt.Sprintf("%s at %s", name(e.events[i]), e.events[i].at.In(e.story.Zone).Format("15:04:05.000"))
}

func (e *evidence) inOrder(c *comparison, patterns []story.Pattern) {
	from, after := 0, "the beginning"
	for _, p := range patterns {
		i := e.find(p, from)
		c.expect(p.Place, i >= 0, fmt.Sprintf("%s after %s", p.Text, after), e.elsewhere(p, from))
		if i >= 0 {
			from, after = i+1, p.Text
		}
	}
}

// elsewhere explains why an event was not found at or after from.
func (e *evidence) elsewhere(p story.Pattern, from int) string {
	if i := e.find(p, 0); i >= 0 && i < from {
		return fmt.Sprintf("it before that, at %s only", e.events[i].at.In(e.story.Zone).Format("15:04:05.000"))
	}
	if i := e.find(story.Pattern{Event: p.Event}, from); i >= 0 && len(p.Fields) > 0 {
		return fmt.Sprintf("%s with other fields: %s", p.Event, fields(e.events[i], p))
	}
	return "none"
}

func (e *evidence) within(c *comparison, limit story.Limit) {
	expected := fmt.Sprintf("%s at most %s after %s", limit.To.Text, limit.Time, limit.From.Text)
	from := e.find(limit.From, 0)
	if from < 0 {
		c.expect(limit.Place, false, expected, "no "+limit.From.Text)
		return
	}
	to := e.find(limit.To, from+1)
	if to < 0 {
		c.expect(limit.Place, false, expected, fmt.Sprintf("no %s after it", limit.To.Text))
		return
	}
	took := e.events[to].at.Sub(e.events[from].at)
	c.expect(limit.Place, took <= limit.Time+e.slack, expected, fmt.Sprintf("it after %s", took))
}
