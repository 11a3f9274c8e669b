package play_test

import (
	"bytes"
	"fmt"
	"testing"
	"text/template"

	"github.com/stafett/stafett/tools/internal/story"
	"github.com/stafett/stafett/tools/internal/story/play"
)

// toBrus is a child of one age at Cyberhus, whose parent drinks. Offered says whether BRUS,
// which is for those from 7 to 25, is asked.
var toBrus = template.Must(template.New("").Parse(`
title: A child of {{.Age}}
shows: whether BRUS is asked
clock: 2026-03-03T18:30:00+01:00
zone: Europe/Copenhagen
people:
  child: {is: child, line: cyberhus, language: da, ages: {{.Age}}-{{.Age}}, channel: chat}
  gives: {is: counsellor, line: cyberhus}
steps:
  - {who: child, does: open}
  - {who: gives, does: join, after: 5s}
  - {who: gives, does: tag, add: [FR.x_parent_substance_use], after: 5s}
  - {who: gives, does: propose handover, after: 5s}
  - {who: gives, does: ask consent, scopes: [INTRO], after: 5s}
  - {who: child, does: give consent, scopes: [INTRO], after: 5s}
  - {does: wait, after: 1s}
then:
  custody: [cyberhus]
{{- if .Offered}}
  offers: [{line: brus, state: SENT}]
{{- else}}
  handovers: [{state: RETURNED, returned: NO_LINE_OPEN, barred: {brus: [AGE]}}]
  never: [OfferSent]
{{- end}}
`))

// TestAgesOfBrus: both ends of what BRUS is for are still in it.
func TestAgesOfBrus(t *testing.T) {
	for _, c := range []struct {
		Age     int
		Offered bool
	}{{6, false}, {7, true}, {25, true}, {26, false}} {
		t.Run(fmt.Sprint(c.Age), func(t *testing.T) {
			t.Parallel()
			var text bytes.Buffer
			if err := toBrus.Execute(&text, c); err != nil {
				t.Fatal(err)
			}
			s, err := story.Parse("ages.yaml", text.Bytes())
			if err != nil {
				t.Fatal(err)
			}
			pass(t, s, simulated(t, s), play.Options{})
		})
	}
}
