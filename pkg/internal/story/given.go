package story

import (
	"crypto/sha256"
	"testing"
	"time"

	"github.com/stafett/stafett/pkg/handover/command"
	"github.com/stafett/stafett/pkg/handover/decide"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// Promised is a deferral to a line that had said no to being asked at once.
func Promised(t *testing.T) *Story {
	s := At(t, "OFFERED").Given(First.Decline(), First.DeferUntil(Evening.Add(time.Hour)))
	s.Rank = Plan(Emergency)
	return s.Asked(Emergency)
}

// Spent is a handover in a state whose budget is used up.
func Spent(t *testing.T, state string) *Story {
	s := Opened(t)
	s.Rules.Live.Join, s.Rules.Live.Briefing, s.Rules.Live.Bridge = time.Hour, time.Hour, time.Hour
	s.To(First, StateOf(state)).Wait(3*time.Minute - 1)
	s.When(s.Advance()).Gives()
	s.Wait(1).When(s.Advance()).Gives("BudgetSpent")
	return s
}

// Third is a story that has been handed over twice and is to be once more.
func Third(t *testing.T) (*Story, Pass) {
	s := Again(t, Second, "CLOSED").Wait(time.Hour)
	p := Pass{3, Mind, "siv", Alcohol, "bo"}
	s.Rank = Plan(Alcohol)
	s.Given(p.Propose()).Stands("PROPOSED SUPERVISOR 5m0s")
	return s, p
}

func ConfirmCancelBy(line string, offer uint32) decide.Command {
	return command.ConfirmCancel{Line: line, Handover: 1, Offer: offer}
}

const ChatName = "conversations/" + Conversation

func (p Pass) DeliveredTo(line string, offer uint32) decide.Command {
	return With(p.SeenBy(line, offer), "State", handoverv1.OfferState_OFFER_STATE_DELIVERED)
}

const (
	Serious  = handoverv1.RiskLevel_RISK_LEVEL_R3
	Imminent = handoverv1.RiskLevel_RISK_LEVEL_R4
)

// Routed is a story whose child said yes to a handover at this risk; the plan is
// these lines.
func Routed(t *testing.T, level handoverv1.RiskLevel, lines ...string) *Story {
	s := Opened(t).Given(Risk(Bullying, level))
	s.Rank = Plan(lines...)
	return s.To(First, StateOf("ROUTING"))
}

func CommitmentOf(c decide.Command) []byte { return c.(command.SealPacket).Commitment }

func Tags(line string) decide.Command {
	return command.TagConversation{Line: line, Add: []string{"V.physical"}, Recommend: Recommend(&handoverv1.Recommendation{})}
}

const Day = 24 * time.Hour

// Slowly is a story in sms or e-mail whose first handover has come to a state.
func Slowly(t *testing.T, channel handoverv1.Channel, state string) *Story {
	return Begin(t).Given(Opening(channel), Comes(Bullying, "kim")).To(First, StateOf(state))
}

func HashOf(secret string) []byte {
	sum := sha256.Sum256([]byte(secret))
	return sum[:]
}

func Issue(line, to string) decide.Command {
	return command.IssueTicket{Line: line, ToLine: to, Channel: Phone, LinkHash: HashOf("link"), DigitsHash: HashOf("digits"), RequestID: RequestID(1)}
}

func Claim(line string) decide.Command {
	return command.ClaimTicket{Line: line, LinkHash: HashOf("link")}
}

func Answer(line, who string) decide.Command {
	return command.AnswerLeg{Line: line, Participant: who}
}

func Tag(add, remove []string, r *handoverv1.Recommendation) decide.Command {
	return command.TagConversation{Line: Bullying, Add: add, Remove: remove, TaxonomyVersion: "1", Recommend: Recommend(r)}
}

// Viewed has everything that a view may hide: tags, a duty record of each line,
// a line that declined, and two handovers.
func Viewed(t *testing.T) *Story {
	duty := func(line string) decide.Command {
		return command.RecordDuty{Line: line, Decision: handoverv1.DutyDecision_DUTY_DECISION_WILL_REPORT}
	}
	p := Pass{1, Bullying, "kim", Mind, "siv"}
	s := Opened(t).Given(Tags(Bullying), duty(Bullying)).To(First, StateOf("OFFERED")).Given(First.Decline(),
		p.AcceptBy(Mind, 2), p.Join(), p.Bridge(), p.Confirm(), p.Attest(), p.Leave(), p.Report(), duty(Mind))
	s.Rank = Plan(Alcohol)
	return s.To(Pass{2, Mind, "siv", Alcohol, "bo"}, StateOf("OFFERED"))
}
