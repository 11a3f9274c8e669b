package story

import (
	"reflect"
	"testing"
	"time"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/command"
	"github.com/stafett/stafett/pkg/handover/decide"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	statev1 "github.com/stafett/stafett/proto/stafett/state/v1"
)

// The chapters of which stories are made.

const (
	Conversation = "0123456789abcdef0123456789abcdef"
	Bullying     = "snakkommobbing"
	Emergency    = "alarmtelefonen"
	Mind         = "snakkompsyken"
	Alcohol      = "brus"

	Chat  = handoverv1.Channel_CHANNEL_CHAT
	Phone = handoverv1.Channel_CHANNEL_PHONE
	Sms   = handoverv1.Channel_CHANNEL_SMS

	Email = handoverv1.Channel_CHANNEL_EMAIL

	AsChild      = handoverv1.Role_ROLE_CHILD
	asCounsellor = handoverv1.Role_ROLE_COUNSELLOR

	All         = handoverv1.Audience_AUDIENCE_ALL
	Counsellors = handoverv1.Audience_AUDIENCE_COUNSELLORS

	Intro    = handoverv1.Scope_SCOPE_INTRO
	Codes    = handoverv1.Scope_SCOPE_CODES
	OneLine  = handoverv1.Scope_SCOPE_ONE_LINE
	Summary  = handoverv1.Scope_SCOPE_SUMMARY
	Feedback = handoverv1.Scope_SCOPE_FEEDBACK_OUTCOME
)

// slow are the channels in which answers take hours.
var slow = map[handoverv1.Channel]bool{Sms: true, Email: true}

func OpenConversation() decide.Command { return Opening(Chat) }
func Opening(channel handoverv1.Channel) decide.Command {
	return command.OpenConversation{
		Conversation: handover.ConversationName(Conversation), Line: Bullying, Channel: channel,
		Language: "nb", AgeBand: &handoverv1.AgeBand{MinYears: 13, MaxYears: 15}, Area: "NO-03", Child: "child",
	}
}
func Comes(line, who string) decide.Command {
	return command.JoinConversation{Line: line, Participant: who, Role: asCounsellor}
}
func Leaves(line, who string) decide.Command {
	return command.LeaveConversation{Line: line, Participant: who}
}
func DropsOut(line, who string) decide.Command {
	return command.DisconnectParticipant{Line: line, Participant: who}
}
func ChildComes() decide.Command {
	return command.JoinConversation{Line: Bullying, Participant: "child", Role: AsChild}
}

// Corrects says that the child talks another language.
func Corrects(line, language string) decide.Command {
	return command.CorrectConversation{Line: line, Language: language, Fields: []handoverv1.DescriptionField{handoverv1.DescriptionField_DESCRIPTION_FIELD_LANGUAGE}}
}

func Risk(line string, level handoverv1.RiskLevel) decide.Command {
	return command.AssessRisk{Line: line, Level: level}
}
func Writes(line, who string, audience handoverv1.Audience) decide.Command {
	return command.SendMessage{Line: line, Participant: who, Audience: audience, Commitment: make([]byte, 32), SizeBucket: 256}
}
func CallsHelp(line, who string) decide.Command {
	return command.CallEmergency{Line: line, Service: handoverv1.EmergencyService_EMERGENCY_SERVICE_POLICE, Participant: who}
}
func HelpCame(line, who string) decide.Command {
	return command.ConfirmEmergency{Line: line, Participant: who}
}
func Mistaken(line, who, second string) decide.Command {
	return command.EndEmergency{Line: line, Participant: who, SecondPerson: second, Reason: handoverv1.EmergencyEnd_EMERGENCY_END_MISTAKEN}
}
func Searches(line, who string) decide.Command {
	return command.DecideDisappearance{Line: line, Participant: who, Decision: handoverv1.DisappearanceDecision_DISAPPEARANCE_DECISION_SEARCH}
}
func Closes(line string) decide.Command {
	return command.CloseConversation{Line: line, Reason: handoverv1.CloseReason_CLOSE_REASON_FINISHED}
}

// opened: a child came through a line's door and a counsellor is there.
func Opened(t *testing.T) *Story { return Begin(t).Given(OpenConversation(), Comes(Bullying, "kim")) }

