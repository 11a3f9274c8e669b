package rota

import (
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	statev1 "github.com/stafett/stafett/proto/stafett/state/v1"
)

// Of returns the recorded rota: its file with its changes applied. Each change carries the
// time at which it was made.
func Of(recorded *statev1.Rota) (*Rota, error) {
	r, err := Parse("rota.yaml", []byte(recorded.GetFile()))
	if err != nil {
		return nil, err
	}
	changes, err := ChangesOf(recorded.GetChanges())
	if err != nil {
		return nil, err
	}
	return r.With(changes...)
}

// ChangesOf reads recorded changes. It refuses the first invalid one.
func ChangesOf(recorded []*handoverv1.RotaChange) ([]Change, error) {
	var changes []Change
	for i, c := range recorded {
		change := Change{At: timeOf(c.GetRecordTime()), By: c.GetBy()}
		action, err := actionOf(c)
		if err != nil {
			return nil, refusedAt(i, change, err)
		}
		change.Action = action
		changes = append(changes, change)
	}
	return changes, nil
}

func actionOf(c *handoverv1.RotaChange) (Action, error) {
	switch action := c.GetAction().(type) {
	case *handoverv1.RotaChange_Cover:
		date, err := dateOf(action.Cover.GetDate())
		return Cover{date, Unit(action.Cover.GetUnit()), timeOf(action.Cover.GetStartTime()), timeOf(action.Cover.GetEndTime())}, err
	case *handoverv1.RotaChange_Swap:
		a, err := dateOf(action.Swap.GetFirstDate())
		if err != nil {
			return nil, err
		}
		b, err := dateOf(action.Swap.GetSecondDate())
		return Swap{a, b}, err
	case *handoverv1.RotaChange_Sick:
		from := timeOf(action.Sick.GetStartTime())
		if from.IsZero() {
			from = timeOf(c.GetRecordTime())
		}
		return Sick{Unit(action.Sick.GetUnit()), from, timeOf(action.Sick.GetEndTime())}, nil
	case *handoverv1.RotaChange_Well:
		return Well{Unit(action.Well.GetUnit())}, nil
	}
	return nil, refuse(NoAction, "it does nothing; say what")
}

func dateOf(text string) (Date, error) {
	date, err := ParseDate(text)
	if err != nil {
		return 0, refuse(NoShift, "%q is not a date; write for example %s", text, wantDate)
	}
	return date, nil
}

// timeOf returns the zero time for a missing timestamp.
func timeOf(at *timestamppb.Timestamp) time.Time {
	if at == nil {
		return time.Time{}
	}
	return at.AsTime()
}

var shiftReasons = map[Why]handoverv1.ShiftReason{
	Rotation: handoverv1.ShiftReason_SHIFT_REASON_ROTATION,
	Covered:  handoverv1.ShiftReason_SHIFT_REASON_COVER,
	Swapped:  handoverv1.ShiftReason_SHIFT_REASON_SWAP,
	Sickness: handoverv1.ShiftReason_SHIFT_REASON_SICK,
}

// Proto returns a shift of the rota in its API form.
func (r *Rota) Proto(s Shift) *handoverv1.Shift {
	return &handoverv1.Shift{
		Unit: string(s.Unit), DisplayNames: r.Names(s.Unit), Reason: shiftReasons[s.Why], InsteadOf: string(s.For),
		StartTime: timestamppb.New(s.Start), EndTime: timestamppb.New(s.End),
	}
}
