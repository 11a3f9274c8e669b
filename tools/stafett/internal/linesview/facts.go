package linesview

import (
	"fmt"
	"strings"
	"time"

	"github.com/stafett/stafett/pkg/directory/linediff"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// facts are a line's published facts, without its times and its neighbours. Unset facts
// are omitted, except for the areas.
func (v View) facts(line *handoverv1.Line) [][]string {
	var rows [][]string
	for _, fact := range []struct{ phrase, text string }{
		{"operator", line.GetOperator()},
		{"status", v.Lang.Code(line.GetStatus())},
		{"alert", line.GetAlert()},
		{"country", line.GetCountry()},
		{"topics", v.topics(line.GetTopics())},
		{"ages", fmt.Sprintf("%d-%d", line.GetAges().GetMinYears(), line.GetAges().GetMaxYears())},
		{"languages", strings.Join(line.GetLanguages(), ", ")},
		{"areas", v.areas(line.GetServiceAreas())},
		{"max_risk", risk(line.GetMaxRisk())},
		{"emergency", v.yes(line.GetEmergency())},
		{"anonymous", v.yes(line.GetAnonymous())},
		{"retention", retention(line)},
		{"capacity", v.capacity(line.GetCapacity())},
		{"deadlines", deadlines(line)},
		{"assured", line.GetAssuredDate()},
		{"example", v.onlyYes(line.GetExample())},
	} {
		if fact.text != "" {
			rows = append(rows, []string{v.Lang.Say(fact.phrase), fact.text})
		}
	}
	return rows
}

func (v View) areas(areas []string) string {
	if len(areas) == 0 {
		return v.Lang.Say("anywhere")
	}
	return strings.Join(areas, ", ")
}

func risk(most handoverv1.RiskLevel) string {
	if most == handoverv1.RiskLevel_RISK_LEVEL_UNSPECIFIED {
		return ""
	}
	return strings.TrimPrefix(most.String(), "RISK_LEVEL_")
}

func retention(line *handoverv1.Line) string {
	if line.GetRetention() == nil {
		return ""
	}
	kept := line.GetRetention().AsDuration()
	if kept%(24*time.Hour) == 0 {
		return fmt.Sprintf("%dd", kept/(24*time.Hour))
	}
	return kept.String()
}

func (v View) capacity(all []*handoverv1.Capacity) string {
	var told []string
	for _, capacity := range all {
		told = append(told, fmt.Sprintf("%s %d", v.Lang.Code(capacity.GetChannel()), capacity.GetSeats()))
	}
	return strings.Join(told, ", ")
}

// deadlines are the line's own, by the names that files give them.
func deadlines(line *handoverv1.Line) string {
	only := &handoverv1.Line{Name: line.GetName(), Deadlines: line.GetDeadlines()}
	var told []string
	for _, change := range linediff.Between(nil, []*handoverv1.Line{only}) {
		for _, field := range change.Fields {
			if name, own := strings.CutPrefix(field.Path, "deadlines."); own {
				told = append(told, name+" "+field.After)
			}
		}
	}
	return strings.Join(told, ", ")
}
