package directory

import (
	"testing"

	"github.com/stafett/stafett/pkg/directory/internal/directorytest"
	"github.com/stafett/stafett/pkg/directory/linefile"
	"github.com/stafett/stafett/pkg/taxonomy"
)

func ownTopics(t *testing.T) *taxonomy.Taxonomy {
	t.Helper()
	topics, err := taxonomy.Parse("t.yaml", []byte(`
version: test
topics:
  V.x_school: {parent: V.bullying, nb: Mobbing på skolen, da: Mobning i skolen, en: Bullying at school}
  V.x_honour: {parent: V.psychological_emotional, nb: Sosial kontroll, da: Social kontrol, en: Social control}
`))
	if err != nil {
		t.Fatal(err)
	}
	return topics
}

// A local leaf behaves like its parent: below bullying it can wait, and lines for the parent
// cover it.
func TestLocalLeavesFollowTheirParents(t *testing.T) {
	d := New(nil, Under(ownTopics(t)))
	for _, line := range linefile.Example() {
		d = d.With(ID(line), line, someSeats())
	}
	for _, test := range []struct{ line, tag, first string }{
		{"snakkommobbing", "V.x_school", ""},
		{"snakkompsyken", "V.x_school", "snakkommobbing"},
		{"snakkommobbing", "V.x_honour", "alarmtelefonen"},
		{"alarmtelefonen", "V.x_honour", ""},
	} {
		got := d.Recommend(directorytest.Line(t, test.line), []string{test.tag}, Need{Header: header("no", 14)}, directorytest.Instant(t, "2026-03-03T19:40:00+01:00"))
		switch {
		case test.first == "" && got != nil:
			t.Errorf("%s at %s: %v", test.tag, test.line, got)
		case test.first != "" && got.GetCandidates()[0].GetLine() != test.first:
			t.Errorf("%s at %s: first is %v, want %s", test.tag, test.line, got.GetCandidates()[0], test.first)
		}
	}
}

func TestTheZeroDirectoryGoesByWhatShips(t *testing.T) {
	var none Directory
	if got := none.Recommend(directorytest.Line(t, "brus"), []string{"V.physical"}, Need{Header: header("no", 14)}, directorytest.Instant(t, "2026-03-03T19:40:00+01:00")); len(got.GetTopics()) != 1 {
		t.Errorf("%v", got)
	}
}
