package handover_test

import (
	"slices"
	"time"

	"pgregory.net/rapid"

	"github.com/stafett/stafett/pkg/handover"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

var everyLine = []string{bullying, emergency, mind, alcohol}

// who are the people of each line. The child is one more at the first.
var who = map[string][]string{
	bullying: {"kim", "per"}, emergency: {"ola", "eva"}, mind: {"siv", "leo"}, alcohol: {"bo", "ida"},
}

// sensible draws a command that the state of the handover allows, by the line that
// may give it, or one of everyday life.
func (w *walk) sensible() handover.Command {
	h := handover.Current(w.state.Conversation)
	custodian := w.state.Conversation.Custody.GetLine()
	everyday := []handover.Command{
		comes(custodian, w.person(custodian)), dropsOut(bullying, "child"), childComes(),
		writes(custodian, w.person(custodian), w.audience()), writes(bullying, "child", all),
		risk(custodian, w.level()), leaves(custodian, w.person(custodian)), dropsOut(custodian, w.person(custodian)),
		leaves(w.state.Conversation.LegLine, "child"),
	}
	if rapid.IntRange(0, 3).Draw(w.draw, "ticket") == 0 {
		return w.ticket(custodian)
	}
	if h == nil || handover.Ended(h) {
		if h != nil && len(handover.AllowedIn(h.State)) > 0 && rapid.Bool().Draw(w.draw, "after the end") {
			return w.fitting(h)
		}
		everyday = append(everyday, handover.ProposeHandover{Line: custodian, Candidates: w.candidates()},
			handover.ProposeHandover{Line: custodian}, handover.ProposeHandover{Line: custodian})
		return rapid.SampledFrom(everyday).Draw(w.draw, "everyday")
	}
	if rapid.IntRange(0, 4).Draw(w.draw, "kind") == 0 {
		everyday = append(everyday, comes(h.ToLine, w.person(h.ToLine)), dropsOut(h.ToLine, h.ReceiverParticipant), childComes())
		return rapid.SampledFrom(everyday).Draw(w.draw, "everyday")
	}
	return w.fitting(h)
}

// fitting draws among the commands that the handover's state allows. Those that
// end it early come seldom, so that walks come far.
func (w *walk) fitting(h *handoverv1.Handover) handover.Command {
	commands := slices.DeleteFunc(w.underWay(h).commands(), func(c handover.Command) bool {
		return !slices.Contains(handover.AllowedIn(h.State), commandName(c))
	})
	ends := []string{
		"CancelHandover", "RefuseConsent", "WithdrawConsent", "DeclineOffer", "DeferHandover", "SignpostHandover", "CallEmergency",
	}
	if rapid.IntRange(0, 4).Draw(w.draw, "end") > 0 {
		commands = slices.DeleteFunc(commands, func(c handover.Command) bool { return slices.Contains(ends, commandName(c)) })
	}
	if len(commands) == 0 {
		return w.advance()
	}
	return rapid.SampledFrom(commands).Draw(w.draw, "fitting")
}

// underWay is the newest handover with one of its offers and some of its people.
func (w *walk) underWay(h *handoverv1.Handover) drawn {
	p := pass{n: uint32(len(w.state.Conversation.Handovers)), from: h.FromLine, sender: w.person(h.FromLine), to: h.ToLine, receiver: w.person(h.ToLine)}
	d := w.varied(p)
	if n := len(h.Offers); n > 0 && h.ToLine == "" {
		d.offer = uint32(rapid.IntRange(1, n).Draw(w.draw, "offer"))
		d.to = h.Offers[d.offer-1].Line
	}
	return d
}

// drawn is a handover with what else its commands may vary in.
type drawn struct {
	pass
	offer     uint32
	scopes    []handoverv1.Scope
	decision  handoverv1.SenderDecision
	exception handoverv1.BridgeException
	start     time.Time
}

// varied draws what else commands vary in.
func (w *walk) varied(p pass) drawn {
	return drawn{
		pass: p, offer: 1, scopes: w.scopes(), start: w.now.Add(time.Hour),
		decision:  rapid.SampledFrom([]handoverv1.SenderDecision{stay, goesOn}).Draw(w.draw, "decision"),
		exception: rapid.SampledFrom([]handoverv1.BridgeException{0, 0, 0, unreachable}).Draw(w.draw, "exception"),
	}
}

// ticket draws a step of a claim ticket's: giving it out, using it, answering the
// leg. All tickets of a walk have one of two secrets.
func (w *walk) ticket(line string) handover.Command {
	secret := rapid.SampledFrom([]string{"link", "other"}).Draw(w.draw, "secret")
	to := rapid.SampledFrom([]string{line, line, emergency, mind}).Draw(w.draw, "ticket to")
	channel := rapid.SampledFrom([]handoverv1.Channel{chat, phone, sms}).Draw(w.draw, "ticket for")
	return rapid.SampledFrom([]handover.Command{
		with(with(issue(line, to), "LinkHash", hashOf(secret)), "Channel", channel),
		with(claim(to), "LinkHash", hashOf(secret)), answer(line, w.person(line)),
	}).Draw(w.draw, "ticket")
}

func (d drawn) commands() []handover.Command {
	commands := d.pass.commands()
	for i, c := range commands {
		switch c := c.(type) {
		case handover.AcknowledgeOffer, handover.AcceptOffer, handover.DeclineOffer:
			commands[i] = with(c, "Offer", d.offer)
		case handover.ConfirmCancel:
			commands[i] = with(c, "Offer", max(d.offer, 1))
		case handover.GiveConsent, handover.OverrideConsent:
			commands[i] = with(c, "Scopes", d.scopes)
		case handover.DecideHandover:
			commands[i] = with(c, "Decision", d.decision)
		case handover.DecideHop:
			commands[i] = with(c, "Approve", d.decision == goesOn)
		case handover.DeferHandover:
			commands[i] = d.deferUntil(d.start)
		case handover.OpenBridge:
			commands[i] = with(c, "Exception", d.exception)
		}
	}
	return commands
}

// any draws a command of any kind, line, handover and person: mostly nonsense.
func (w *walk) any() handover.Command {
	line := rapid.SampledFrom(everyLine).Draw(w.draw, "line")
	d := w.varied(pass{
		n: uint32(rapid.IntRange(0, 4).Draw(w.draw, "handover")), from: line, sender: w.person(line), to: line, receiver: w.person(line),
	})
	d.offer = uint32(rapid.IntRange(0, 3).Draw(w.draw, "offer"))
	person := w.person(line)
	commands := append(d.commands(), openConversation(), d.propose(), closes(line), tags(line), risk(line, w.level()),
		comes(line, person), leaves(line, person), dropsOut(line, person), writes(line, person, w.audience()),
		leaves(line, "child"), handover.JoinConversation{Line: line, Participant: person, Role: asChild},
		handover.RecordDuty{Line: line, Decision: handoverv1.DutyDecision_DUTY_DECISION_REPORTED}, w.ticket(line),
	)
	return rapid.SampledFrom(commands).Draw(w.draw, "any")
}

// person draws somebody of a line, and now and then the child.
func (w *walk) person(line string) string {
	people := slices.Concat(who[line], who[line], []string{"child"})
	return rapid.SampledFrom(people).Draw(w.draw, "person")
}

func (w *walk) audience() handoverv1.Audience {
	return rapid.SampledFrom([]handoverv1.Audience{all, counsellors}).Draw(w.draw, "audience")
}

func (w *walk) level() handoverv1.RiskLevel {
	return rapid.SampledFrom([]handoverv1.RiskLevel{handoverv1.RiskLevel_RISK_LEVEL_R1, imminent}).Draw(w.draw, "level")
}

func (w *walk) scopes() []handoverv1.Scope {
	return rapid.SampledFrom([][]handoverv1.Scope{{intro}, {intro, oneLine, feedback}, {intro, summary}, {oneLine}}).Draw(w.draw, "scopes")
}

func (w *walk) candidates() []string {
	return rapid.SampledFrom([][]string{{emergency}, {mind, alcohol}, {bullying}, nil}).Draw(w.draw, "candidates")
}
