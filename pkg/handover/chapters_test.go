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

// pass is one handover: its number, who hands over to whom, and who of them.
type pass struct {
	n                          uint32
	from, sender, to, receiver string
}

var (
	first  = pass{1, bullying, "kim", emergency, "ola"}
	second = pass{2, emergency, "ola", mind, "siv"}
	// back hands the child to the line whose door it came through.
	back = pass{2, emergency, "ola", bullying, "per"}
)

func (p pass) propose() handover.Command { return handover.ProposeHandover{Line: p.from} }
func (p pass) seal() handover.Command {
	return handover.SealPacket{Line: p.from, Handover: p.n, Part: oneLine, Commitment: make([]byte, 32), SizeBucket: 256}
}
func (p pass) ask() handover.Command {
	return handover.AskConsent{Line: p.from, Handover: p.n, Scopes: []handoverv1.Scope{intro, oneLine, feedback}}
}
func (p pass) give(scopes ...handoverv1.Scope) handover.Command {
	return handover.GiveConsent{Line: bullying, Handover: p.n, Scopes: scopes}
}
func (p pass) refuse() handover.Command {
	return handover.RefuseConsent{Line: bullying, Handover: p.n}
}
func (p pass) withdraw() handover.Command {
	return handover.WithdrawConsent{Line: bullying, Handover: p.n}
}
func (p pass) cancel() handover.Command {
	return handover.CancelHandover{Line: p.from, Handover: p.n, Reason: handoverv1.CancelReason_CANCEL_REASON_OTHER_WAY}
}
func (p pass) seen() handover.Command {
	return handover.AcknowledgeOffer{Line: p.to, Handover: p.n, Offer: 1, State: handoverv1.OfferState_OFFER_STATE_ALERTING}
}
func (p pass) accept() handover.Command { return p.acceptBy(p.to, 1) }
func (p pass) acceptBy(line string, offer uint32) handover.Command {
	return handover.AcceptOffer{Line: line, Handover: p.n, Offer: offer}
}
func (p pass) decline() handover.Command { return p.declineBy(p.to, 1) }
func (p pass) declineBy(line string, offer uint32) handover.Command {
	return handover.DeclineOffer{Line: line, Handover: p.n, Offer: offer, Code: handoverv1.DeclineCode_DECLINE_CODE_NO_CAPACITY}
}
func (p pass) join() handover.Command {
	return handover.JoinHandover{Line: p.to, Handover: p.n, Participant: p.receiver}
}
func (p pass) open() handover.Command  { return handover.OpenPacket{Line: p.to, Handover: p.n} }
func (p pass) brief() handover.Command { return handover.StartBriefing{Line: p.from, Handover: p.n} }
func (p pass) bridge() handover.Command {
	return handover.OpenBridge{Line: p.from, Handover: p.n, Participant: p.sender}
}
func (p pass) confirm() handover.Command {
	return handover.ConfirmHandover{Line: p.to, Handover: p.n, Participant: p.receiver}
}
func (p pass) agree() handover.Command {
	return handover.AgreeToHandover{Line: bullying, Handover: p.n}
}
func (p pass) attest() handover.Command {
	return handover.AttestAgreement{Line: p.from, Handover: p.n, Reason: handoverv1.AttestReason_ATTEST_REASON_CHILD_ENGAGED}
}
func (p pass) leave() handover.Command { return handover.LeaveHandover{Line: p.from, Handover: p.n} }
func (p pass) report() handover.Command {
	return handover.ReportOutcome{Line: p.to, Handover: p.n, Outcome: handoverv1.Outcome_OUTCOME_SUPPORTED}
}

// commands are those whose coming depends on the handover's state, one of each.
func (p pass) commands() []handover.Command {
	return []handover.Command{
		p.seal(), p.ask(), p.give(intro), p.refuse(), p.withdraw(), p.cancel(), p.seen(), p.accept(), p.decline(),
		p.join(), p.open(), p.brief(), p.bridge(), p.confirm(), p.agree(), p.attest(), p.leave(), p.report(),
	}
}

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

// to goes on until the handover has come to a state. It ends badly, where it
// does, in the briefing.
func (s *story) to(p pass, state handoverv1.HandoverState) *story {
	s.t.Helper()
	steps := [][]handover.Command{
		{p.propose(), p.seal()}, {p.ask()}, {p.give(intro, oneLine, feedback)}, {s.advance()}, {p.accept()},
		{p.join(), p.brief()}, {p.bridge()}, {p.confirm()}, {p.attest()}, {p.leave()}, {p.report()},
	}
	switch state {
	case handoverv1.HandoverState_HANDOVER_STATE_RETURNED:
		return s.to(p, handoverv1.HandoverState_HANDOVER_STATE_BRIEFING).given(leaves(p.to, p.receiver), s.advance())
	case handoverv1.HandoverState_HANDOVER_STATE_CANCELLED:
		return s.to(p, handoverv1.HandoverState_HANDOVER_STATE_BRIEFING).given(p.cancel())
	}
	for _, commands := range steps[:state] {
		s.given(commands...)
	}
	return s
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
