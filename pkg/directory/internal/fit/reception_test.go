package fit

import (
	"testing"

	"github.com/stafett/stafett/pkg/directory/internal/directorytest"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

func TestReceives(t *testing.T) {
	const signpost, none = handoverv1.ReceptionWay_RECEPTION_WAY_SIGNPOST, handoverv1.ReceptionWay_RECEPTION_WAY_UNSPECIFIED
	some := &handoverv1.Line{ReceivesFrom: []*handoverv1.Reception{{Line: "a", Way: signpost}}}
	all := &handoverv1.Line{ReceivesFrom: []*handoverv1.Reception{{Line: "*", Way: Warm}, {Line: "a", Way: signpost}}}
	for _, test := range []struct {
		line *handoverv1.Line
		from string
		want handoverv1.ReceptionWay
	}{
		{&handoverv1.Line{}, "a", Warm}, {some, "a", signpost}, {some, "b", none}, {all, "a", signpost}, {all, "b", Warm},
		{directorytest.Line(t, "alarmtelefonen"), "snakkompsyken", Warm}, {directorytest.Line(t, "snakkompsyken"), "alarmtelefonen", Warm},
	} {
		if got := Receives(test.line.GetReceivesFrom(), test.from); got != test.want {
			t.Errorf("%v from %s: %v", test.line.GetReceivesFrom(), test.from, got)
		}
	}
	// The agreement itself is one-sided.
	if got := directorytest.Line(t, "alarmtelefonen").GetReceivesFrom()[0]; got.GetLine() != "snakkompsyken" || got.GetAgreed() != signpost {
		t.Errorf("agreed: %v", got)
	}
}
