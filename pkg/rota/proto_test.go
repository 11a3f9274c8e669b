package rota

import (
	"errors"
	"testing"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	statev1 "github.com/stafett/stafett/proto/stafett/state/v1"
)

// recorded returns BRUS with its counsellor sick at 17:55 on the first evening.
func recorded(change *handoverv1.RotaChange) *statev1.Rota {
	change.By = "karen"
	change.RecordTime = timestamppb.New(time.Date(2026, 1, 1, 17, 55, 0, 0, Brus().Zone()))
	return &statev1.Rota{File: string(embedded), Changes: []*handoverv1.RotaChange{change}}
}

func TestARecordedRotaIsMadeAgain(t *testing.T) {
	evening := time.Date(2026, 1, 1, 19, 0, 0, 0, Brus().Zone())
	sick := &handoverv1.RotaSick{Unit: "skive", EndTime: timestamppb.New(evening.Add(12 * time.Hour))}
	for name, test := range map[string]struct {
		change *handoverv1.RotaChange
		unit   string
		reason handoverv1.ShiftReason
	}{
		"sick":   {&handoverv1.RotaChange{Action: &handoverv1.RotaChange_Sick{Sick: sick}}, "herning", handoverv1.ShiftReason_SHIFT_REASON_SICK},
		"cover":  {&handoverv1.RotaChange{Action: &handoverv1.RotaChange_Cover{Cover: &handoverv1.RotaCover{Date: "2026-01-01", Unit: "odder"}}}, "odder", handoverv1.ShiftReason_SHIFT_REASON_COVER},
		"nobody": {&handoverv1.RotaChange{Action: &handoverv1.RotaChange_Cover{Cover: &handoverv1.RotaCover{Date: "2026-01-01"}}}, "", handoverv1.ShiftReason_SHIFT_REASON_COVER},
		"swap":   {&handoverv1.RotaChange{Action: &handoverv1.RotaChange_Swap{Swap: &handoverv1.RotaSwap{FirstDate: "2026-01-01", SecondDate: "2026-01-04"}}}, "randers", handoverv1.ShiftReason_SHIFT_REASON_SWAP},
	} {
		r, err := Of(recorded(test.change))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		shift, _ := r.Staffs(evening)
		if told := r.Proto(shift); told.Unit != test.unit || told.Reason != test.reason || told.InsteadOf != "skive" {
			t.Errorf("%s: %v", name, told)
		}
	}
}

func TestWhatIsNoChange(t *testing.T) {
	for name, test := range map[string]struct {
		change *handoverv1.RotaChange
		reason Reason
	}{
		"nothing":  {&handoverv1.RotaChange{}, NoAction},
		"date":     {&handoverv1.RotaChange{Action: &handoverv1.RotaChange_Cover{Cover: &handoverv1.RotaCover{Date: "2026-02-30"}}}, NoShift},
		"not sick": {&handoverv1.RotaChange{Action: &handoverv1.RotaChange_Well{Well: &handoverv1.RotaWell{Unit: "skive"}}}, NotSick},
	} {
		_, err := Of(recorded(test.change))
		var refused *Refused
		if !errors.As(err, &refused) || refused.Reason != test.reason {
			t.Errorf("%s: %v, want %s", name, err, test.reason)
		}
	}
	if _, err := Of(&statev1.Rota{File: "line: brus"}); err == nil {
		t.Error("half a file is taken for a rota")
	}
}
