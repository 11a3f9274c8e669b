package directory_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	"github.com/stafett/stafett/services/apitest"
)

// newAges is a file in which first is for others, second is missing and fourth is new.
func newAges() *routingv1.ApplyLinesRequest {
	return apitest.LinesFile(apitest.FileLine("sender", "0-25"), apitest.FileLine("first", "10-20"), apitest.FileLine("third", "0-25"), apitest.FileLine("fourth", "0-25"))
}

// applies applies a file as an operator.
func applies(w *apitest.World, r *routingv1.ApplyLinesRequest) *routingv1.ApplyLinesResponse {
	w.T.Helper()
	return apitest.Must[*routingv1.ApplyLinesResponse](w.T)(w.Operator().Directory.ApplyLines(w.Ctx, r))
}

// ages are those that a line serves.
func ages(w *apitest.World, line string) string {
	w.T.Helper()
	w.Settle()
	got := apitest.Must[*routingv1.Line](w.T)(w.Operator().Directory.GetLine(w.Ctx, &routingv1.GetLineRequest{Name: "lines/" + line}))
	return fmt.Sprintf("%d-%d", got.Ages.MinYears, got.Ages.MaxYears)
}

// told checks the fields that a response names, as line.kind.field.
func told(t *testing.T, r *routingv1.ApplyLinesResponse, want ...string) {
	t.Helper()
	got := map[string]bool{}
	for _, c := range r.Changes {
		kind := strings.ToLower(strings.TrimPrefix(c.Kind.String(), "LINE_CHANGE_KIND_"))
		got[fmt.Sprintf("%s %s", c.Line, kind)] = true
		got[fmt.Sprintf("%s %s %s %s>%s", c.Line, kind, c.Field, c.Before, c.After)] = true
	}
	for _, text := range want {
		if !got[text] {
			t.Errorf("it tells %v, and not %q", r.Changes, text)
		}
	}
}

var (
	changedAges = []string{"lines/first changed ages.min_years >10", "lines/first changed ages.max_years 25>20", "lines/fourth added"}
	secondGone  = "lines/second removed"
)

// TestLinesAreApplied: a file's changes are first shown, then published, and none twice.
func TestLinesAreApplied(t *testing.T) {
	w := apitest.NewWorld(t)
	request := newAges()
	request.ValidateOnly = true
	w.WantUnchanged(func() {
		r := applies(w, request)
		if told(t, r, changedAges...); r.Position != 0 {
			t.Errorf("it has come to %d, want nothing done", r.Position)
		}
	})
	request.ValidateOnly = false
	r := applies(w, request)
	told(t, r, changedAges...)
	if last := w.LogEnd(); r.Position != last || last != 4+2 {
		t.Errorf("it has come to %d and the log to %d, want 6", r.Position, last)
	}
	if ages := ages(w, "first"); ages != "10-20" {
		t.Errorf("first is for %s, want 10-20", ages)
	}
	w.WantUnchanged(func() {
		for _, again := range []*routingv1.ApplyLinesRequest{request, newAges()} {
			if r := applies(w, again); len(r.Changes) != 0 || r.Position != 0 {
				t.Errorf("applied again it is answered %v", r)
			}
		}
	})
	w.Desk("fourth").ReportSeats(1)
	w.WantOffer("fourth")
}

// TestALineIsTakenOut when a file omits it and removal is requested; it is then never asked,
// even if it was planned.
func TestALineIsTakenOut(t *testing.T) {
	w := apitest.NewQuietWorld(t, apitest.FourLines())
	applies(w, newAges())
	ages(w, "second") // still there
	handover := apitest.Planned(w)
	request := newAges()
	request.RemoveMissing = true
	told(t, applies(w, request), secondGone)
	w.Settle()
	w.Desk("first").Decline(handover, "1")
	if passed := w.GetOffer(handover, 2); passed.PassReason != handoverv1.PassReason_PASS_REASON_CLOSED {
		t.Errorf("second is passed over as %v, want for CLOSED", passed)
	}
	if asked := w.GetOffer(handover, 3); asked.State != apitest.OfferSent {
		t.Errorf("third is %v, want it asked", asked)
	}
	second := w.Desk("second")
	_, err := second.Directory.ReportCapacity(w.Ctx, &routingv1.ReportCapacityRequest{})
	apitest.WantRefusal(t, err, codes.NotFound, "LINE_NOT_FOUND")
	_, err = w.Operator().Directory.GetAvailability(w.Ctx, &routingv1.GetAvailabilityRequest{Name: "lines/second/availability"})
	apitest.WantRefusal(t, err, codes.NotFound, "LINE_NOT_FOUND")
	told(t, applies(w, apitest.LinesFile(apitest.FileLine("second", "0-25"))), "lines/second added")
	w.Settle()
	second.ReportSeats(1)
	w.WantOffer("second")
}

