package linediff

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/types/known/durationpb"

	"github.com/stafett/stafett/pkg/directory"
	"github.com/stafett/stafett/pkg/directory/linefile"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

func TestBetween(t *testing.T) {
	before, after := linefile.Example(), linefile.Example()
	slices.Reverse(after)
	if changes := Between(before, after); changes != nil {
		t.Errorf("the same in another order: %v", changes)
	}
	i := slices.IndexFunc(after, func(line *handoverv1.Line) bool { return directory.ID(line) == "brus" })
	brus := after[i]
	brus.Ages.MaxYears, brus.Retention = 24, durationpb.New(72*time.Hour)
	brus.Hours[0].Windows[0].ClosesMinute, brus.DisplayNames["da"] = 22*60, "BRUS!"
	brus.Doors = brus.Doors[:1]
	after = slices.DeleteFunc(after, func(line *handoverv1.Line) bool { return directory.ID(line) == "cyberhus" })
	before = slices.DeleteFunc(before, func(line *handoverv1.Line) bool { return directory.ID(line) == "snakkommobbing" })
	got := Between(before, after)
	kinds := map[string]ChangeKind{}
	for _, change := range got {
		kinds[change.Line] = change.Kind
	}
	if diff := cmp.Diff(map[string]ChangeKind{"brus": Changed, "cyberhus": Removed, "snakkommobbing": Added}, kinds); diff != "" {
		t.Error(diff)
	}
	want := []FieldChange{
		{"ages.max_years", "25", "24"},
		{"display_names[da]", "BRUS", "BRUS!"},
		{"doors[cyberhus].channel", "CHANNEL_CHAT", ""},
		{"doors[cyberhus].id", "cyberhus", ""},
		{"doors[cyberhus].through", "cyberhus", ""},
		{"hours[chat].windows[0].closes_minute", "1260", "1320"},
		{"retention", "", "72h0m0s"},
	}
	if diff := cmp.Diff(want, got[0].Fields); diff != "" {
		t.Error(diff)
	}
}

// Every field of an added line is listed.
func TestDiffTellsAllOfAnAddedLine(t *testing.T) {
	line := linefile.Example()[1]
	change := Between(nil, []*handoverv1.Line{line})[0]
	if len(change.Fields) != len(flat(line)) || change.Kind != Added {
		t.Errorf("%v", change)
	}
}
