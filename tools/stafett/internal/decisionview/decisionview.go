// Package decisionview tells a routing decision to people: which lines may be asked, in which
// order and why, and every rule that each of the others fails.
package decisionview

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/fatih/color"

	"github.com/stafett/stafett/pkg/directory"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	"github.com/stafett/stafett/tools/stafett/internal/linesview"
	"github.com/stafett/stafett/tools/stafett/internal/output"
	"github.com/stafett/stafett/tools/stafett/internal/wording"
)

// Reader is who reads a decision.
type Reader struct {
	Lang wording.Language
	// Zone is the time zone for the instant of the decision. Times of a line are shown in the
	// line's own zone.
	Zone *time.Location
	// Lines have the names and time zones of the candidates. One that is not among them is
	// told by its id, in UTC.
	Lines *directory.Directory
	// Why: show every reason, and the lines that may not be asked.
	Why bool
}

// page writes until the first error.
type page struct {
	out io.Writer
	err error
}

func (p *page) say(format string, args ...any) {
	if p.err == nil {
		_, p.err = fmt.Fprintf(p.out, format+"\n", args...)
	}
}

func (p *page) title(text string) { p.say("%s", color.New(color.Bold).Sprint(text)) }

// Decision prints a decision.
func (r Reader) Decision(out io.Writer, decision *routingv1.RoutingDecision) error {
	p := &page{out: out}
	r.need(p, decision)
	passing := 0
	for passing < len(decision.GetCandidates()) && len(decision.Candidates[passing].GetFailed()) == 0 {
		passing++
	}
	r.passing(p, decision, decision.GetCandidates()[:passing])
	r.failing(p, decision, decision.GetCandidates()[passing:])
	return p.err
}

// need tells what the decision was made for.
func (r Reader) need(p *page, decision *routingv1.RoutingDecision) {
	header := decision.GetNeed().GetHeader()
	var facts []string
	for _, topic := range decision.GetNeed().GetTopics() {
		facts = append(facts, r.Lang.Topic(topic))
	}
	facts = append(facts, r.Lang.Code(header.GetChannel()))
	if ages := header.GetAgeBand(); ages != nil {
		facts = append(facts, r.Lang.Say("years", years(ages)))
	}
	for _, fact := range []string{header.GetLanguageCode(), risk(header.GetRisk()), header.GetArea()} {
		if fact != "" {
			facts = append(facts, fact)
		}
	}
	p.say("%s: %s", r.Lang.Say("need"), strings.Join(facts, " · "))
	if from := decision.GetNeed().GetFromLine(); from != "" {
		p.say("%s: %s", r.Lang.Say("sender"), r.name(from))
	}
	at := decision.GetDecisionTime().AsTime().In(r.Zone)
	p.say("%s: %s %s", r.Lang.Say("instant"), r.Lang.Time(at, time.Time{}, r.Zone), r.Zone)
	p.say("%s: %s\n", r.Lang.Say("rules"), decision.GetRulesVersion())
}

func years(ages *handoverv1.AgeBand) string {
	if ages.GetMinYears() == ages.GetMaxYears() {
		return fmt.Sprint(ages.GetMinYears())
	}
	return fmt.Sprintf("%d-%d", ages.GetMinYears(), ages.GetMaxYears())
}

func risk(level handoverv1.RiskLevel) string {
	if level == handoverv1.RiskLevel_RISK_LEVEL_UNSPECIFIED {
		return ""
	}
	return strings.TrimPrefix(level.String(), "RISK_LEVEL_")
}

// name is a line's name with its id; the id alone of one that is not there.
func (r Reader) name(line string) string {
	id := short(line)
	known := r.Lines.Line(id)
	if known == nil {
		return output.Plain(id)
	}
	return output.Plain(fmt.Sprintf("%s (%s)", r.Lang.Name(known.GetDisplayNames(), id), id))
}

// at tells an instant on the clock of a line, as seen at the decision.
func (r Reader) at(phrase, line string, at, decided time.Time) string {
	zone := linesview.Zone(r.Lines.Line(short(line)))
	return r.Lang.Say(phrase, r.Lang.Time(at, decided, zone), zone.String())
}

// short is a line's id, which people know it by.
func short(line string) string { return strings.TrimPrefix(line, "lines/") }
