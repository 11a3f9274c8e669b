package directory

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/stafett/stafett/pkg/directory/internal/directorytest"
	"github.com/stafett/stafett/pkg/directory/linefile"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// 116 111 by place: the municipality's own office comes before Kristiansand, which stays in
// the plan. Kristiansand is alone in chat, by sms, and for a child from an unknown area.
func TestThePlanOf116111(t *testing.T) {
	const (
		office       = "barnevernvakten-bergen 60 +PLACE +EMERGENCY +SPECIALIST +FIRST_LANGUAGE"
		kristiansand = "alarmtelefonen 28 +EMERGENCY +SPECIALIST +FIRST_LANGUAGE"
	)
	for name, test := range map[string]struct {
		channel  handoverv1.Channel
		area, at string
		want     []string
	}{
		"office open":    {phone, "4601", "2026-03-03T19:40:00+01:00", []string{office, kristiansand}},
		"office closed":  {phone, "4601", "2026-03-03T12:00:00+01:00", []string{kristiansand}},
		"from elsewhere": {phone, "4204", "2026-03-03T19:40:00+01:00", []string{kristiansand}},
		"from nowhere":   {phone, "", "2026-03-03T19:40:00+01:00", []string{kristiansand}},
		"chat":           {chat, "4601", "2026-03-03T19:40:00+01:00", []string{kristiansand}},
		"sms":            {sms, "4601", "2026-03-03T19:40:00+01:00", []string{kristiansand}},
	} {
		need := Need{Header: header("no", 14), Topics: []string{"V.physical"}}
		need.Header.Channel, need.Header.Area = test.channel, test.area
		plan := seatedAll(linefile.Example()).Rank(need, directorytest.Instant(t, test.at)).Candidates
		for i, candidate := range plan {
			if len(candidate.Failed) > 0 {
				plan = plan[:i]
				break
			}
		}
		if diff := cmp.Diff(test.want, told(plan)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestLoadAndWait(t *testing.T) {
	for _, test := range []struct {
		capacity int32
		seats    Seats
		want     string
	}{
		{4, Seats{Free: 2}, "brus 15 +SPECIALIST +FIRST_LANGUAGE +WAIT +LOAD"},
		{5, Seats{Free: 2}, "brus 14 +SPECIALIST +FIRST_LANGUAGE +WAIT"},
		{4, Seats{Free: 3, Leased: 2, Queue: 1}, "brus 12 +SPECIALIST +FIRST_LANGUAGE"},
		{4, Seats{Free: 9, Queue: 1}, "brus 13 +SPECIALIST +FIRST_LANGUAGE +LOAD"},
		{0, Seats{Free: 9}, "brus 14 +SPECIALIST +FIRST_LANGUAGE +WAIT"},
	} {
		line, live := directorytest.Line(t, "brus"), someSeats()
		line.Capacity, live.Seats[chat] = []*handoverv1.Capacity{{Channel: chat, Seats: test.capacity}}, test.seats
		need := Need{Header: header("da", 12), Topics: []string{"FR.x_parent_substance_use"}}
		got := New(nil).With("brus", line, live).Rank(need, directorytest.Instant(t, "2026-03-03T19:00:00+01:00"))
		if told(got.Candidates)[0] != test.want {
			t.Errorf("%+v of %d: %v", test.seats, test.capacity, told(got.Candidates))
		}
	}
}