// TestAFileWithAMistake changes nothing, and only operators apply files.
func TestAFileWithAMistake(t *testing.T) {
	w := apitest.NewWorld(t)
	apply := func(d apitest.Desk) func(context.Context, *routingv1.ApplyLinesRequest) (*routingv1.ApplyLinesResponse, error) {
		return func(ctx context.Context, r *routingv1.ApplyLinesRequest) (*routingv1.ApplyLinesResponse, error) {
			return d.Directory.ApplyLines(ctx, r)
		}
	}
	as := func(*routingv1.ApplyLinesRequest) {}
	operator, wrong := w.Operator(), apitest.LinesFile(apitest.FileLine("first", "10-20"), apitest.FileLine("second", "20-10"))
	w.WantRefusals(map[string]apitest.BadRequest{
		"ages the wrong way": apitest.Refused(apitest.Spoiled(apply(operator), wrong, as), codes.InvalidArgument, "FILE_INVALID"),
		"no lines":           apitest.Refused(apitest.Spoiled(apply(operator), newAges(), func(r *routingv1.ApplyLinesRequest) { r.File = []byte("line: first") }), codes.InvalidArgument, "FILE_INVALID"),
		"too large":          apitest.Refused(apitest.Spoiled(apply(operator), newAges(), func(r *routingv1.ApplyLinesRequest) { r.File = make([]byte, 240<<10+1) }), codes.InvalidArgument, "FIELD_INVALID"),
		"nothing":            apitest.Refused(apitest.Spoiled(apply(operator), newAges(), func(r *routingv1.ApplyLinesRequest) { r.File = nil }), codes.InvalidArgument, "FIELD_INVALID"),
		"no request id":      apitest.Refused(apitest.Spoiled(apply(operator), newAges(), func(r *routingv1.ApplyLinesRequest) { r.RequestId = "" }), codes.InvalidArgument, "FIELD_INVALID"),
		"by a line":          apitest.Refused(apitest.Spoiled(apply(w.Desk("first")), newAges(), as), codes.PermissionDenied, "PEER_NOT_ALLOWED"),
		"by an auditor":      apitest.Refused(apitest.Spoiled(apply(w.AuditorDesk()), newAges(), as), codes.PermissionDenied, "PEER_NOT_ALLOWED"),
	})
	wrong.FileName = "ours.yaml"
	_, err := operator.Directory.ApplyLines(w.Ctx, wrong)
	if told := status.Convert(err).Message(); !strings.Contains(told, "ours.yaml:3:") {
		t.Errorf("the mistake is told as %q, want its file, line and column", told)
	}
}

// TestWhatWasAppliedLasts over a restart of a platform whose file differs.
func TestWhatWasAppliedLasts(t *testing.T) {
	w := apitest.NewWorld(t)
	applies(w, apitest.LinesFile(apitest.FileLine("first", "10-20")))
	w.Restart(func() { w.Once = true })
	if ages := ages(w, "first"); ages != "10-20" {
		t.Errorf("first is for %s, want 10-20 as applied", ages)
	}
	w.Restart(func() { w.Once = false })
	if ages := ages(w, "first"); ages != "10-20" {
		t.Errorf("without once first is for %s, want 10-20 as applied", ages)
	}
}

// TestOnceIntoAnEmptyLog: then the lines are published.
func TestOnceIntoAnEmptyLog(t *testing.T) {
	w := apitest.NewWorld(t)
	w.Stop()
	w.Data, w.Once = t.TempDir(), true
	w.Start()
	if ages := ages(w, "first"); ages != "0-25" {
		t.Errorf("first is for %s", ages)
	}
	w.Advance(time.Second)
}
