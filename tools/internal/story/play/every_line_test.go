package play_test

import (
	"bytes"
	"testing"
	"text/template"

	"github.com/stafett/stafett/pkg/directory"
	"github.com/stafett/stafett/pkg/directory/linefile"
	"github.com/stafett/stafett/tools/internal/story"
	"github.com/stafett/stafett/tools/internal/story/play"
)

// across is a handover between two lines of the example directory.
type across struct {
	From, To, Topic, Zone, Language, Ages, Channel, Area string
}

// warmly is how each is told: the receiver is the line that the platform asks first.
var warmly = template.Must(template.New("").Parse(`
title: From {{.From}} to {{.To}}
shows: each line of the directory gives and takes
clock: 2026-03-03T18:30:00+01:00
zone: {{.Zone}}
people:
  child: {is: child, line: {{.From}}, language: {{.Language}}, ages: {{.Ages}}, channel: {{.Channel}}{{with .Area}}, area: "{{.}}"{{end}}}
  gives: {is: counsellor, line: {{.From}}}
  takes: {is: counsellor, line: {{.To}}}
steps:
  - {who: child, does: open}
  - {who: gives, does: join, after: 5s}
  - {who: gives, does: tag, add: [{{.Topic}}], after: 5s}
  - {who: gives, does: propose handover, after: 5s}
  - {who: gives, does: ask consent, scopes: [INTRO, FEEDBACK_OUTCOME], after: 5s}
  - {who: child, does: give consent, scopes: [INTRO, FEEDBACK_OUTCOME], after: 5s}
  - {who: takes, does: acknowledge offer, as: DELIVERED, after: 1s}
  - {who: takes, does: accept offer, after: 5s}
  - {who: takes, does: join handover, after: 5s}
  - {who: gives, does: open bridge, after: 5s}
  - {who: takes, does: confirm handover, after: 5s}
  - {who: child, does: agree to handover, after: 5s}
  - {who: gives, does: leave handover, after: 5s}
  - {who: takes, does: close, reason: FINISHED, after: 10m}
  - {who: takes, does: report outcome, outcome: SUPPORTED, after: 1m}
then:
  custody: [{{.From}}, {{.To}}]
  handovers: [{to: {{.To}}, state: CLOSED, outcome: SUPPORTED}]
  offers: [{line: {{.To}}, state: ACCEPTED}]
`))

// TestEveryLineGivesAndTakes: warmly, on its own channel, by its own rules.
func TestEveryLineGivesAndTakes(t *testing.T) {
	const oslo, copenhagen, home, drinks = "Europe/Oslo", "Europe/Copenhagen", "V.physical", "FR.x_parent_substance_use"
	gave, took := map[string]bool{}, map[string]bool{}
	for _, a := range []across{
		{"snakkompsyken", "snakkommobbing", "V.bullying", oslo, "nb", "13-15", "chat", ""},
		{"snakkommobbing", "alarmtelefonen", home, oslo, "nn", "9-10", "chat", ""},
		{"alarmtelefonen", "snakkompsyken", "MH.mood", oslo, "nb", "19-19", "chat", ""},
		{"cyberhus", "brus", drinks, copenhagen, "da", "7-8", "chat", ""},
		{"brus", "cyberhus", "PR.loneliness", copenhagen, "da", "9-10", "chat", ""},
		{"alarmtelefonen", "barnevernvakten-oslo", home, oslo, "nb", "13-15", "phone", "0301"},
		{"barnevernvakten-oslo", "barnevernvakten-bergen", home, oslo, "nb", "13-15", "phone", "4601"},
		{"barnevernvakten-bergen", "barnevernvakten-trondheim", home, oslo, "en", "3-5", "phone", "5001"},
		{"barnevernvakten-trondheim", "alarmtelefonen", home, oslo, "nb", "13-15", "phone", "4204"},
	} {
		gave[a.From], took[a.To] = true, true
		t.Run(a.From+" to "+a.To, func(t *testing.T) {
			t.Parallel()
			var text bytes.Buffer
			if err := warmly.Execute(&text, a); err != nil {
				t.Fatal(err)
			}
			s, err := story.Parse("across.yaml", text.Bytes())
			if err != nil {
				t.Fatal(err)
			}
			pass(t, s, simulated(t, s), play.Options{})
		})
	}
	for _, line := range linefile.Example() {
		if id := directory.ID(line); !gave[id] || !took[id] {
			t.Errorf("%s gives: %t, takes: %t", id, gave[id], took[id])
		}
	}
}
