package directory

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/testing/protocmp"

	"github.com/stafett/stafett/pkg/directory/internal/directorytest"
	"github.com/stafett/stafett/pkg/directory/linefile"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

func header(language string, age int32, groups ...string) *handoverv1.PacketHeader {
	return &handoverv1.PacketHeader{
		TopicGroups:  groups,
		AgeBand:      &handoverv1.AgeBand{MinYears: age, MaxYears: age},
		LanguageCode: language,
		Channel:      chat,
	}
}

// told formats each candidate on one line, as a person would read the decision.
func told(candidates []*handoverv1.Candidate) []string {
	var lines []string
	for _, c := range candidates {
		text := fmt.Sprintf("%s %d", c.GetLine(), c.GetScore())
		for _, preference := range c.GetPreferences() {
			text += " +" + preference.String()[len("PREFERENCE_"):]
		}
		for _, verdict := range c.GetFailed() {
			text += " -" + verdict.String()[len("VERDICT_"):]
		}
		lines = append(lines, text)
	}
	return lines
}

func TestRank(t *testing.T) {
	const tuesday = "2026-03-03T19:40:00+01:00"
	for name, test := range map[string]struct {
		need Need
		at   string
		want []string
	}{
		"violence at home and bullying": {
			Need{Header: header("no", 14), Topics: []string{"V.bullying", "V.physical"}, FromLine: "snakkompsyken"}, tuesday,
			[]string{
				"alarmtelefonen 28 +EMERGENCY +SPECIALIST +FIRST_LANGUAGE",
				"barnevernvakten-bergen 0 -CHANNEL",
				"barnevernvakten-oslo 0 -CHANNEL",
				"barnevernvakten-trondheim 0 -CHANNEL",
				"brus 0 -TOPIC -LANGUAGE",
				"cyberhus 0 -LANGUAGE",
				"snakkommobbing 0 -TOPIC",
				"snakkompsyken 0 -SAME_LINE -TOPIC",
			},
		},
		"Danish child, any worry": {
			Need{Header: header("da-DK", 12), Topics: []string{"FR.x_parent_substance_use"}}, tuesday,
			[]string{
				"brus 12 +SPECIALIST +FIRST_LANGUAGE",
				"cyberhus 4 +FIRST_LANGUAGE",
				"alarmtelefonen 0 -TOPIC -LANGUAGE",
				"barnevernvakten-bergen 0 -TOPIC -LANGUAGE -CHANNEL",
				"barnevernvakten-oslo 0 -TOPIC -LANGUAGE -CHANNEL",
				"barnevernvakten-trondheim 0 -TOPIC -LANGUAGE -CHANNEL",
				"snakkommobbing 0 -TOPIC -LANGUAGE",
				"snakkompsyken 0 -TOPIC -LANGUAGE",
			},
		},
		"only the group is known": {
			Need{Header: header("nn", 14, "V")}, tuesday,
			[]string{
				"alarmtelefonen 28 +EMERGENCY +SPECIALIST +FIRST_LANGUAGE",
				"snakkommobbing 12 +SPECIALIST +FIRST_LANGUAGE",
				"barnevernvakten-bergen 0 -CHANNEL",
				"barnevernvakten-oslo 0 -CHANNEL",
				"barnevernvakten-trondheim 0 -CHANNEL",
				"brus 0 -TOPIC -LANGUAGE",
				"cyberhus 0 -LANGUAGE",
				"snakkompsyken 0 -TOPIC",
			},
		},
		"violence of an unnamed kind": {
			Need{Header: header("en", 14), Topics: []string{"V"}}, tuesday,
			[]string{
				"alarmtelefonen 24 +EMERGENCY +SPECIALIST",
				"barnevernvakten-bergen 0 -CHANNEL",
				"barnevernvakten-oslo 0 -CHANNEL",
				"barnevernvakten-trondheim 0 -CHANNEL",
				"brus 0 -TOPIC -LANGUAGE",
				"cyberhus 0 -LANGUAGE",
				"snakkommobbing 0 -TOPIC -LANGUAGE",
				"snakkompsyken 0 -TOPIC -LANGUAGE",
			},
		},
		"named and asked": {
			Need{
				Header: &handoverv1.PacketHeader{Channel: chat}, Topics: []string{"MH.mood", "V.bullying", "FR.x_parent_substance_use"},
				Asked: map[string]bool{"brus": true}, Named: []string{"snakkompsyken", "brus", "cyberhus", "snakkommobbing"},
			}, tuesday,
			[]string{
				"snakkompsyken 8 +SPECIALIST",
				"brus 8 +SPECIALIST",
				"cyberhus 0",
				"snakkommobbing 8 +SPECIALIST",
				"alarmtelefonen 0 -TOPIC -NOT_NAMED",
				"barnevernvakten-bergen 0 -TOPIC -CHANNEL -NOT_NAMED",
				"barnevernvakten-oslo 0 -TOPIC -CHANNEL -NOT_NAMED",
				"barnevernvakten-trondheim 0 -TOPIC -CHANNEL -NOT_NAMED",
			},
		},
		"every rule": {
			Need{
				Header: header("da", 30), Topics: []string{"MH.mood"}, FromLine: "snakkommobbing",
				Asked: map[string]bool{"snakkommobbing": true}, Named: []string{"x"},
			}, "2026-03-07T00:20:00+01:00",
			[]string{
				"alarmtelefonen 0 -TOPIC -AGE -LANGUAGE -NOT_NAMED",
				"barnevernvakten-bergen 0 -TOPIC -LANGUAGE -CHANNEL -NOT_NAMED",
				"barnevernvakten-oslo 0 -TOPIC -LANGUAGE -CHANNEL -NOT_NAMED",
				"barnevernvakten-trondheim 0 -TOPIC -LANGUAGE -CHANNEL -NOT_NAMED",
				"brus 0 -CLOSED -TOPIC -AGE -NOT_NAMED",
				"cyberhus 0 -CLOSED -AGE -NOT_NAMED",
				"snakkommobbing 0 -SAME_LINE -CLOSED -TOPIC -AGE -LANGUAGE -ASKED_BEFORE -NOT_NAMED",
				"snakkompsyken 0 -CLOSED -AGE -LANGUAGE -NOT_NAMED",
			},
		},
		"nothing is known": {
			Need{}, tuesday,
			[]string{
				"alarmtelefonen 0 -TOPIC -CHANNEL",
				"barnevernvakten-bergen 0 -TOPIC -CHANNEL",
				"barnevernvakten-oslo 0 -TOPIC -CHANNEL",
				"barnevernvakten-trondheim 0 -TOPIC -CHANNEL",
				"brus 0 -TOPIC -CHANNEL",
				"cyberhus 0 -CHANNEL",
				"snakkommobbing 0 -TOPIC -CHANNEL",
				"snakkompsyken 0 -TOPIC -CHANNEL",
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			decision := seatedAll(linefile.Example()).Rank(test.need, directorytest.Instant(t, test.at))
			if diff := cmp.Diff(test.want, told(decision.GetCandidates())); diff != "" {
				t.Error(diff)
			}
			if decision.GetRulesVersion() != "routing/7" || !decision.GetTime().AsTime().Equal(directorytest.Instant(t, test.at)) {
				t.Errorf("made by %s for %v", decision.GetRulesVersion(), decision.GetTime())
			}
		})
	}
}

