package handover_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/view"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// shown are the events of the whole history that a line is shown, as text.
func (s *story) shown(line string) string {
	var all strings.Builder
	for _, r := range s.history {
		for _, e := range view.Events(s.state, r.Commit, r.Position, line) {
			all.WriteString(e.String() + "\n")
		}
	}
	return all.String()
}

// TestTicketHashesAreNobodysToKnow, not even the line's that gave the ticket out.
func TestTicketHashesAreNobodysToKnow(t *testing.T) {
	s := at(t, "BRIDGED").given(issue(bullying, bullying))
	before := proto.CloneOf(s.history[len(s.history)-1].Commit)
	for _, line := range everyLine {
		if text := s.shown(line); strings.Contains(text, "hash:") || strings.Contains(text, "request_id:") {
			t.Errorf("%s is shown %s", line, text)
		}
	}
	equal(t, s.history[len(s.history)-1].Commit, before)
	ticket := s.view(bullying).Tickets[0]
	if ticket.ToLine != handover.LineName(bullying) {
		t.Errorf("the view shows %v", ticket)
	}
	s.shows(bullying, "TicketIssued", "TicketIssued")
	if v := s.view(emergency); v.Tickets != nil {
		t.Errorf("the receiver is shown %v", v.Tickets)
	}
	s.shows(emergency, "BridgeOpened", "BridgeOpened")
}

// TestALegIsItsLinesToKnow until it has moved.
func TestALegIsItsLinesToKnow(t *testing.T) {
	s := at(t, "BRIDGED").given(issue(bullying, bullying), claim(bullying))
	if s.view(bullying).PendingLeg == nil || s.view(emergency).PendingLeg != nil {
		t.Error("the leg that waits is shown to the wrong line")
	}
	s.given(answer(bullying, "kim"))
	s.shows(bullying, "TicketIssued", "TicketIssued", "TicketClaimed", "LegMoved")
	s.shows(emergency, "BridgeOpened", "BridgeOpened", "LegMoved")
}

// TestAlertsAreTheAlertedLines.
func TestAlertsAreTheAlertedLines(t *testing.T) {
	s := at(t, "BRIDGED").given(dropsOut(bullying, "kim")).looks()
	for range 3 {
		s.wait(15 * time.Second).looks()
	}
	s.shows(bullying, "CustodyAlerted", "CustodyAlerted", "CustodyAlerted", "CustodyAlerted", "SupervisorTold", "CustodyAlerted")
	s.shows(emergency, "ParticipantDisconnected", "ParticipantDisconnected")
	if v := s.view(bullying); v.Custody.Alerts != 4 || v.Custody.AlertDeadline == nil || len(v.SupervisorCalls) != 1 {
		t.Errorf("the line itself is shown %v and %v", v.Custody, v.SupervisorCalls)
	}
	v := s.view(emergency)
	if v.Custody.Alerts != 0 || v.Custody.AlertDeadline != nil || len(v.SupervisorCalls) > 0 || v.Custody.Line != handover.LineName(bullying) {
		t.Errorf("the receiver is shown %v and %v", v.Custody, v.SupervisorCalls)
	}
}

// TestWhatTheSenderDecidesIsItsOwn.
func TestWhatTheSenderDecidesIsItsOwn(t *testing.T) {
	s := spent(t, "BRIDGED").wait(30 * time.Second).looks().given(first.decide(goesOn))
	s.shows(emergency, "BridgeOpened", "BridgeOpened")
	s.shows(bullying, "BudgetSpent", "BudgetSpent", "SupervisorTold", "SenderDecided")
	h := s.view(emergency).Handovers[0]
	if h.Decision != 0 || h.DecisionDue || h.DecisionDeadline != nil || h.Deadlines != nil {
		t.Errorf("the receiver is shown %v", h)
	}
	decided := handover.Of(s.state.Conversation).Current()
	if h := s.view(bullying).Handovers[0]; decided.Decision == 0 || h.Decision != decided.Decision || h.DecisionDue != decided.DecisionDue || h.Routing == nil {
		t.Errorf("the sender is shown %v", h)
	}
}

