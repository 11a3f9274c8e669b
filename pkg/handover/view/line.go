package view

import (
	"github.com/stafett/stafett/pkg/handover"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
)

// everyLine stands for every line without an entry of its own in a reception: * in the
// record, lines/- in the API.
const everyLine, everyLineName = "*", "lines/-"

// Line builds a line's facts as the directory shows them to everybody.
func Line(l *handoverv1.Line) *routingv1.Line {
	v := &routingv1.Line{
		Name: l.Name, DisplayNames: l.DisplayNames, Operator: l.Operator, RegionCode: l.Country, TimeZone: l.TimeZone,
		Topics: l.Topics, Ages: l.Ages, LanguageCodes: l.Languages, Hours: l.Hours, Emergency: l.Emergency,
		Retention: l.Retention, Anonymous: l.Anonymous, Example: l.Example, Deadlines: l.Deadlines, Status: l.Status,
		Alert: l.Alert, AssuredDate: l.AssuredDate, Capacity: l.Capacity, ServiceAreas: l.ServiceAreas,
		Exceptions: l.Exceptions, MaxRisk: l.MaxRisk,
	}
	for _, r := range l.ReceivesFrom {
		v.ReceivesFrom = append(v.ReceivesFrom, &routingv1.Reception{Line: receivedName(r.Line), Way: r.Way, Agreed: r.Agreed})
	}
	for _, d := range l.Doors {
		v.Doors = append(v.Doors, &routingv1.Door{Id: d.Id, Channel: d.Channel, Through: name(d.Through), Number: d.Number, Areas: d.Areas})
	}
	return v
}

// Facts turns a line as the directory shows it back into the facts as published.
func Facts(l *routingv1.Line) *handoverv1.Line {
	f := &handoverv1.Line{
		Name: l.Name, DisplayNames: l.DisplayNames, Operator: l.Operator, Country: l.RegionCode, TimeZone: l.TimeZone,
		Topics: l.Topics, Ages: l.Ages, Languages: l.LanguageCodes, Hours: l.Hours, Emergency: l.Emergency,
		Retention: l.Retention, Anonymous: l.Anonymous, Example: l.Example, Deadlines: l.Deadlines, Status: l.Status,
		Alert: l.Alert, AssuredDate: l.AssuredDate, Capacity: l.Capacity, ServiceAreas: l.ServiceAreas,
		Exceptions: l.Exceptions, MaxRisk: l.MaxRisk,
	}
	for _, r := range l.ReceivesFrom {
		f.ReceivesFrom = append(f.ReceivesFrom, &handoverv1.Reception{Line: receivedID(r.Line), Way: r.Way, Agreed: r.Agreed})
	}
	for _, d := range l.Doors {
		f.Doors = append(f.Doors, &handoverv1.Door{Id: d.Id, Channel: d.Channel, Through: handover.LineID(d.Through), Number: d.Number, Areas: d.Areas})
	}
	return f
}

func receivedName(line string) string {
	if line == everyLine {
		return everyLineName
	}
	return name(line)
}

func receivedID(line string) string {
	if line == everyLineName {
		return everyLine
	}
	return handover.LineID(line)
}