func TestRankAtTheEdgesOfBrus(t *testing.T) {
	for _, test := range []struct {
		youngest, oldest int32
		at, want         string
	}{
		{6, 6, "20:59", "brus 0 -AGE"},
		{7, 7, "20:59", "brus 12 +SPECIALIST +FIRST_LANGUAGE"},
		{25, 25, "20:59", "brus 12 +SPECIALIST +FIRST_LANGUAGE"},
		{26, 26, "20:59", "brus 0 -AGE"},
		{6, 9, "20:59", "brus 12 +SPECIALIST +FIRST_LANGUAGE"},
		{25, 0, "20:59", "brus 12 +SPECIALIST +FIRST_LANGUAGE"}, // 25 and older
		{0, 0, "20:59", "brus 12 +SPECIALIST +FIRST_LANGUAGE"},
		{12, 12, "21:01", "brus 0 -CLOSED"},
	} {
		need := Need{Header: header("da", test.youngest), Topics: []string{"FR.x_parent_substance_use"}}
		need.Header.AgeBand.MaxYears = test.oldest
		decision := seatedAll([]*handoverv1.Line{directorytest.Line(t, "brus")}).Rank(need, directorytest.Instant(t, "2026-03-03T"+test.at+":00+01:00"))
		if got := told(decision.GetCandidates())[0]; got != test.want {
			t.Errorf("age %d-%d at %s: %s, want %s", test.youngest, test.oldest, test.at, got, test.want)
		}
	}
}

func TestRankDoesNotDependOnTheOrderOfLines(t *testing.T) {
	lines := manyLines(60)
	need := Need{Header: header("nb", 14), Topics: []string{"V.physical", "MH.mood"}, FromLine: "snakkommobbing"}
	at := directorytest.Instant(t, "2026-03-03T19:40:00+01:00")
	want := seatedAll(lines).Rank(need, at)
	for range 20 {
		rand.Shuffle(len(lines), func(i, j int) { lines[i], lines[j] = lines[j], lines[i] })
		if diff := cmp.Diff(want, seatedAll(lines).Rank(need, at), protocmp.Transform()); diff != "" {
			t.Fatal(diff)
		}
	}
}
