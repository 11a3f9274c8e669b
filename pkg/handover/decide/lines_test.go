package decide_test

import (
	"testing"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/command"
	"github.com/stafett/stafett/pkg/handover/decide"
	"github.com/stafett/stafett/pkg/internal/story"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

func TestOtherLinesAreRefused(t *testing.T) {
	for state, waits := range story.States {
		s := story.At(t, state)
		for _, c := range story.First.Commands() {
			if !waits.Allow(story.CommandName(c)) {
				continue
			}
			for _, line := range []string{story.Bullying, story.Emergency, story.Mind, story.Alcohol} {
				if want := story.RefusalOf(s, c, line); want != "" && story.Caller(story.By(line, c)) != story.Caller(c) {
					s.When(story.By(line, c)).Refused(want)
				}
			}
		}
	}
}

func TestOtherLinesAreRefusedOutsideOfAHandover(t *testing.T) {
	s := story.Opened(t)
	for _, c := range []decide.Command{
		story.Comes(story.Alcohol, "bo"), story.Leaves(story.Alcohol, "kim"), story.DropsOut(story.Alcohol, "kim"), story.Writes(story.Alcohol, "kim", story.All), story.Closes(story.Alcohol),
		story.First.Propose(), story.Risk(story.Alcohol, handoverv1.RiskLevel_RISK_LEVEL_R1),
		command.TagConversation{Line: story.Alcohol, Add: []string{"V"}, Recommend: story.Recommend(nil)},
		command.RecordDuty{Line: story.Alcohol, Decision: handoverv1.DutyDecision_DUTY_DECISION_REPORTED},
		command.JoinConversation{Line: story.Alcohol, Participant: "child", Role: story.AsChild},
		story.Issue(story.Alcohol, story.Alcohol), story.Answer(story.Alcohol, "bo"),
	} {
		r := s.When(story.By(story.Alcohol, c)).Refused("CONVERSATION_NOT_YOURS")
		if r.Metadata["line"] != story.Alcohol || r.Metadata["conversation"] == "" {
			t.Errorf("%s says %v", story.CommandName(c), r.Metadata)
		}
	}
}

// refusalOfUnknown is the reason with which a command about a handover that does
// not exist is refused to the line that has custody and the child's leg.
func refusalOfUnknown(c decide.Command) string {
	switch side := story.SideOf(c); {
	case side == handover.AskedLine:
		return "OFFER_NOT_FOUND"
	case story.CommandName(c) == "OpenPacket":
		return "PACKET_CLOSED"
	case side == handover.Receiver:
		return "CONVERSATION_NOT_YOURS"
	}
	return "HANDOVER_NOT_FOUND"
}

func TestUnknownHandover(t *testing.T) {
	s := story.At(t, "OFFERED")
	for _, c := range story.First.Commands() {
		for _, n := range []uint32{0, 2} {
			s.When(story.Of(n, c)).Refused(refusalOfUnknown(c))
		}
	}
	r := s.When(story.Of(2, story.First.Cancel())).Refused("HANDOVER_NOT_FOUND")
	if want := "conversations/" + story.Conversation + "/handovers/2"; r.Metadata["handover"] != want {
		t.Errorf("the refusal names %v, want %s", r.Metadata, want)
	}
	s.When(story.By(story.Mind, story.Of(2, story.First.Cancel()))).Refused("CONVERSATION_NOT_YOURS")
}

func TestUnknownOffer(t *testing.T) {
	s := story.At(t, "OFFERED")
	for _, offer := range []uint32{0, 2} {
		r := s.When(story.First.AcceptBy(story.Emergency, offer)).Refused("OFFER_NOT_FOUND")
		if want := handover.OfferName(handover.HandoverName("conversations/"+story.Conversation, 1), offer); r.Metadata["offer"] != want {
			t.Errorf("the refusal names %v, want %s", r.Metadata, want)
		}
	}
}

func TestNothingBeforeTheOpening(t *testing.T) {
	s := story.Begin(t)
	for _, c := range story.Everything() {
		want := "CONVERSATION_NOT_FOUND"
		if story.CommandName(c) == "ClaimTicket" {
			want = "TICKET_INVALID" // whoever tries tickets learns nothing else
		}
		s.When(c).Refused(want)
		if _, err := command.Decide(nil, c, s.Now, s.Rules); err == nil {
			t.Errorf("%s was carried out on no state", story.CommandName(c))
		}
	}
}

func TestOpeningComesOnce(t *testing.T) {
	story.Opened(t).When(story.OpenConversation()).Refused("REQUEST_ID_REUSED")
}

func TestOpeningRefusesAnAgeBandUpsideDown(t *testing.T) {
	c := story.OpenConversation().(command.OpenConversation)
	c.AgeBand = &handoverv1.AgeBand{MinYears: 15, MaxYears: 13}
	if r := story.Begin(t).When(c).Refused("FIELD_INVALID"); r.Metadata["field"] != "age_band" {
		t.Errorf("the refusal says %v, want the field age_band", r.Metadata)
	}
	c.AgeBand = &handoverv1.AgeBand{MinYears: 13, MaxYears: 13}
	story.Begin(t).When(c).Gives("ConversationOpened", "CustodyOpened", "ParticipantJoined")
}

// TestAfterTheClose: the duty is still a line's to decide, and what was asked and
// answered before stays so.
func TestAfterTheClose(t *testing.T) {
	s := story.Opened(t).Given(story.Closes(story.Bullying))
	for _, c := range story.Everything() {
		switch story.CommandName(c) {
		case "RecordDuty":
			s.When(c).Gives("DutyRecorded")
		case "Advance":
			s.When(c).Gives()
		case "ClaimTicket":
			s.When(c).Refused("TICKET_INVALID")
		default:
			s.When(c).Refused(refusalAfterTheClose(c))
		}
	}
}

// refusalAfterTheClose is the reason with which a command is refused in a closed
// conversation without handovers.
func refusalAfterTheClose(c decide.Command) string {
	switch story.SideOf(c) {
	case handover.AskedLine, handover.Receiver, handover.FormerLegHolder: // what the child said may still be taken back
		return refusalOfUnknown(c)
	}
	return "CONVERSATION_CLOSED"
}

func TestOutcomeAfterTheClose(t *testing.T) {
	s := story.At(t, "AWAITING_OUTCOME").Given(story.Closes(story.Emergency))
	s.When(story.First.Report()).Gives("OutcomeReported").Stands("CLOSED UNSPECIFIED")
}

func TestEndedHandoverAfterTheClose(t *testing.T) {
	s := story.At(t, "CLOSED").Given(story.Closes(story.Emergency))
	s.When(story.First.Cancel()).Refused("CONVERSATION_CLOSED")
	s.When(story.First.Withdraw()).Refused("HANDOVER_STATE")
}
