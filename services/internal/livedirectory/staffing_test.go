package livedirectory

import (
	"sync"
	"testing"
	"time"

	"github.com/stafett/stafett/pkg/rota"
)

// asked compares what is remembered with a rota that is asked for the first time.
func asked(t *testing.T, remembering *staffing, at time.Time) {
	t.Helper()
	fresh := &staffing{rota: rota.Brus()}
	unit, _, staffed := remembering.Staffs(at)
	next, found := remembering.NextStaffed(at)
	wantUnit, _, wantStaffed := fresh.Staffs(at)
	wantNext, wantFound := fresh.NextStaffed(at)
	if unit != wantUnit || staffed != wantStaffed || !next.Equal(wantNext) || found != wantFound {
		t.Errorf("%s: %q, %t, %s, %t; want %q, %t, %s, %t", at, unit, staffed, next, found, wantUnit, wantStaffed, wantNext, wantFound)
	}
}

// TestWhatIsRememberedIsTheSame in whatever order it is asked for, and beside others: with
// the race detector this fails where memory is used without the lock.
func TestWhatIsRememberedIsTheSame(t *testing.T) {
	remembering := &staffing{rota: rota.Brus()}
	first, last := remembering.rota.Dates()
	begin, _ := time.Parse(time.DateOnly, first.String())
	end, _ := time.Parse(time.DateOnly, last.String())
	var asking sync.WaitGroup
	for _, from := range []time.Time{evening, begin.AddDate(0, 0, -20), end.AddDate(0, 0, -20)} {
		asking.Go(func() {
			for i := range 500 {
				asked(t, remembering, from.Add(time.Duration(i*37%500)*2*time.Hour))
			}
		})
	}
	asking.Wait()
}

// TestNobodyForLong is known of so many days only.
func TestNobodyForLong(t *testing.T) {
	remembering := &staffing{rota: rota.Brus()}
	first, ok := remembering.rota.Next(time.Date(2025, 12, 31, 23, 0, 0, 0, time.UTC))
	if next, known := remembering.NextStaffed(first.Start.Add(-ahead)); !ok || known {
		t.Errorf("the next after %s is at %s", ahead, next)
	}
	if next, known := remembering.NextStaffed(first.Start.Add(-ahead + time.Second)); !known || !next.Equal(first.Start) {
		t.Errorf("the next is at %s, %t, want %s", next, known, first.Start)
	}
}
