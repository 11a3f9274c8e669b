package handover_test

import (
	"testing"

	"github.com/stafett/stafett/pkg/handover"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// refusalOf is the reason with which a command is refused to a line that it is
// not for.
func refusalOf(s *story, c handover.Command, line string) string {
	switch side := sideOf(c); {
	case side == handover.AskedLine:
		return "OFFER_NOT_FOUND"
	case commandName(c) == "OpenPacket":
		return "PACKET_CLOSED"
	case !handover.WasParty(s.state, line):
		return "CONVERSATION_NOT_YOURS"
	default:
		return lacks[side]
	}
}

// sideOf is who may give a command.
func sideOf(c handover.Command) handover.Side { return handover.DefinitionFor(c).Side }

// lacks is what a party is told that is not on the side which a command is for.
var lacks = map[handover.Side]string{
	handover.Custodian: "CUSTODY_NOT_YOURS", handover.Party: "CUSTODY_NOT_YOURS",
	handover.LegHolder: "LEG_NOT_YOURS", handover.FormerLegHolder: "LEG_NOT_YOURS",
	handover.Sender: "NOT_THE_SENDER", handover.Receiver: "NOT_THE_RECEIVER",
}

func TestOtherLinesAreRefused(t *testing.T) {
	for state, waits := range states {
		s := at(t, state)
		for _, c := range first.commands() {
			if !waits.allow(commandName(c)) {
				continue
			}
			for _, line := range []string{bullying, emergency, mind, alcohol} {
				if caller(by(line, c)) != caller(c) {
					s.when(by(line, c)).refused(refusalOf(s, c, line))
				}
			}
		}
	}
}

func TestOtherLinesAreRefusedOutsideOfAHandover(t *testing.T) {
	s := opened(t)
	for _, c := range []handover.Command{
		comes(alcohol, "bo"), leaves(alcohol, "kim"), dropsOut(alcohol, "kim"), writes(alcohol, "kim", all), closes(alcohol),
		first.propose(), risk(alcohol, handoverv1.RiskLevel_RISK_LEVEL_R1),
		handover.TagConversation{Line: alcohol, Add: []string{"V"}, Recommend: recommend(nil)},
		handover.RecordDuty{Line: alcohol, Decision: handoverv1.DutyDecision_DUTY_DECISION_REPORTED},
		handover.JoinConversation{Line: alcohol, Participant: "child", Role: asChild},
		issue(alcohol, alcohol), answer(alcohol, "bo"),
	} {
		r := s.when(by(alcohol, c)).refused("CONVERSATION_NOT_YOURS")
		if r.Metadata["line"] != alcohol || r.Metadata["conversation"] == "" {
			t.Errorf("%s says %v", commandName(c), r.Metadata)
		}
	}
}

// refusalOfUnknown is the reason with which a command about a handover that does
// not exist is refused to the line that has custody and the child's leg.
func refusalOfUnknown(c handover.Command) string {
	switch side := sideOf(c); {
	case side == handover.AskedLine:
		return "OFFER_NOT_FOUND"
	case commandName(c) == "OpenPacket":
		return "PACKET_CLOSED"
	case side == handover.Receiver:
		return "CONVERSATION_NOT_YOURS"
	}
	return "HANDOVER_NOT_FOUND"
}

func TestUnknownHandover(t *testing.T) {
	s := at(t, "OFFERED")
	for _, c := range first.commands() {
		for _, n := range []uint32{0, 2} {
			s.when(of(n, c)).refused(refusalOfUnknown(c))
		}
	}
	r := s.when(of(2, first.cancel())).refused("HANDOVER_NOT_FOUND")
	if want := "conversations/" + conversation + "/handovers/2"; r.Metadata["handover"] != want {
		t.Errorf("the refusal names %v, want %s", r.Metadata, want)
	}
	s.when(by(mind, of(2, first.cancel()))).refused("CONVERSATION_NOT_YOURS")
}

func TestUnknownOffer(t *testing.T) {
	s := at(t, "OFFERED")
	for _, offer := range []uint32{0, 2} {
		r := s.when(first.acceptBy(emergency, offer)).refused("OFFER_NOT_FOUND")
		if want := handover.OfferName(handover.HandoverName("conversations/"+conversation, 1), offer); r.Metadata["offer"] != want {
			t.Errorf("the refusal names %v, want %s", r.Metadata, want)
		}
	}
}

// everything is one of each command, by the line that may give it.
func everything() []handover.Command {
	return append(first.commands(),
		comes(bullying, "per"), leaves(bullying, "kim"), dropsOut(bullying, "kim"), writes(bullying, "kim", all),
		closes(bullying), first.propose(), risk(bullying, handoverv1.RiskLevel_RISK_LEVEL_R1),
		handover.TagConversation{Line: bullying, Add: []string{"V"}, Recommend: recommend(nil)},
		handover.RecordDuty{Line: bullying, Decision: handoverv1.DutyDecision_DUTY_DECISION_REPORTED},
		handover.Advance{Rank: plan()}, issue(bullying, bullying), claim(bullying), answer(bullying, "kim"),
	)
}

func TestNothingBeforeTheOpening(t *testing.T) {
	s := begin(t)
	for _, c := range everything() {
		want := "CONVERSATION_NOT_FOUND"
		if commandName(c) == "ClaimTicket" {
			want = "TICKET_INVALID" // whoever tries tickets learns nothing else
		}
		s.when(c).refused(want)
		if _, err := handover.Decide(nil, c, s.now, s.rules); err == nil {
			t.Errorf("%s was carried out on no state", commandName(c))
		}
	}
}

func TestOpeningComesOnce(t *testing.T) {
	opened(t).when(openConversation()).refused("REQUEST_ID_REUSED")
}

func TestOpeningRefusesAnAgeBandUpsideDown(t *testing.T) {
	c := openConversation().(handover.OpenConversation)
	c.AgeBand = &handoverv1.AgeBand{MinYears: 15, MaxYears: 13}
	if r := begin(t).when(c).refused("FIELD_INVALID"); r.Metadata["field"] != "age_band" {
		t.Errorf("the refusal says %v, want the field age_band", r.Metadata)
	}
	c.AgeBand = &handoverv1.AgeBand{MinYears: 13, MaxYears: 13}
	begin(t).when(c).gives("ConversationOpened", "CustodyOpened", "ParticipantJoined")
}

// TestAfterTheClose: the duty is still a line's to decide, and what was asked and
// answered before stays so.
func TestAfterTheClose(t *testing.T) {
	s := opened(t).given(closes(bullying))
	for _, c := range everything() {
		switch commandName(c) {
		case "RecordDuty":
			s.when(c).gives("DutyRecorded")
		case "Advance":
			s.when(c).gives()
		case "ClaimTicket":
			s.when(c).refused("TICKET_INVALID")
		default:
			s.when(c).refused(refusalAfterTheClose(c))
		}
	}
}

// refusalAfterTheClose is the reason with which a command is refused in a closed
// conversation without handovers.
func refusalAfterTheClose(c handover.Command) string {
	switch sideOf(c) {
	case handover.AskedLine, handover.Receiver, handover.FormerLegHolder: // what the child said may still be taken back
		return refusalOfUnknown(c)
	}
	return "CONVERSATION_CLOSED"
}

func TestOutcomeAfterTheClose(t *testing.T) {
	s := at(t, "AWAITING_OUTCOME").given(closes(emergency))
	s.when(first.report()).gives("OutcomeReported").stands("CLOSED UNSPECIFIED")
}

func TestEndedHandoverAfterTheClose(t *testing.T) {
	s := at(t, "CLOSED").given(closes(emergency))
	s.when(first.cancel()).refused("CONVERSATION_CLOSED")
	s.when(first.withdraw()).refused("HANDOVER_STATE")
}