// TestTheReceiverDoesNotLearnWhoOverrode, nor which supervisor agreed.
func TestTheReceiverDoesNotLearnWhoOverrode(t *testing.T) {
	s, p := third(t)
	s.given(p.approve(), p.override()).looks().given(p.accept())
	text, h := s.shown(alcohol), s.view(alcohol).Handovers[0]
	if strings.Contains(text, "chief") || h.Supervisor != "" || h.SupervisorNeeded || h.Consent.OverridePersons != nil {
		t.Errorf("the receiver is shown %s and %v", text, h)
	}
	if h.Consent.Overridden == 0 {
		t.Error("it is not shown that consent was overridden")
	}
	if text := s.shown(bullying); strings.Contains(text, "chief") {
		t.Errorf("the line that relays is shown %s", text)
	}
}

// TestTheLineThatRelays is told what the child must be, and nothing else.
func TestTheLineThatRelays(t *testing.T) {
	s := again(t, second, "CONSENT_ASKED").wait(150 * time.Second).looks().given(leaves(bullying, "child")).looks()
	s.given(childComes()).looks().given(second.give(intro)).looks().given(s.putOff(second, time.Hour))
	s.shows(bullying, "ConsentReminded", "ConsentReminded", "ParticipantLeft", "HandoverPaused",
		"ParticipantJoined", "HandoverResumed", "ConsentGiven", "HandoverDeferred")
}

// TestACancellationIsEachLinesOwn: the receiver sees its own confirmation at the
// most, and none of the others'.
func TestACancellationIsEachLinesOwn(t *testing.T) {
	s := at(t, "CANCELLED")
	s.shows(emergency, "HandoverCancelled", "HandoverCancelled")
	if v := s.view(emergency).Handovers[0]; v.CancelUnconfirmedLines != nil {
		t.Errorf("it is shown %v", v.CancelUnconfirmedLines)
	}
	s.given(first.confirmCancel()).shows(bullying, "HandoverCancelled", "HandoverCancelled", "CancelConfirmed")
}

// TestTheSenderIsToldTheOutcomeAsFarAsTheChildAllows, by events as by its view.
func TestTheSenderIsToldTheOutcomeAsFarAsTheChildAllows(t *testing.T) {
	for _, allowed := range []bool{true, false} {
		scopes := []handoverv1.Scope{intro}
		if allowed {
			scopes = append(scopes, feedback)
		}
		s := opened(t).given(first.propose(), first.ask(), first.give(scopes...)).looks().given(first.accept(), first.join(),
			first.bridge(), first.confirm(), first.attest(), first.leave(),
			with(first.report(), "Outcome", handoverv1.Outcome_OUTCOME_ONGOING))
		if told := slices.Contains(s.sees(bullying), "OutcomeReported"); told != allowed {
			t.Errorf("allowed %t: the sender is told: %t", allowed, told)
		}
		if !slices.Contains(s.sees(emergency), "OutcomeReported") {
			t.Error("the receiver does not see its own report")
		}
	}
}

// TestAFormerLineSeesItsOwnPastAlone.
func TestAFormerLineSeesItsOwnPastAlone(t *testing.T) {
	s := at(t, "AWAITING_OUTCOME").given(issue(emergency, emergency), claim(emergency), answer(emergency, "ola"))
	s.given(dropsOut(emergency, "ola")).looks()
	for range 3 {
		s.wait(15 * time.Second).looks()
	}
	v := s.view(bullying)
	if len(v.SupervisorCalls) > 0 || v.Custody.Line != "" || v.Custody.Alerts != 0 || v.Participants != nil || v.LegLine != "" {
		t.Errorf("it is shown %v", v)
	}
	s.shows(bullying, "SenderLeft", "SenderLeft", "LegMoved")
}