// toEnd goes on until the handover has ended badly: in the briefing where it was
// accepted, and while lines are asked where it was not.
func (s *Story) toEnd(p Pass, state string) *Story {
	s.t.Helper()
	switch state {
	case "DEFERRED":
		return s.To(p, StateOf("OFFERED")).Given(s.PutOff(p, time.Hour))
	case "SIGNPOSTED":
		return s.To(p, StateOf("OFFERED")).Given(p.Signpost())
	case "REVERSED":
		return s.To(p, StateOf("TRANSFERRED")).Given(p.AskToStay(), p.TakeBack(ChildAsked))
	}
	switch s.To(p, StateOf("BRIEFING")); state {
	case "RETURNED":
		s.Given(Leaves(p.To, p.Receiver), s.Advance())
	case "CANCELLED":
		s.Given(p.Cancel())
	case "CANCEL_CONFIRMED":
		s.Given(p.Cancel(), p.ConfirmCancel())
	case "ABANDONED":
		s.Given(Leaves(Bullying, "child"), s.Advance()).Wait(15 * time.Minute).Given(s.Advance())
	}
	return s
}

// To goes on until the handover has come to a state.
func (s *Story) To(p Pass, state handoverv1.HandoverState) *Story {
	s.t.Helper()
	steps := [][]decide.Command{
		{p.Propose(), p.Seal()}, {p.Ask()}, {p.Give(Intro, OneLine, Feedback)}, {s.Advance()}, {p.Accept()},
		{p.Join(), p.Brief()}, {p.Bridge()}, {p.Confirm()}, {p.Attest()}, {p.Leave()}, {p.Report()},
	}
	if state > StateOf("CLOSED") {
		return s.toEnd(p, Short(state))
	}
	for i, commands := range steps[:state] {
		s.Given(commands...)
		if bridged := i == 6; bridged && slow[s.State.Conversation.Channel] {
			s.Given(s.Words(p)...)
		}
	}
	return s
}

// Words are one message to all by each who must be in the bridge.
func (s *Story) Words(p Pass) []decide.Command {
	return []decide.Command{
		Writes(p.From, p.Sender, All), Writes(p.To, p.Receiver, All), Writes(s.State.Conversation.LegLine, "child", All),
	}
}

// At is a story whose first handover has come to a state.
func At(t *testing.T, state string) *Story { return Opened(t).To(First, StateOf(state)) }

// Again is a story whose first handover has closed and whose next has come to a state.
func Again(t *testing.T, p Pass, state string) *Story {
	s := At(t, "CLOSED").Wait(time.Hour)
	s.Rank = Plan(p.To)
	return s.To(p, StateOf(state))
}

func StateOf(name string) handoverv1.HandoverState {
	return handoverv1.HandoverState(handoverv1.HandoverState_value["HANDOVER_STATE_"+name])
}

// Plan ranks lines in this order, and says of a last one that it is closed.
func Plan(lines ...string) func(*statev1.Conversation) *handoverv1.RoutingDecision {
	return func(c *statev1.Conversation) *handoverv1.RoutingDecision {
		decision := &handoverv1.RoutingDecision{RulesVersion: "test/1"}
		for i, line := range lines {
			decision.Candidates = append(decision.Candidates, &handoverv1.Candidate{Line: line, Score: int32(len(lines) - i), Emergency: line == Emergency})
		}
		decision.Candidates = append(decision.Candidates, &handoverv1.Candidate{
			Line: "kors-paa-halsen", Failed: []handoverv1.Verdict{handoverv1.Verdict_VERDICT_CLOSED},
		})
		return decision
	}
}

// By is the same command from another line.
func By(line string, c decide.Command) decide.Command { return With(c, "Line", line) }

// Of is the same command about another handover.
func Of(n uint32, c decide.Command) decide.Command { return With(c, "Handover", n) }

func With(c decide.Command, field string, value any) decide.Command {
	changed := reflect.New(reflect.TypeOf(c)).Elem()
	changed.Set(reflect.ValueOf(c))
	changed.FieldByName(field).Set(reflect.ValueOf(value))
	return changed.Interface().(decide.Command)
}
