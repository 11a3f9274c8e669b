package platform_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
)

// listed is one of fourLines as a file has it, for some ages.
func listed(id, ages string) string {
	return "  - {id: " + id + ", names: {nb: " + id + ", da: " + id + ", en: " + id + "}, operator: test, country: \"NO\", " +
		"time_zone: Europe/Oslo, topics: [\"*\"], ages: " + ages + ", languages: [nb], anonymous: true, " +
		"hours: {chat: [\"every day 00:00-24:00\"]}}\n"
}

// fileOf is a file of lines.
func fileOf(lines ...string) *routingv1.ApplyLinesRequest {
	return &routingv1.ApplyLinesRequest{RequestId: uuid.NewString(), File: []byte("lines:\n" + strings.Join(lines, ""))}
}

// newAges is a file in which first is for others, second is missing and fourth is new.
func newAges() *routingv1.ApplyLinesRequest {
	return fileOf(listed("sender", "0-25"), listed("first", "10-20"), listed("third", "0-25"), listed("fourth", "0-25"))
}

// applies lets an operator apply a file.
func (w *world) applies(r *routingv1.ApplyLinesRequest) *routingv1.ApplyLinesResponse {
	w.t.Helper()
	return must[*routingv1.ApplyLinesResponse](w.t)(w.operator().Directory.ApplyLines(w.ctx, r))
}

// ages are those that a line is for.
func (w *world) ages(line string) string {
	w.t.Helper()
	w.settle()
	got := must[*handoverv1.Line](w.t)(w.operator().Routing.GetLine(w.ctx, &routingv1.GetLineRequest{Name: "lines/" + line}))
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

// TestLinesAreApplied: what a file says is told first, then published, and nothing twice.
func TestLinesAreApplied(t *testing.T) {
	w := newWorld(t)
	request := newAges()
	request.ValidateOnly = true
	w.unchanged(func() {
		r := w.applies(request)
		if told(t, r, changedAges...); r.Position != 0 {
			t.Errorf("it has come to %d, want nothing done", r.Position)
		}
	})
	request.ValidateOnly = false
	r := w.applies(request)
	told(t, r, changedAges...)
	if last := w.last(); r.Position != last || last != 4+2 {
		t.Errorf("it has come to %d and the log to %d, want 6", r.Position, last)
	}
	if ages := w.ages("first"); ages != "10-20" {
		t.Errorf("first is for %s, want 10-20", ages)
	}
	w.unchanged(func() {
		for _, again := range []*routingv1.ApplyLinesRequest{request, newAges()} {
			if r := w.applies(again); len(r.Changes) != 0 || r.Position != 0 {
				t.Errorf("applied again it is answered %v", r)
			}
		}
	})
	w.desk("fourth").free(1)
	w.asks("fourth")
}

// TestALineIsTakenOut when a file that does not have it says so, and then is asked by
// nobody, not even where it is planned.
func TestALineIsTakenOut(t *testing.T) {
	w := quietWorld(t, fourLines())
	w.applies(newAges())
	w.ages("second") // it is still there
	handover := planned(w)
	request := newAges()
	request.RemoveMissing = true
	told(t, w.applies(request), secondGone)
	w.settle()
	w.desk("first").decline(handover, "1")
	if passed := w.offer(handover, 2); passed.PassReason != handoverv1.PassReason_PASS_REASON_CLOSED {
		t.Errorf("second is passed over as %v, want for CLOSED", passed)
	}
	if asked := w.offer(handover, 3); asked.State != offerSent {
		t.Errorf("third is %v, want it asked", asked)
	}
	second := w.desk("second")
	_, err := second.Directory.ReportCapacity(w.ctx, &routingv1.ReportCapacityRequest{})
	refused(t, err, codes.NotFound, "LINE_NOT_FOUND")
	_, err = w.operator().Directory.GetAvailability(w.ctx, &routingv1.GetAvailabilityRequest{Line: "lines/second"})
	refused(t, err, codes.NotFound, "LINE_NOT_FOUND")
	told(t, w.applies(fileOf(listed("second", "0-25"))), "lines/second added")
	w.settle()
	second.free(1)
	w.asks("second")
}

// TestAFileWithAMistake changes nothing, and only operators apply any.
func TestAFileWithAMistake(t *testing.T) {
	w := newWorld(t)
	apply := func(d desk) func(context.Context, *routingv1.ApplyLinesRequest) (*routingv1.ApplyLinesResponse, error) {
		return func(ctx context.Context, r *routingv1.ApplyLinesRequest) (*routingv1.ApplyLinesResponse, error) {
			return d.Directory.ApplyLines(ctx, r)
		}
	}
	as := func(*routingv1.ApplyLinesRequest) {}
	operator, wrong := w.operator(), fileOf(listed("first", "10-20"), listed("second", "20-10"))
	w.refuse(map[string]bad{
		"ages the wrong way": {sent(apply(operator), wrong, as), codes.InvalidArgument, "FILE_INVALID"},
		"no lines":           {sent(apply(operator), newAges(), func(r *routingv1.ApplyLinesRequest) { r.File = []byte("line: first") }), codes.InvalidArgument, "FILE_INVALID"},
		"too large":          {sent(apply(operator), newAges(), func(r *routingv1.ApplyLinesRequest) { r.File = make([]byte, 240<<10+1) }), codes.InvalidArgument, "FIELD_INVALID"},
		"nothing":            {sent(apply(operator), newAges(), func(r *routingv1.ApplyLinesRequest) { r.File = nil }), codes.InvalidArgument, "FIELD_INVALID"},
		"no request id":      {sent(apply(operator), newAges(), func(r *routingv1.ApplyLinesRequest) { r.RequestId = "" }), codes.InvalidArgument, "FIELD_INVALID"},
		"by a line":          {sent(apply(w.desk("first")), newAges(), as), codes.PermissionDenied, "PEER_NOT_ALLOWED"},
		"by an auditor":      {sent(apply(desk{w.auditor(), w, ""}), newAges(), as), codes.PermissionDenied, "PEER_NOT_ALLOWED"},
	})
	wrong.FileName = "ours.yaml"
	_, err := operator.Directory.ApplyLines(w.ctx, wrong)
	if told := status.Convert(err).Message(); !strings.Contains(told, "ours.yaml:3:") {
		t.Errorf("the mistake is told as %q, want its file, line and column", told)
	}
}

// TestWhatWasAppliedLasts over a restart of a platform whose file says something else.
func TestWhatWasAppliedLasts(t *testing.T) {
	w := newWorld(t)
	w.applies(fileOf(listed("first", "10-20")))
	w.restart(func() { w.once = true })
	if ages := w.ages("first"); ages != "10-20" {
		t.Errorf("first is for %s, want 10-20 as applied", ages)
	}
	w.restart(func() { w.once = false })
	if ages := w.ages("first"); ages != "10-20" {
		t.Errorf("without once first is for %s, want 10-20 as applied", ages)
	}
}

// TestOnceIntoAnEmptyLog: then the lines are published.
func TestOnceIntoAnEmptyLog(t *testing.T) {
	w := newWorld(t)
	w.down()
	w.data, w.once = t.TempDir(), true
	w.start()
	if ages := w.ages("first"); ages != "0-25" {
		t.Errorf("first is for %s", ages)
	}
	w.pass(time.Second)
}
