package view

import (
	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/decide"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	statev1 "github.com/stafett/stafett/proto/stafett/state/v1"
	triagev1 "github.com/stafett/stafett/proto/stafett/triage/v1"
)

// Conversation builds a line's view of a conversation. A party sees all but the
// assessment, the tickets and the alerts, which only the custodian sees. A former
// party, and everybody once the conversation has closed, sees its own records and
// handovers. It refuses a line that was never a party.
func Conversation(s *handover.State, line string) (*intakev1.Conversation, error) {
	if err := decide.RequireVisible(s, line); err != nil {
		return nil, err
	}
	c := handover.Of(s.Conversation)
	v := own(c, line)
	if handover.PartiesOf(s).Include(line) {
		addShared(v, c, line)
	}
	if c.Custody.GetLine() == line {
		addCustodians(v, c)
	}
	return v, nil
}

// own builds what a line can always see: what it did and decided itself.
func own(c handover.Conversation, line string) *intakev1.Conversation {
	v := &intakev1.Conversation{
		Name: c.Name, Custody: &routingv1.Custody{Name: c.Name + "/custody"}, SupervisorCalls: SupervisorCalls(c.Conversation, line),
	}
	for _, record := range c.DutyRecords {
		if record.Line == line {
			v.DutyRecords = append(v.DutyRecords, dutyRecord(record))
		}
	}
	for h := range c.Handovers() {
		switch {
		case h.FromLine == line || h.ToLine == line:
			v.Handovers = append(v.Handovers, Handover(h, line))
		case c.LegLine == line && h.AcceptedOffer().Exists():
			v.Handovers = append(v.Handovers, relayed(h))
		}
	}
	return v
}

// addShared adds what every party sees.
func addShared(v *intakev1.Conversation, c handover.Conversation, line string) {
	v.EntryLine, v.LegLine, v.Door = name(c.EntryLine), name(c.LegLine), c.Door
	v.Channel, v.LanguageCode, v.AgeBand, v.Area = c.Channel, c.Language, c.AgeBand, c.Area
	v.Custody, v.Emergency = Custody(c.Conversation, line), emergency(c.Emergency)
	for _, p := range c.Participants {
		v.Participants = append(v.Participants, participant(p))
	}
	v.MessageCount, v.CreateTime, v.CloseTime, v.CloseReason = c.MessageCount, c.CreateTime, c.CloseTime, c.CloseReason
}

// emergency builds a view of an emergency that is not over.
func emergency(e *statev1.Emergency) *routingv1.Emergency {
	if e == nil {
		return nil
	}
	return &routingv1.Emergency{Line: name(e.Line), Participant: e.Participant, Services: e.Services, CallTime: e.CallTime, ReviewDeadline: e.ReviewDeadline}
}

// addCustodians adds what only the line with custody sees.
func addCustodians(v *intakev1.Conversation, c handover.Conversation) {
	v.ConsentPosition = c.ConsentPosition
	v.Disappearance = Disappearance(c.Conversation, c.Custody.Line)
	v.Assessment = Assessment(c.Conversation)
	for _, ticket := range c.Tickets {
		v.Tickets = append(v.Tickets, Ticket(c.Name, ticket))
	}
	if leg := c.PendingLeg; leg != nil {
		v.PendingLeg = &routingv1.PendingLeg{
			Ticket: handover.TicketName(c.Name, leg.Ticket), Line: name(leg.Line), Channel: leg.Channel, Deadline: leg.Deadline,
		}
	}
}

func participant(p *statev1.Participant) *intakev1.Participant {
	return &intakev1.Participant{Id: p.Id, Line: name(p.Line), Role: p.Role, Present: p.Present, Left: p.Left, ChangeTime: p.Since}
}

func dutyRecord(d *statev1.DutyRecord) *triagev1.DutyRecord {
	return &triagev1.DutyRecord{Line: name(d.Line), Decision: d.Decision, RecordTime: d.Time}
}
