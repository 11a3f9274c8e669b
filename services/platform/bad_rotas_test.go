package platform_test

import (
	"context"
	"strings"
	"testing"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/stafett/stafett/pkg/rota"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
)

// TestARotaThatIsNone changes nothing, and its mistakes tell their places.
func TestARotaThatIsNone(t *testing.T) {
	e := newEvening(t)
	apply := func(d desk) func(context.Context, *routingv1.ApplyRotaRequest) (*handoverv1.Recorded, error) {
		return func(ctx context.Context, r *routingv1.ApplyRotaRequest) (*handoverv1.Recorded, error) {
			return d.Directory.ApplyRota(ctx, r)
		}
	}
	as := func(*routingv1.ApplyRotaRequest) {}
	elsewhere := func(r *routingv1.ApplyRotaRequest) { r.Line = "lines/cyberhus" }
	wrong := strings.Replace(rota.BrusFile(), "    - skive\n", "    - skiwe\n", 1)
	e.refuse(map[string]bad{
		"a mistake":         {sent(apply(e.brus), toApply(wrong), as), codes.InvalidArgument, "FILE_INVALID"},
		"no rota":           {sent(apply(e.brus), toApply("lines: []"), as), codes.InvalidArgument, "FILE_INVALID"},
		"another's line":    {sent(apply(e.cyberhus), toApply(rota.BrusFile()), as), codes.PermissionDenied, "LINE_NOT_YOURS"},
		"for another line":  {sent(apply(e.cyberhus), toApply(rota.BrusFile()), elsewhere), codes.InvalidArgument, "FIELD_INVALID"},
		"an empty file":     {sent(apply(e.brus), toApply(""), as), codes.InvalidArgument, "FIELD_INVALID"},
		"another's changes": {e.sentBy(e.cyberhus, swap("2026-11-24", "2026-11-25")), codes.PermissionDenied, "LINE_NOT_YOURS"},
		"unknown unit":      {e.sentBy(e.brus, cover("2026-11-24", "oslo")), codes.FailedPrecondition, "ROTA_REFUSED"},
		"one of two":        {e.sentBy(e.brus, cover("2026-11-24", "odder"), well("aarhus")), codes.FailedPrecondition, "ROTA_REFUSED"},
		"nobody's change":   {e.sentBy(e.brus, &handoverv1.RotaChange{Action: swap("2026-11-24", "2026-11-25").Action}), codes.InvalidArgument, "FIELD_INVALID"},
		"no date":           {e.sentBy(e.brus, cover("tomorrow", "odder")), codes.InvalidArgument, "FIELD_INVALID"},
		"no change":         {e.sentBy(e.brus), codes.InvalidArgument, "FIELD_INVALID"},
	})
	_, err := e.applying(wrong)
	if told := status.Convert(err).Message(); !strings.Contains(told, "rota.yaml:23:7:") || !strings.Contains(told, "skiwe") {
		t.Errorf("the mistake is told as %q, want its line and column", told)
	}
	_, err = e.changing(swap("2026-11-24", "2026-11-25"), well("aarhus"))
	refusedBecause(t, err, codes.FailedPrecondition, "ROTA_REFUSED", "NOT_SICK")
	e.shifts("syddjurs", "aarhus", "odder")
	without := toChange(swap("2026-11-24", "2026-11-25"))
	without.Line = "lines/cyberhus"
	_, err = e.cyberhus.Directory.ChangeRota(e.ctx, without)
	refused(t, err, codes.NotFound, "ROTA_MISSING")
	_, err = e.auditor().Directory.GetRota(e.ctx, &routingv1.GetRotaRequest{Line: "lines/cyberhus"})
	refused(t, err, codes.NotFound, "ROTA_MISSING")
}

// sentBy sends changes of BRUS's rota.
func (e evening) sentBy(d desk, changes ...*handoverv1.RotaChange) func(context.Context) error {
	return func(ctx context.Context) error {
		_, err := d.Directory.ChangeRota(ctx, toChange(changes...))
		return err
	}
}
