package directory_test

import (
	"context"
	"strings"
	"testing"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/stafett/stafett/pkg/rota"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	"github.com/stafett/stafett/services/apitest"
)

// TestARotaThatIsNone changes nothing, and its mistakes are listed with their positions.
func TestARotaThatIsNone(t *testing.T) {
	e := newEvening(t)
	apply := func(d apitest.Desk) func(context.Context, *routingv1.ApplyRotaRequest) (*handoverv1.Recorded, error) {
		return func(ctx context.Context, r *routingv1.ApplyRotaRequest) (*handoverv1.Recorded, error) {
			return apitest.Placed(d.Directory.ApplyRota(ctx, r))
		}
	}
	as := func(*routingv1.ApplyRotaRequest) {}
	elsewhere := func(r *routingv1.ApplyRotaRequest) { r.Line = "lines/cyberhus" }
	wrong := strings.Replace(rota.BrusFile(), "    - skive\n", "    - skiwe\n", 1)
	e.WantRefusals(map[string]apitest.BadRequest{
		"a mistake":         apitest.Refused(apitest.Spoiled(apply(e.brus), toApply(wrong), as), codes.InvalidArgument, "FILE_INVALID"),
		"no rota":           apitest.Refused(apitest.Spoiled(apply(e.brus), toApply("lines: []"), as), codes.InvalidArgument, "FILE_INVALID"),
		"another's line":    apitest.Refused(apitest.Spoiled(apply(e.cyberhus), toApply(rota.BrusFile()), as), codes.PermissionDenied, "LINE_NOT_YOURS"),
		"for another line":  apitest.Refused(apitest.Spoiled(apply(e.cyberhus), toApply(rota.BrusFile()), elsewhere), codes.InvalidArgument, "FIELD_INVALID"),
		"an empty file":     apitest.Refused(apitest.Spoiled(apply(e.brus), toApply(""), as), codes.InvalidArgument, "FIELD_INVALID"),
		"another's changes": apitest.Refused(e.sentBy(e.cyberhus, swap("2026-11-24", "2026-11-25")), codes.PermissionDenied, "LINE_NOT_YOURS"),
		"unknown unit":      apitest.Refused(e.sentBy(e.brus, cover("2026-11-24", "oslo")), codes.FailedPrecondition, "ROTA_REFUSED"),
		"one of two":        apitest.Refused(e.sentBy(e.brus, cover("2026-11-24", "odder"), well("aarhus")), codes.FailedPrecondition, "ROTA_REFUSED"),
		"nobody's change":   apitest.Refused(e.sentBy(e.brus, &handoverv1.RotaChange{Action: swap("2026-11-24", "2026-11-25").Action}), codes.InvalidArgument, "FIELD_INVALID"),
		"no date":           apitest.Refused(e.sentBy(e.brus, cover("tomorrow", "odder")), codes.InvalidArgument, "FIELD_INVALID"),
		"no change":         apitest.Refused(e.sentBy(e.brus), codes.InvalidArgument, "FIELD_INVALID"),
	})
	_, err := e.applying(wrong)
	if told := status.Convert(err).Message(); !strings.Contains(told, "rota.yaml:23:7:") || !strings.Contains(told, "skiwe") {
		t.Errorf("the mistake is told as %q, want its line and column", told)
	}
	_, err = e.changing(swap("2026-11-24", "2026-11-25"), well("aarhus"))
	apitest.WantRefusalBecause(t, err, codes.FailedPrecondition, "ROTA_REFUSED", "NOT_SICK")
	e.shifts("syddjurs", "aarhus", "odder")
	without := toChange(swap("2026-11-24", "2026-11-25"))
	without.Line = "lines/cyberhus"
	_, err = e.cyberhus.Directory.ChangeRota(e.Ctx, without)
	apitest.WantRefusal(t, err, codes.NotFound, "ROTA_MISSING")
	_, err = e.Auditor().Directory.GetRota(e.Ctx, &routingv1.GetRotaRequest{Name: "lines/cyberhus/rota"})
	apitest.WantRefusal(t, err, codes.NotFound, "ROTA_MISSING")
}

// sentBy sends changes of BRUS's rota.
func (e evening) sentBy(d apitest.Desk, changes ...*handoverv1.RotaChange) func(context.Context) error {
	return func(ctx context.Context) error {
		_, err := d.Directory.ChangeRota(ctx, toChange(changes...))
		return err
	}
}
