package view_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/internal/story"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// TestTicketHashesAreNobodysToKnow, not even the line's that gave the ticket out.
func TestTicketHashesAreNobodysToKnow(t *testing.T) {
	s := story.At(t, "BRIDGED").Given(story.Issue(story.Bullying, story.Bullying))
	before := proto.CloneOf(s.History[len(s.History)-1].Commit)
	for _, line := range story.EveryLine {
		if text := s.Shown(line); strings.Contains(text, "hash:") || strings.Contains(text, "request_id:") {
			t.Errorf("%s is shown %s", line, text)
		}
	}
	story.Equal(t, s.History[len(s.History)-1].Commit, before)
	ticket := s.View(story.Bullying).Tickets[0]
	if ticket.ToLine != handover.LineName(story.Bullying) {
		t.Errorf("the view shows %v", ticket)
	}
	s.Shows(story.Bullying, "TicketIssued", "TicketIssued")
	if v := s.View(story.Emergency); v.Tickets != nil {
		t.Errorf("the receiver is shown %v", v.Tickets)
	}
	s.Shows(story.Emergency, "BridgeOpened", "BridgeOpened")
}

// TestALegIsItsLinesToKnow until it has moved.
func TestALegIsItsLinesToKnow(t *testing.T) {
	s := story.At(t, "BRIDGED").Given(story.Issue(story.Bullying, story.Bullying), story.Claim(story.Bullying))
	if s.View(story.Bullying).PendingLeg == nil || s.View(story.Emergency).PendingLeg != nil {
		t.Error("the leg that waits is shown to the wrong line")
	}
	s.Given(story.Answer(story.Bullying, "kim"))
	s.Shows(story.Bullying, "TicketIssued", "TicketIssued", "TicketClaimed", "LegMoved")
	s.Shows(story.Emergency, "BridgeOpened", "BridgeOpened", "LegMoved")
}

// TestAlertsAreTheAlertedLines.
func TestAlertsAreTheAlertedLines(t *testing.T) {
	s := story.At(t, "BRIDGED").Given(story.DropsOut(story.Bullying, "kim")).Looks()
	for range 3 {
		s.Wait(15 * time.Second).Looks()
	}
	s.Shows(story.Bullying, "CustodyAlerted", "CustodyAlerted", "SenderLost", "CustodyAlerted", "CustodyAlerted", "SupervisorTold", "CustodyAlerted")
	s.Shows(story.Emergency, "ParticipantDisconnected", "ParticipantDisconnected", "SenderLost")
	if v := s.View(story.Bullying); v.Custody.Alerts != 4 || v.Custody.AlertDeadline == nil || len(v.SupervisorCalls) != 1 {
		t.Errorf("the line itself is shown %v and %v", v.Custody, v.SupervisorCalls)
	}
	v := s.View(story.Emergency)
	if v.Custody.Alerts != 0 || v.Custody.AlertDeadline != nil || len(v.SupervisorCalls) > 0 || v.Custody.Line != handover.LineName(story.Bullying) {
		t.Errorf("the receiver is shown %v and %v", v.Custody, v.SupervisorCalls)
	}
}

// TestWhatTheSenderDecidesIsItsOwn.
func TestWhatTheSenderDecidesIsItsOwn(t *testing.T) {
	s := story.Spent(t, "BRIDGED").Wait(30 * time.Second).Looks().Given(story.First.Decide(story.GoesOn))
	s.Shows(story.Emergency, "BridgeOpened", "BridgeOpened")
	s.Shows(story.Bullying, "BudgetSpent", "BudgetSpent", "SupervisorTold", "SenderDecided")
	h := s.View(story.Emergency).Handovers[0]
	if h.Decision != 0 || h.DecisionDue || h.DecisionDeadline != nil || h.Deadlines != nil {
		t.Errorf("the receiver is shown %v", h)
	}
	decided := handover.Of(s.State.Conversation).Current()
	if h := s.View(story.Bullying).Handovers[0]; decided.Decision == 0 || h.Decision != decided.Decision || h.DecisionDue != decided.DecisionDue || h.Routing == nil {
		t.Errorf("the sender is shown %v", h)
	}
}

