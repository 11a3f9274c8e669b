package linefile

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/testing/protocmp"

	"github.com/stafett/stafett/pkg/directory/linediff"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

const (
	chat  = handoverv1.Channel_CHANNEL_CHAT
	phone = handoverv1.Channel_CHANNEL_PHONE
)

const optional = `status: temporarily closed
    alert: Slowly this week.
    assured_date: 2026-11-01
    max_risk: R3
    capacity: {chat: 4, phone: 0}
    service_areas: [DK, NO-03, "0301"]
    receives_from: {night-line: {way: signpost, agreed: warm}, "*": SIGNPOST}
    doors:
      - {id: own-page, channel: chat}
      - {id: guest, channel: phone, through: night-line, number: "116111", areas: ["0301"]}
    exceptions:
      - {dates: [2026-12-24], hours: ["22:00-02:00"], reason: drill, channels: [chat, sms], notes: Hei}
      - {freq: YEARLY, dtstart: 2026-12-31}
      - {holidays: "NO"}
`

func TestParseWhatMayBeLeftOut(t *testing.T) {
	lines, err := parse("l.yaml", []byte(withMore(optional)))
	if err != nil {
		t.Fatal(err)
	}
	const signpost = handoverv1.ReceptionWay_RECEPTION_WAY_SIGNPOST
	want := &handoverv1.Line{
		Status: handoverv1.LineStatus_LINE_STATUS_TEMPORARILY_CLOSED, Alert: "Slowly this week.", AssuredDate: "2026-11-01",
		MaxRisk:      handoverv1.RiskLevel_RISK_LEVEL_R3,
		Capacity:     []*handoverv1.Capacity{{Channel: chat, Seats: 4}, {Channel: phone}},
		ServiceAreas: []string{"DK", "NO-03", "0301"},
		ReceivesFrom: []*handoverv1.Reception{{Line: "night-line", Way: signpost, Agreed: warm}, {Line: "*", Way: signpost}},
		Doors: []*handoverv1.Door{
			{Id: "own-page", Channel: chat},
			{Id: "guest", Channel: phone, Through: "night-line", Number: "116111", Areas: []string{"0301"}},
		},
		Exceptions: []*handoverv1.ScheduleException{
			{
				Dates: []string{"2026-12-24"}, Hours: []*handoverv1.TimeOfDay{{OpensMinute: 22 * 60, ClosesMinute: 26 * 60}}, Notes: "Hei",
				Reason: handoverv1.ClosureReason_CLOSURE_REASON_DRILL, Channels: []handoverv1.Channel{chat, handoverv1.Channel_CHANNEL_SMS},
			},
			{
				Recurrence: &handoverv1.Schedule{Freq: handoverv1.Frequency_FREQUENCY_YEARLY, Dtstart: "2026-12-31"},
				Reason:     handoverv1.ClosureReason_CLOSURE_REASON_SCHEDULED,
			},
			{Holidays: "NO", Reason: handoverv1.ClosureReason_CLOSURE_REASON_HOLIDAY},
		},
	}
	plain, err := parse("l.yaml", []byte(good))
	if err != nil {
		t.Fatal(err)
	}
	for _, field := range linediff.Between(plain, lines)[0].Fields {
		if field.Before != "" {
			t.Errorf("%s was %s already", field.Path, field.Before)
		}
	}
	got := lines[0]
	rest := &handoverv1.Line{
		Status: got.Status, Alert: got.Alert, AssuredDate: got.AssuredDate, Capacity: got.Capacity, ServiceAreas: got.ServiceAreas,
		ReceivesFrom: got.ReceivesFrom, Doors: got.Doors, Exceptions: got.Exceptions, MaxRisk: got.MaxRisk,
	}
	if diff := cmp.Diff(want, rest, protocmp.Transform()); diff != "" {
		t.Error(diff)
	}
}
