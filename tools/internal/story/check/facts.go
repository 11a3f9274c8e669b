package check

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/stafett/stafett/pkg/event"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	statev1 "github.com/stafett/stafett/proto/stafett/state/v1"
	"github.com/stafett/stafett/tools/internal/story"
)

func name(h happened) string { return event.Name(h.Event) }

// fields describes the values that an event has in a pattern's fields.
func fields(h happened, p story.Pattern) string {
	var told []string
	for _, field := range p.Fields {
		told = append(told, field.Name+"="+strings.Join(field.In(h.Event), ","))
	}
	return strings.Join(told, " ")
}

// custody compares the epochs: which lines were responsible, one after the other.
func (e *evidence) custody(c *comparison, want story.Custody) {
	if want.Place == "" {
		return
	}
	var lines []string
	for _, h := range e.events {
		if line := h.GetCustodyOpened().GetLine() + h.GetCustodyTransferred().GetToLine(); line != "" {
			lines = append(lines, line)
		}
	}
	c.expect(want.Place, slices.Equal(lines, want.Lines), "custody "+strings.Join(want.Lines, ", then "), listed(lines, ", then "))
}

func (e *evidence) handovers(c *comparison, want story.Handovers) {
	if want.Place == "" {
		return
	}
	have := e.state.Conversation.GetHandovers()
	c.expect(want.Place, len(have) == len(want.Each), plural(len(want.Each), "handover"), plural(len(have), "handover"))
	for i, h := range want.Each[:min(len(have), len(want.Each))] {
		expected, seen := tellExpected(h), tellHandover(h, have[i])
		c.expect(h.Place, expected == seen, expected, seen)
		for _, barred := range h.Barred {
			failed := failedRules(have[i], barred.Line)
			c.expect(h.Place, slices.Equal(failed, barred.Failed), barred.Line+" not to be asked: "+story.Codes(barred.Failed),
				barred.Line+": "+cmp.Or(story.Codes(failed), "no rule failed"))
		}
	}
}

// failedRules returns the rules that a line failed when it was ranked.
func failedRules(h *statev1.Handover, line string) []handoverv1.Verdict {
	for _, candidate := range h.GetRouting().GetCandidates() {
		if candidate.Line == line {
			return candidate.Failed
		}
	}
	return nil
}

func tellExpected(h story.Handover) string {
	return tell("a handover", []fact{
		{"", story.Code(h.State), true}, {"to", h.To, h.To != ""}, {"outcome", story.Code(h.Outcome), h.Outcome != 0},
		{"returned", story.Code(h.Return), h.Return != 0}, {"cancelled", story.Code(h.Cancel), h.Cancel != 0},
		{"attested", story.Code(h.Attest), h.Attest != 0}, {"abandoned in", story.Code(h.Stage), h.Stage != 0},
	})
}

// tellHandover describes those facts of a handover that the story expects.
func tellHandover(want story.Handover, h *statev1.Handover) string {
	return tell("a handover", []fact{
		{"", story.Code(h.State), true}, {"to", h.ToLine, want.To != ""}, {"outcome", story.Code(h.Outcome), want.Outcome != 0},
		{"returned", story.Code(h.ReturnReason), want.Return != 0}, {"cancelled", story.Code(h.CancelReason), want.Cancel != 0},
		{"attested", story.Code(h.Attested), want.Attest != 0}, {"abandoned in", story.Code(h.AbandonedStage), want.Stage != 0},
	})
}

func (e *evidence) offers(c *comparison, want story.Offers) {
	if want.Place == "" {
		return
	}
	var have []*statev1.Offer
	for _, h := range e.state.Conversation.GetHandovers() {
		have = append(have, h.Offers...)
	}
	have = slices.DeleteFunc(have, func(o *statev1.Offer) bool { return o.CreateTime == nil }) // planned but never sent
	c.expect(want.Place, len(have) == len(want.Each), plural(len(want.Each), "offer"), plural(len(have), "offer"))
	for i, o := range want.Each[:min(len(have), len(want.Each))] {
		coded := o.Code != 0
		expected := tell("an offer", []fact{{"to", o.Line, true}, {"", story.Code(o.State), true}, {"code", story.Code(o.Code), coded}})
		seen := tell("an offer", []fact{{"to", have[i].Line, true}, {"", story.Code(have[i].State), true}, {"code", story.Code(have[i].DeclineCode), coded}})
		c.expect(o.Place, expected == seen, expected, seen)
	}
}

func (e *evidence) duty(c *comparison, want story.Duty) {
	seen := "none"
	for _, record := range e.state.Conversation.GetDutyRecords() {
		if record.Line == want.Line {
			seen = story.Code(record.Decision)
		}
	}
	expected := story.Code(want.Decision)
	c.expect(want.Place, expected == seen, fmt.Sprintf("the duty record %s by %s", expected, want.Line), seen)
}

// fact is described only if the story expects it.
type fact struct {
	what, value string
	asked       bool
}

func tell(of string, facts []fact) string {
	told := []string{of}
	for _, f := range facts {
		if !f.asked {
			continue
		}
		if f.value == "" {
			f.value = "none"
		}
		told = append(told, strings.TrimSpace(f.what+" "+f.value))
	}
	return strings.Join(told, " ")
}

func listed(words []string, separator string) string {
	if len(words) == 0 {
		return "none"
	}
	return strings.Join(words, separator)
}

func plural(n int, of string) string {
	if n == 1 {
		return "1 " + of
	}
	return fmt.Sprintf("%d %ss", n, of)
}