// TestTheReceiverDoesNotLearnWhoOverrode, nor which supervisor agreed.
func TestTheReceiverDoesNotLearnWhoOverrode(t *testing.T) {
	s, p := story.Third(t)
	s.Given(story.Risk(p.From, story.Serious), p.Approve(), p.Override()).Looks().Given(p.Accept())
	text, h := s.Shown(story.Alcohol), s.View(story.Alcohol).Handovers[0]
	if strings.Contains(text, "chief") || h.Supervisor != "" || h.SupervisorNeeded || h.Consent.OverridePersons != nil {
		t.Errorf("the receiver is shown %s and %v", text, h)
	}
	if h.Consent.Overridden == 0 {
		t.Error("it is not shown that consent was overridden")
	}
	if text := s.Shown(story.Bullying); strings.Contains(text, "chief") {
		t.Errorf("the line that relays is shown %s", text)
	}
}

// TestTheLineThatRelays is told what the child must be, and nothing else.
func TestTheLineThatRelays(t *testing.T) {
	s := story.Again(t, story.Second, "CONSENT_ASKED").Wait(150 * time.Second).Looks().Given(story.Leaves(story.Bullying, "child")).Looks()
	s.Given(story.ChildComes()).Looks().Given(story.Second.Give(story.Intro)).Looks().Given(s.PutOff(story.Second, time.Hour))
	s.Shows(story.Bullying, "ConsentReminded", "ConsentReminded", "ParticipantLeft", "HandoverPaused",
		"ParticipantJoined", "HandoverResumed", "ConsentGiven", "HandoverDeferred")
}

// TestACancellationIsEachLinesOwn: the receiver sees its own confirmation at the
// most, and none of the others'.
func TestACancellationIsEachLinesOwn(t *testing.T) {
	s := story.At(t, "CANCELLED")
	s.Shows(story.Emergency, "HandoverCancelled", "HandoverCancelled")
	if v := s.View(story.Emergency).Handovers[0]; v.CancelUnconfirmedLines != nil {
		t.Errorf("it is shown %v", v.CancelUnconfirmedLines)
	}
	s.Given(story.First.ConfirmCancel()).Shows(story.Bullying, "HandoverCancelled", "HandoverCancelled", "CancelConfirmed")
}

// TestTheSenderIsToldTheOutcomeAsFarAsTheChildAllows, by events as by its view.
func TestTheSenderIsToldTheOutcomeAsFarAsTheChildAllows(t *testing.T) {
	for _, allowed := range []bool{true, false} {
		scopes := []handoverv1.Scope{story.Intro}
		if allowed {
			scopes = append(scopes, story.Feedback)
		}
		s := story.Opened(t).Given(story.First.Propose(), story.First.Ask(), story.First.Give(scopes...)).Looks().Given(story.First.Accept(), story.First.Join(),
			story.First.Bridge(), story.First.Confirm(), story.First.Attest(), story.First.Leave(),
			story.With(story.First.Report(), "Outcome", handoverv1.Outcome_OUTCOME_ONGOING))
		if told := slices.Contains(s.Sees(story.Bullying), "OutcomeReported"); told != allowed {
			t.Errorf("allowed %t: the sender is told: %t", allowed, told)
		}
		if !slices.Contains(s.Sees(story.Emergency), "OutcomeReported") {
			t.Error("the receiver does not see its own report")
		}
	}
}

// TestAFormerLineSeesItsOwnPastAlone.
func TestAFormerLineSeesItsOwnPastAlone(t *testing.T) {
	s := story.At(t, "AWAITING_OUTCOME").Given(story.Issue(story.Emergency, story.Emergency), story.Claim(story.Emergency), story.Answer(story.Emergency, "ola"))
	s.Given(story.DropsOut(story.Emergency, "ola")).Looks()
	for range 3 {
		s.Wait(15 * time.Second).Looks()
	}
	v := s.View(story.Bullying)
	if len(v.SupervisorCalls) > 0 || v.Custody.Line != "" || v.Custody.Alerts != 0 || v.Participants != nil || v.LegLine != "" {
		t.Errorf("it is shown %v", v)
	}
	s.Shows(story.Bullying, "SenderLeft", "SenderLeft", "LegMoved")
}
