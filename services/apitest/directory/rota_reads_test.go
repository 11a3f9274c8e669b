package directory_test

import (
	"testing"
	"time"

	"google.golang.org/grpc/codes"

	"github.com/stafett/stafett/pkg/client"
	"github.com/stafett/stafett/pkg/rota"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	"github.com/stafett/stafett/services/apitest"
)

// TestWhoIsToldOfStaff: the line itself, and those who run or oversee the platform. Other
// lines see who staffs a line and when, but not who is sick or who reported it.
func TestWhoIsToldOfStaff(t *testing.T) {
	e := newEvening(t)
	e.done(e.changing(sick("syddjurs", e.Clock.Now().Add(48*time.Hour)), swap("2026-11-24", "2026-11-25")))
	e.Settle()
	_, published, err := rota.Published("brus.yaml", []byte(rota.BrusFile()))
	if err != nil {
		t.Fatal(err)
	}
	for name, asks := range map[string]struct {
		apitest.Desk
		told bool
	}{
		"the line":     {e.brus, true},
		"another line": {e.cyberhus, false},
		"the operator": {e.Operator(), true},
		"an auditor":   {e.AuditorDesk(), true},
	} {
		t.Run(name, func(t *testing.T) {
			got := apitest.Must[*routingv1.Rota](t)(asks.Directory.GetRota(e.Ctx, &routingv1.GetRotaRequest{Name: "lines/brus/rota"}))
			if (got.File == published && len(got.Changes) == 2) != asks.told || (got.File == "" && got.Changes == nil) == asks.told {
				t.Errorf("the rota is %v", got)
			}
			now := apitest.Must[*routingv1.Availability](t)(asks.Directory.GetAvailability(e.Ctx, &routingv1.GetAvailabilityRequest{Name: "lines/brus/availability"}))
			shift(t, "the first of GetRota", got.Shifts[0], "aarhus", "syddjurs", handoverv1.ShiftReason_SHIFT_REASON_SICK, asks.told)
			shift(t, "the second of GetRota", got.Shifts[1], "odder", "aarhus", handoverv1.ShiftReason_SHIFT_REASON_SWAP, asks.told)
			shift(t, "the shift", now.Shift, "aarhus", "syddjurs", handoverv1.ShiftReason_SHIFT_REASON_SICK, asks.told)
			shift(t, "the next shift", now.NextShift, "odder", "aarhus", handoverv1.ShiftReason_SHIFT_REASON_SWAP, asks.told)
		})
	}
}

// shift checks a shift that one unit has instead of another, as a caller sees it.
func shift(t *testing.T, which string, got *handoverv1.Shift, unit, insteadOf string, reason handoverv1.ShiftReason, told bool) {
	t.Helper()
	if !told {
		insteadOf, reason = "", handoverv1.ShiftReason_SHIFT_REASON_UNSPECIFIED
	}
	if got.GetUnit() != unit || got.GetInsteadOf() != insteadOf || got.GetReason() != reason || got.GetDisplayNames()["da"] == "" || got.GetEndTime() == nil {
		t.Errorf("%s is %v, want that of %s instead of %q for %s", which, got, unit, insteadOf, reason)
	}
}

// TestAvailabilityOfALineThatIsTakenOut: the answer is an availability or not found, whatever
// happens meanwhile.
func TestAvailabilityOfALineThatIsTakenOut(t *testing.T) {
	w := apitest.NewWorld(t)
	operator := w.Operator()
	gone := make(chan struct{})
	go func() {
		defer close(gone)
		for range 20 {
			for _, file := range []*routingv1.ApplyLinesRequest{
				apitest.LinesFile(apitest.FileLine("sender", "0-25")), apitest.LinesFile(apitest.FileLine("sender", "0-25"), apitest.FileLine("first", "0-25")),
			} {
				file.RemoveMissing = true
				if _, err := operator.Directory.ApplyLines(w.Ctx, file); err != nil {
					t.Error(err)
					return
				}
			}
		}
	}()
	for !t.Failed() {
		got, err := operator.Directory.GetAvailability(w.Ctx, &routingv1.GetAvailabilityRequest{Name: "lines/first/availability"})
		if err == nil && got.GetName() != "lines/first/availability" || err != nil && client.Reason(err) != "LINE_NOT_FOUND" {
			t.Errorf("answered %v, %v", got, err)
		}
		select {
		case <-gone:
			return
		default:
		}
	}
	<-gone
}

// TestWhoChangesARota is recorded under a pseudonym, as everywhere.
func TestWhoChangesARota(t *testing.T) {
	e := newEvening(t)
	for _, by := range []string{"", "Lise Holm", "lise@brus.example", "-lise"} {
		change := swap("2026-11-24", "2026-11-25")
		change.By = by
		_, err := e.changing(change)
		apitest.WantRefusal(t, err, codes.InvalidArgument, "FIELD_INVALID")
	}
}
