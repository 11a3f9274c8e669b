package areacode

import "testing"

func TestServes(t *testing.T) {
	for _, test := range []struct {
		of, area string
		want     bool
	}{
		{"NO", "0301", true}, {"NO", "NO-03", true}, {"NO", "751", false}, {"DK", "751", true}, {"NO-03", "0301", true},
		{"NO-03", "4204", false}, {"0301", "NO-03", false}, {"0301", "0301", true}, {"0301", "", true}, {"DK", "NO", false},
		{"DK-82", "751", false},
	} {
		if got := Serves([]string{test.of}, test.area); got != test.want {
			t.Errorf("%s for a child from %q: %t", test.of, test.area, got)
		}
	}
	if !Serves(nil, "0301") {
		t.Error("a line without areas is for everybody")
	}
}
