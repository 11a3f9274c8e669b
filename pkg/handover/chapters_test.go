package handover_test

import (
	"reflect"
	"testing"
	"time"

	"github.com/stafett/stafett/pkg/handover"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// The chapters of which stories are made.

const (
	conversation = "0123456789abcdef0123456789abcdef"
	bullying     = "snakkommobbing"
	emergency    = "alarmtelefonen"
	mind         = "snakkompsyken"
	alcohol      = "brus"

	chat  = handoverv1.Channel_CHANNEL_CHAT
	phone = handoverv1.Channel_CHANNEL_PHONE
	sms   = handoverv1.Channel_CHANNEL_SMS

	email = handoverv1.Channel_CHANNEL_EMAIL

	asChild      = handoverv1.Role_ROLE_CHILD
	asCounsellor = handoverv1.Role_ROLE_COUNSELLOR

	all         = handoverv1.Audience_AUDIENCE_ALL
	counsellors = handoverv1.Audience_AUDIENCE_COUNSELLORS

	intro    = handoverv1.Scope_SCOPE_INTRO
	codes    = handoverv1.Scope_SCOPE_CODES
	oneLine  = handoverv1.Scope_SCOPE_ONE_LINE
	summary  = handoverv1.Scope_SCOPE_SUMMARY
	feedback = handoverv1.Scope_SCOPE_FEEDBACK_OUTCOME
)

// slow are the channels in which answers take hours.
var slow = map[handoverv1.Channel]bool{sms: true, email: true}

func openConversation() handover.Command { return opening(chat) }
func opening(channel handoverv1.Channel) handover.Command {
	return handover.OpenConversation{
		Conversation: handover.ConversationName(conversation), Line: bullying, Channel: channel,
		Language: "nb", AgeBand: &handoverv1.AgeBand{MinYears: 13, MaxYears: 15}, Area: "NO-03", Child: "child",
	}
}
func comes(line, who string) handover.Command {
	return handover.JoinConversation{Line: line, Participant: who, Role: asCounsellor}
}
func leaves(line, who string) handover.Command {
	return handover.LeaveConversation{Line: line, Participant: who}
}
func dropsOut(line, who string) handover.Command {
	return handover.DisconnectParticipant{Line: line, Participant: who}
}
func childComes() handover.Command {
	return handover.JoinConversation{Line: bullying, Participant: "child", Role: asChild}
}
func risk(line string, level handoverv1.RiskLevel) handover.Command {
	return handover.AssessRisk{Line: line, Level: level}
}
func writes(line, who string, audience handoverv1.Audience) handover.Command {
	return handover.SendMessage{Line: line, Participant: who, Audience: audience, Commitment: make([]byte, 32), SizeBucket: 256}
}
func closes(line string) handover.Command {
	return handover.CloseConversation{Line: line, Reason: handoverv1.CloseReason_CLOSE_REASON_FINISHED}
}

// opened: a child came through a line's door and a counsellor is there.
func opened(t *testing.T) *story { return begin(t).given(openConversation(), comes(bullying, "kim")) }

// toEnd goes on until the handover has ended badly: in the briefing where it was
// accepted, and while lines are asked where it was not.
func (s *story) toEnd(p pass, state string) *story {
	s.t.Helper()
	switch state {
	case "DEFERRED":
		return s.to(p, stateOf("OFFERED")).given(s.putOff(p, time.Hour))
	case "SIGNPOSTED":
		return s.to(p, stateOf("OFFERED")).given(p.signpost())
	}
	switch s.to(p, stateOf("BRIEFING")); state {
	case "RETURNED":
		s.given(leaves(p.to, p.receiver), s.advance())
	case "CANCELLED":
		s.given(p.cancel())
	case "CANCEL_CONFIRMED":
		s.given(p.cancel(), p.confirmCancel())
	case "ABANDONED":
		s.given(leaves(bullying, "child"), s.advance()).wait(15 * time.Minute).given(s.advance())
	case "EMERGENCY":
		s.given(p.callEmergency())
	}
	return s
}

// to goes on until the handover has come to a state.
func (s *story) to(p pass, state handoverv1.HandoverState) *story {
	s.t.Helper()
	steps := [][]handover.Command{
		{p.propose(), p.seal()}, {p.ask()}, {p.give(intro, oneLine, feedback)}, {s.advance()}, {p.accept()},
		{p.join(), p.brief()}, {p.bridge()}, {p.confirm()}, {p.attest()}, {p.leave()}, {p.report()},
	}
	if state > stateOf("CLOSED") {
		return s.toEnd(p, short(state))
	}
	for i, commands := range steps[:state] {
		s.given(commands...)
		if bridged := i == 6; bridged && slow[s.state.Conversation.Channel] {
			s.given(s.words(p)...)
		}
	}
	return s
}

// words are one message to all by each who must be in the bridge.
func (s *story) words(p pass) []handover.Command {
	return []handover.Command{
		writes(p.from, p.sender, all), writes(p.to, p.receiver, all), writes(s.state.Conversation.LegLine, "child", all),
	}
}

// at is a story whose first handover has come to a state.
func at(t *testing.T, state string) *story { return opened(t).to(first, stateOf(state)) }

// again is a story whose first handover has closed and whose next has come to a state.
func again(t *testing.T, p pass, state string) *story {
	s := at(t, "CLOSED").wait(time.Hour)
	s.rank = plan(p.to)
	return s.to(p, stateOf(state))
}

func stateOf(name string) handoverv1.HandoverState {
	return handoverv1.HandoverState(handoverv1.HandoverState_value["HANDOVER_STATE_"+name])
}

// plan ranks lines in this order, and says of a last one that it is closed.
func plan(lines ...string) func(*handoverv1.Conversation) *handoverv1.RoutingDecision {
	return func(c *handoverv1.Conversation) *handoverv1.RoutingDecision {
		decision := &handoverv1.RoutingDecision{RulesVersion: "test/1"}
		for i, line := range lines {
			decision.Candidates = append(decision.Candidates, &handoverv1.Candidate{Line: line, Score: int32(len(lines) - i)})
		}
		decision.Candidates = append(decision.Candidates, &handoverv1.Candidate{
			Line: "kors-paa-halsen", Failed: []handoverv1.Verdict{handoverv1.Verdict_VERDICT_CLOSED},
		})
		return decision
	}
}

// by is the same command from another line.
func by(line string, c handover.Command) handover.Command { return with(c, "Line", line) }

// of is the same command about another handover.
func of(n uint32, c handover.Command) handover.Command { return with(c, "Handover", n) }

func with(c handover.Command, field string, value any) handover.Command {
	changed := reflect.New(reflect.TypeOf(c)).Elem()
	changed.Set(reflect.ValueOf(c))
	changed.FieldByName(field).Set(reflect.ValueOf(value))
	return changed.Interface().(handover.Command)
}
