package report_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	auditv1 "github.com/stafett/stafett/proto/stafett/audit/v1"
	"github.com/stafett/stafett/tools/stafett/internal/audit/report"
	"github.com/stafett/stafett/tools/stafett/internal/historytest"
)

func TestWhoHadCustodyWhen(t *testing.T) {
	custody := &report.Custody{}
	commits := historytest.History(t, "1-hand-back")
	for _, stored := range commits {
		if err := custody.Add(stored); err != nil {
			t.Fatal(err)
		}
	}
	all := custody.Stretches(time.Time{}, time.Time{})
	var told []string
	for i, s := range all {
		told = append(told, fmt.Sprintf("%d %s", s.Epoch, s.Line))
		if i > 0 && !all[i-1].To.Equal(s.From) {
			t.Errorf("nobody had custody between %s and %s", all[i-1].To, s.From)
		}
	}
	if fmt.Sprint(told) != "[1 havna 2 a-fyret 3 havna 4 a-fyret]" {
		t.Errorf("custody was told as %v", told)
	}
	if got := custody.Stretches(all[1].From, *all[1].To); len(got) != 1 || got[0] != all[1] {
		t.Errorf("within the second stretch: %v", got)
	}
	if got := custody.Stretches(time.Time{}, all[0].From); len(got) != 0 {
		t.Errorf("before it began: %v", got)
	}
}

// repeated are histories as if each had happened so often.
func repeated(t *testing.T, times map[string]int) []*auditv1.StoredCommit {
	var all []*auditv1.StoredCommit
	for name, n := range times {
		for i := range n {
			for _, stored := range historytest.History(t, name) {
				again := proto.CloneOf(stored)
				again.Commit.Subject += fmt.Sprint(i)
				all = append(all, again)
			}
		}
	}
	return all
}

func figures(t *testing.T, threshold int, times map[string]int) map[string]report.Figure {
	t.Helper()
	f, err := report.NewFigures(time.Time{}, time.Time{}, threshold)
	if err != nil {
		t.Fatal(err)
	}
	for _, stored := range repeated(t, times) {
		if err := f.Add(stored); err != nil {
			t.Fatal(err)
		}
	}
	all := map[string]report.Figure{}
	for _, figure := range f.Figures() {
		all[figure.Table+" "+figure.Line+" "+figure.Code] = figure
	}
	return all
}

func TestFigures(t *testing.T) {
	all := figures(t, 5, map[string]int{"1-violence": 6, "0-1-nobody-answers": 5, "1-hand-back": 5})
	for name, want := range map[string]string{
		"conversations_opened snakkommobbing ": `{"count":6}`,
		"offers alarmtelefonen ACCEPTED":       `{"count":6,"rate":1}`,
		"bounces havna ":                       `{"count":5}`,
		"bounces a-fyret ":                     `{"count":5}`,
		"outcomes alarmtelefonen SUPPORTED":    `{"count":6}`,
		"outcomes havna ONGOING":               `{"count":5}`,
		"time_to_human snakkommobbing ":        `{"median_seconds":20,"p90_seconds":20}`,
	} {
		figure := all[name]
		figure.Table, figure.Line, figure.Code = "", "", ""
		text, err := json.Marshal(figure)
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Replace(string(text), `"table":"","line":"",`, "", 1); got != want {
			t.Errorf("%s is %s, want %s", name, got, want)
		}
	}
}

// TestSmallCountsAreLeftOut, with all that could give them away.
func TestSmallCountsAreLeftOut(t *testing.T) {
	for name, figure := range figures(t, 5, map[string]int{"1-violence": 4, "0-1-nobody-answers": 1}) {
		if !figure.Suppressed || figure.Count != nil || figure.Rate != nil || figure.MedianSeconds != nil || figure.P90Seconds != nil {
			t.Errorf("%s tells %+v of four conversations at most", name, figure)
		}
	}
	if _, err := report.NewFigures(time.Time{}, time.Time{}, 2); err == nil {
		t.Error("a threshold of 2 is taken")
	}
}

// TestOnlyWhatOpenedInTheTime is counted, with all that came of it later.
func TestOnlyWhatOpenedInTheTime(t *testing.T) {
	commits := repeated(t, map[string]int{"1-violence": 6})
	opened := commits[0].Commit.RecordTime.AsTime()
	for _, c := range []struct {
		from, to time.Time
		want     bool
	}{
		{opened, opened.Add(time.Second), true},
		{opened.Add(time.Second), time.Time{}, false},
		{time.Time{}, opened, false},
	} {
		f, err := report.NewFigures(c.from, c.to, 5)
		if err != nil {
			t.Fatal(err)
		}
		for _, stored := range commits {
			if err := f.Add(stored); err != nil {
				t.Fatal(err)
			}
		}
		if got := slices.ContainsFunc(f.Figures(), func(f report.Figure) bool { return f.Table == "outcomes" }); got != c.want {
			t.Errorf("from %s to %s: an outcome is counted: %t", c.from, c.to, got)
		}
	}
}
