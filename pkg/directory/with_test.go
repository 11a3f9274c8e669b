package directory

import (
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/testing/protocmp"

	"github.com/stafett/stafett/pkg/directory/internal/directorytest"
	"github.com/stafett/stafett/pkg/directory/linefile"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// The compiled form of a line is kept while its facts stay the same.
func TestWithSharesWhatIsWorkedOut(t *testing.T) {
	all := New(linefile.Example())
	next := all.With("brus", all.Line("brus"), someSeats())
	for i, e := range all.entries {
		if next.entries[i].hours != e.hours {
			t.Errorf("%s was worked out again", e.id)
		}
	}
	if all.Live("brus").Seats != nil || next.Live("brus").Seats[chat].Free != 1 {
		t.Error("the one directory has changed, or the other has not")
	}
	if changed := all.With("brus", directorytest.Line(t, "brus"), Live{}); changed.entry("brus").hours == all.entry("brus").hours {
		t.Error("other facts were not worked out")
	}
}

func TestWithAddsAndTakesOut(t *testing.T) {
	one := New(nil).With("brus", directorytest.Line(t, "brus"), Live{FactsPosition: 7}).With("cyberhus", directorytest.Line(t, "cyberhus"), Live{})
	if one.Live("brus").FactsPosition != 7 || len(one.Lines()) != 2 || ID(one.Lines()[0]) != "brus" {
		t.Errorf("%v", one.Lines())
	}
	none := one.With("brus", nil, Live{}).With("brus", nil, Live{})
	if none.Line("brus") != nil || len(none.Lines()) != 1 || one.Line("brus") == nil {
		t.Errorf("%v", none.Lines())
	}
	if none.Live("brus").FactsPosition != 0 || none.Availability("brus", directorytest.Instant(t, "2026-03-03T19:00:00+01:00")) != nil {
		t.Error("something is known of a line that is not there")
	}
}

// Two directories derived from one do not overwrite each other's lists.
func TestTwoDirectoriesFromOne(t *testing.T) {
	at := directorytest.Instant(t, "2026-03-03T19:00:00+01:00")
	base := New([]*handoverv1.Line{directorytest.Line(t, "snakkompsyken")})
	first := base.With("snakkommobbing", directorytest.Line(t, "snakkommobbing"), someSeats())
	base.With("brus", directorytest.Line(t, "brus"), someSeats())
	decision := first.Rank(Need{Header: header("no", 14), Topics: []string{"V.bullying"}}, at)
	if got := told(decision.Candidates)[0]; got != "snakkommobbing 12 +SPECIALIST +FIRST_LANGUAGE" {
		t.Error(got)
	}
	third := first.With("brus", directorytest.Line(t, "brus"), someSeats())
	decision = third.Rank(Need{Header: header("da", 14), Topics: []string{"FR.x_parent_substance_use"}}, at)
	if got := told(decision.Candidates)[0]; got != "brus 12 +SPECIALIST +FIRST_LANGUAGE" {
		t.Error(got)
	}
}

// Concurrent decisions do not disturb each other; the race detector watches.
func TestManyDecideAtOnce(t *testing.T) {
	all := seatedAll(manyLines(200))
	need := Need{Header: header("nb", 14), Topics: []string{"V.physical"}}
	at := directorytest.Instant(t, "2026-03-03T19:40:00+01:00")
	want := all.Rank(need, at)
	var group sync.WaitGroup
	for i := range 8 {
		group.Go(func() {
			line := all.Lines()[i]
			own := all.With(ID(line), line, Live{})
			own.Rank(need, at.Add(time.Duration(i)*time.Hour))
			own.Slots(need, at, time.UTC, 3)
			if diff := cmp.Diff(want, all.Rank(need, at), protocmp.Transform()); diff != "" {
				t.Error(diff)
			}
		})
	}
	group.Wait()
}
