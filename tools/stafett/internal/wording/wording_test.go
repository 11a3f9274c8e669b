package wording

import (
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/stafett/stafett/pkg/i18n"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// TestPhrasesAreFilledInAlike: as many places in every language.
func TestPhrasesAreFilledInAlike(t *testing.T) {
	for key, phrase := range texts["phrases"] {
		for _, language := range i18n.Languages {
			if strings.Count(phrase[string(language)], "%s") != strings.Count(phrase["en"], "%s") {
				t.Errorf("%s: %s has other places to fill in than English", key, language)
			}
		}
	}
}

func TestEveryCodeHasALabel(t *testing.T) {
	known := map[string]bool{}
	for _, enum := range []protoreflect.Enum{
		handoverv1.Verdict(0), handoverv1.Preference(0), handoverv1.ClosureReason(0),
		handoverv1.Channel(0), handoverv1.LineStatus(0), handoverv1.ReceptionWay(0),
	} {
		values := enum.Descriptor().Values()
		for i := range values.Len() {
			name := string(values.Get(i).Name())
			known[name] = true
			if texts["codes"][name] == nil {
				t.Errorf("%s has no label", name)
			}
		}
	}
	for name := range texts["codes"] {
		if !known[name] {
			t.Errorf("%s is not a code; take its label away", name)
		}
	}
}

func TestEveryShiftReasonHasALabel(t *testing.T) {
	values := handoverv1.ShiftReason(0).Descriptor().Values()
	for i := 1; i < values.Len(); i++ {
		told := map[string]bool{}
		for _, language := range i18n.Languages {
			told[In(language).ShiftReason(handoverv1.ShiftReason(values.Get(i).Number()))] = true
		}
		if told[""] || len(told) != len(i18n.Languages) {
			t.Errorf("%s is %v, want a label in each of %v", values.Get(i).Name(), told, i18n.Languages)
		}
	}
}

func TestTimesAreToldOnTheClockOfThePlace(t *testing.T) {
	oslo, err := time.LoadLocation("Europe/Oslo")
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 23, 22, 30, 0, 0, time.UTC) // 23:30 in Oslo
	for _, told := range []struct {
		at, now time.Time
		want    string
	}{
		{now.Add(15 * time.Minute), now, "23:45"},
		{now.Add(time.Hour), now, "tir 2026-11-24 00:30"},
		{now, now.AddDate(1, 0, 0), "man 2026-11-23 23:30"},
	} {
		if got := In("nb").Time(told.at, told.now, oslo); got != told.want {
			t.Errorf("at %s, %s is told as %q, want %q", told.now, told.at, got, told.want)
		}
	}
}

func TestCodesWithoutWordsAreToldAsTheyAre(t *testing.T) {
	if got := In("nb").Code(handoverv1.Verdict(99)); got != "99" {
		t.Errorf("an unknown verdict is %q, want its number", got)
	}
	if got := In("da").Weekday("-1FR"); got != "-1fre" {
		t.Errorf("-1FR is %q, want -1fre", got)
	}
}
