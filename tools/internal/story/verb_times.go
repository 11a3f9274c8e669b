package story

import (
	"slices"

	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/yamlread"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
)

type (
	deferral = *routingv1.DeferHandoverRequest
	closing  = *routingv1.CloseLineRequest
	shifts   = *routingv1.ChangeRotaRequest
)

// Keys of verbs about times that a line has or lacks.
var (
	slot = slices.Concat(
		into("line", "alarmtelefonen", func(r *reader, _ *Step, to deferral, v yamlread.Value) { to.Slot.Line = handover.LineName(r.line(v)) }),
		into("from", "2026-03-08 15:00", func(r *reader, _ *Step, to deferral, v yamlread.Value) {
			to.Slot.StartTime = timestamppb.New(r.readInstant(v))
		}),
		into("for", "30m", func(_ *reader, _ *Step, to deferral, v yamlread.Value) {
			to.Slot.EndTime = timestamppb.New(to.Slot.StartTime.AsTime().Add(readDuration(v)))
		}))
	closed = into("for", "2h", func(_ *reader, s *Step, to closing, v yamlread.Value) { to.EndTime = s.until(v) })

	sickUnit = into("unit", "odder", func(_ *reader, _ *Step, to shifts, v yamlread.Value) { to.Changes[0].GetSick().Unit = text(v, "odder") })
	sickFor  = into("for", "2h", func(_ *reader, s *Step, to shifts, v yamlread.Value) { to.Changes[0].GetSick().EndTime = s.until(v) })
	wellUnit = into("unit", "odder", func(_ *reader, _ *Step, to shifts, v yamlread.Value) { to.Changes[0].GetWell().Unit = text(v, "odder") })
	coverOf  = into("unit", "odder", func(_ *reader, _ *Step, to shifts, v yamlread.Value) {
		to.Changes[0].GetCover().Unit = text(v, "odder")
	})
	coverOn = into("date", "2026-03-03", func(_ *reader, _ *Step, to shifts, v yamlread.Value) {
		to.Changes[0].GetCover().Date = text(v, "2026-03-03")
	})
	swapped = into("dates", "[2026-03-03, 2026-03-04]", func(_ *reader, _ *Step, to shifts, v yamlread.Value) {
		dates := readDates(v)
		to.Changes[0].GetSwap().FirstDate, to.Changes[0].GetSwap().SecondDate = dates[0], dates[1]
	})
)

// Requests that a verb begins with.
var (
	sick  = change(&handoverv1.RotaChange{Action: &handoverv1.RotaChange_Sick{Sick: &handoverv1.RotaSick{}}})
	well  = change(&handoverv1.RotaChange{Action: &handoverv1.RotaChange_Well{Well: &handoverv1.RotaWell{}}})
	swap  = change(&handoverv1.RotaChange{Action: &handoverv1.RotaChange_Swap{Swap: &handoverv1.RotaSwap{}}})
	cover = change(&handoverv1.RotaChange{Action: &handoverv1.RotaChange_Cover{Cover: &handoverv1.RotaCover{}}})
	later = &routingv1.DeferHandoverRequest{Slot: &routingv1.Slot{}}
)

func change(to *handoverv1.RotaChange) shifts {
	return &routingv1.ChangeRotaRequest{Changes: []*handoverv1.RotaChange{to}}
}

// until reads how long something lasts from the step on.
func (s *Step) until(v yamlread.Value) *timestamppb.Timestamp {
	return timestamppb.New(s.At.Add(readDuration(v)))
}

func readDates(v yamlread.Value) []string {
	const example = "2026-03-03"
	dates := each(v, "["+example+", 2026-03-04]", func(v yamlread.Value) string { return text(v, example) })
	if len(dates) != 2 {
		v.Refuse("shifts of %d dates cannot change places; write two dates", len(dates))
		return []string{"", ""}
	}
	return dates
}
