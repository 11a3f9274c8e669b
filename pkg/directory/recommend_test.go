package directory

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/stafett/stafett/pkg/directory/internal/directorytest"
	"github.com/stafett/stafett/pkg/directory/linefile"
	"github.com/stafett/stafett/pkg/directory/rules"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

func TestRecommend(t *testing.T) {
	const (
		notOurs     = handoverv1.RecommendReason_RECOMMEND_REASON_TOPIC_NOT_OURS
		noEmergency = handoverv1.RecommendReason_RECOMMEND_REASON_NO_EMERGENCY
	)
	for name, test := range map[string]struct {
		line   string
		tags   []string
		at     string
		reason handoverv1.RecommendReason
		topics []string
		first  string
	}{
		"violence at the bullying line": {
			"snakkommobbing", []string{"V.physical", "V.bullying", "V.physical"}, "2026-03-03T19:40:00+01:00",
			notOurs, []string{"V.physical"}, "alarmtelefonen 28 +EMERGENCY +SPECIALIST +FIRST_LANGUAGE",
		},
		"low mood at the emergency line": {
			"alarmtelefonen", []string{"MH.mood"}, "2026-03-03T20:10:00+01:00",
			noEmergency, []string{"MH.mood"}, "snakkompsyken 12 +SPECIALIST +FIRST_LANGUAGE",
		},
		"the test tag is left out": {
			"alarmtelefonen", []string{"NC.test", "PR.love", "MH.mood"}, "2026-03-03T20:10:00+01:00",
			noEmergency, []string{"MH.mood", "PR.love"}, "snakkompsyken 12 +SPECIALIST +FIRST_LANGUAGE",
		},
		"bullying at the emergency line": {
			"alarmtelefonen", []string{"MH.mood", "V.bullying"}, "2026-03-03T20:10:00+01:00",
			notOurs, []string{"V.bullying"}, "snakkommobbing 12 +SPECIALIST +FIRST_LANGUAGE",
		},
		"low mood alone at the bullying line": {
			"snakkommobbing", []string{"MH.mood"}, "2026-03-03T19:40:00+01:00",
			notOurs, []string{"MH.mood"}, "snakkompsyken 12 +SPECIALIST +FIRST_LANGUAGE",
		},
		"violence of an unnamed kind at the bullying line": {
			"snakkommobbing", []string{"V"}, "2026-03-03T19:40:00+01:00",
			notOurs, []string{"V"}, "alarmtelefonen 28 +EMERGENCY +SPECIALIST +FIRST_LANGUAGE",
		},
	} {
		t.Run(name, func(t *testing.T) {
			got := seatedAll(linefile.Example()).Recommend(directorytest.Line(t, test.line), test.tags, Need{Header: header("no", 14)}, directorytest.Instant(t, test.at))
			if got.GetReason() != test.reason || got.GetRulesVersion() != rules.Default().Version() {
				t.Errorf("%v by %q", got.GetReason(), got.GetRulesVersion())
			}
			if diff := cmp.Diff(test.topics, got.GetTopics()); diff != "" {
				t.Error(diff)
			}
			if first := told(got.GetCandidates())[0]; first != test.first {
				t.Errorf("first is %s, want %s", first, test.first)
			}
		})
	}
}

func TestRecommendNothing(t *testing.T) {
	for name, test := range map[string]struct {
		line string
		tags []string
	}{
		"no tags":                                {"alarmtelefonen", nil},
		"only a test":                            {"alarmtelefonen", []string{"NC.test"}},
		"violence at the emergency line":         {"alarmtelefonen", []string{"V.physical", "MH.mood"}},
		"violence unnamed, at the same":          {"alarmtelefonen", []string{"V"}},
		"bullying at the bullying line":          {"snakkommobbing", []string{"V.bullying", "MH.mood"}},
		"mental health of an unnamed kind at it": {"snakkompsyken", []string{"MH"}},
		"a parent who drinks at a line for that": {"brus", []string{"FR"}},
		"low mood at a line for mental health":   {"snakkompsyken", []string{"MH.mood"}},
		"violence at a line for everything":      {"cyberhus", []string{"V.sexual"}},
	} {
		got := seatedAll(linefile.Example()).Recommend(directorytest.Line(t, test.line), test.tags, Need{Header: header("no", 14)}, directorytest.Instant(t, "2026-03-03T19:40:00+01:00"))
		if got != nil {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// On the night to Saturday the line for mental health is closed and is not offered (I14).
func TestRecommendOnSaturdayNight(t *testing.T) {
	got := seatedAll(linefile.Example()).Recommend(directorytest.Line(t, "alarmtelefonen"), []string{"MH.mood"}, Need{Header: header("no", 14)},
		directorytest.Instant(t, "2026-03-07T00:20:00+01:00"))
	want := []string{
		"alarmtelefonen 0 -SAME_LINE -TOPIC",
		"barnevernvakten-bergen 0 -TOPIC -CHANNEL",
		"barnevernvakten-oslo 0 -TOPIC -CHANNEL",
		"barnevernvakten-trondheim 0 -TOPIC -CHANNEL",
		"brus 0 -CLOSED -TOPIC -LANGUAGE",
		"cyberhus 0 -CLOSED -LANGUAGE",
		"snakkommobbing 0 -CLOSED -TOPIC",
		"snakkompsyken 0 -CLOSED",
	}
	if diff := cmp.Diff(want, told(got.GetCandidates())); diff != "" {
		t.Error(diff)
	}
}
