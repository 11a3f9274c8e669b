package page

import (
	"slices"
	"strconv"
	"strings"

	"github.com/stafett/stafett/pkg/handover"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
)

type state = handoverv1.HandoverState

// Step names what the person can do about a handover now: a part of steps.html.
func (c Conversation) Step() string {
	h := c.handover
	sender, receiver := h.GetFromLine() == c.Us, h.GetToLine() == c.Us
	switch {
	case !c.Closed.IsZero():
		return ""
	case sender && steps[h.State][0] != "":
		return c.joined(steps[h.State][0])
	case receiver && steps[h.State][1] != "":
		return c.joined(steps[h.State][1])
	case c.Ours():
		return "choose"
	}
	return ""
}

// steps are what the sender and the receiver see in each state.
var steps = map[state][2]string{
	handoverv1.HandoverState_HANDOVER_STATE_PROPOSED:         {"word", ""},
	handoverv1.HandoverState_HANDOVER_STATE_CONSENT_ASKED:    {"asked", ""},
	handoverv1.HandoverState_HANDOVER_STATE_ROUTING:          {"asking", ""},
	handoverv1.HandoverState_HANDOVER_STATE_OFFERED:          {"asking", ""},
	handoverv1.HandoverState_HANDOVER_STATE_ACCEPTED:         {"accepted", "join"},
	handoverv1.HandoverState_HANDOVER_STATE_BRIEFING:         {"joined", "receiving"},
	handoverv1.HandoverState_HANDOVER_STATE_BRIDGED:          {"bridged", "have_it"},
	handoverv1.HandoverState_HANDOVER_STATE_CONFIRMING:       {"confirming", "confirmed"},
	handoverv1.HandoverState_HANDOVER_STATE_TRANSFERRED:      {"leave", "overlap"},
	handoverv1.HandoverState_HANDOVER_STATE_AWAITING_OUTCOME: {"waits", "outcome"},
}

// joined: once the receiver is in the room, both may go on.
func (c Conversation) joined(step string) string {
	switch {
	case step == "accepted" && c.handover.ReceiverParticipant != "":
		return "joined"
	case step == "join" && c.in():
		return "receiving"
	default:
		return step
	}
}

// Handover is the name of the current handover.
func (c Conversation) Handover() string { return c.handover.GetName() }

// CanBrief: the counsellors can still talk to each other first.
func (c Conversation) CanBrief() bool {
	return c.handover.GetState() == handoverv1.HandoverState_HANDOVER_STATE_ACCEPTED
}

// CanCancel: the sender can still call it off.
func (c Conversation) CanCancel() bool {
	switch c.Step() {
	case "word", "asked", "asking", "accepted", "joined", "bridged":
		return c.in()
	}
	return false
}

// Left is how many seconds the next one to act has.
func (c Conversation) Left() int {
	if c.Step() == "" || c.Step() == "choose" || c.Step() == "waits" || c.Step() == "outcome" {
		return 0
	}
	return c.secondsTo(c.handover.GetDeadline())
}

// Other is the other line of the handover.
func (c Conversation) Other() string {
	if c.handover.GetFromLine() == c.Us {
		return c.Desk.Name(c.handover.GetToLine())
	}
	return c.Desk.Name(c.handover.GetFromLine())
}

// Asking names the lines that are being asked.
func (c Conversation) Asking() string {
	var asked []string
	for _, o := range c.handover.GetOffers() {
		if handover.OfferOpen(o.State) {
			asked = append(asked, c.Desk.Name(o.Line))
		}
	}
	if asked == nil {
		return c.Staff("asking_next")
	}
	return c.Staff("asking", strings.Join(asked, ", "))
}

// Returned says why a handover came back.
func (c Conversation) Returned() string {
	if h := c.handover; h.GetState() == handoverv1.HandoverState_HANDOVER_STATE_RETURNED && h.FromLine == c.Us {
		return c.Staff("returned", c.Code(h.ReturnReason))
	}
	return ""
}

// DecisionDue: the sender must decide now.
func (c Conversation) DecisionDue() bool { return c.handover.GetDecisionDue() && c.Ours() }

func (c Conversation) StayAsked() bool { return c.handover.GetStayAsked() }

// Outcome is how a handover went, once that is known.
func (c Conversation) Outcome() string {
	if c.handover.GetOutcome() == 0 {
		return ""
	}
	return c.Staff("outcome_was", c.Code(c.handover.Outcome))
}

// CanReport: the receiver owes an outcome, and the child has agreed that it goes back.
func (c Conversation) CanReport() bool {
	agreed := c.handover.GetConsent()
	return c.handover.GetOutcome() == 0 && c.handover.GetToLine() == c.Us && !agreed.GetWithdrawn() &&
		slices.Contains(agreed.GetGiven(), handoverv1.Scope_SCOPE_FEEDBACK_OUTCOME)
}

func (c Conversation) Outcomes() Choice {
	return codes(c.Language, "outcome", handoverv1.Outcome(0), 9)
}
func (c Conversation) Attests() Choice {
	return codes(c.Language, "reason", handoverv1.AttestReason(0))
}
func (c Conversation) Cancels() Choice {
	return codes(c.Language, "reason", handoverv1.CancelReason(0))
}

// Crosses is exactly what the child is shown, and what crosses if it says yes.
func (c Conversation) Crosses() (all []Labelled) {
	for _, d := range c.Shown() {
		all = append(all, Labelled{c.Code(d.Scope), d.Text})
	}
	return all
}

// Overrides are the reasons for going on without the child's yes: where its life or health is in danger.
func (c Conversation) Overrides() Choice {
	switch c.View.Conversation.GetAssessment().GetRisk() {
	case handoverv1.RiskLevel_RISK_LEVEL_R3, handoverv1.RiskLevel_RISK_LEVEL_R4:
		return codes(c.Language, "code", handoverv1.OverrideCode(0))
	}
	return Choice{}
}

// Colleagues are those who can be asked to sign.
func (c Conversation) Colleagues() Choice {
	choice := Choice{Name: "second"}
	for _, p := range c.Everybody {
		if p.ID != c.Person.ID {
			choice.Options = append(choice.Options, Option{Value: p.ID, Label: p.Name})
		}
	}
	return choice
}

// OverrideWaits says who was asked to sign for this handover.
func (c Conversation) OverrideWaits() string {
	for _, s := range c.Asked {
		if s.Key == c.Handover() && s.Key != "" {
			return c.Staff("override_waits", c.colleague(s.For))
		}
	}
	return ""
}

// colleague is the name of one of the line's people.
func (d Desk) colleague(id string) string {
	for _, p := range d.Everybody {
		if p.ID == id {
			return p.Name
		}
	}
	return id
}

// decision is where candidates come from: what somebody looked for, or what the platform recommends.
func (c Conversation) decision() *routingv1.RoutingDecision {
	if c.Found != nil {
		return c.Found
	}
	return c.View.Conversation.GetAssessment().GetRecommendation().GetDecision()
}

// CanPropose: the person may prepare a handover.
func (c Conversation) CanPropose() bool { return c.in() && c.Ours() }

// Recommended says that the platform recommends a handover, and why.
func (c Conversation) Recommended() string {
	made := c.View.Conversation.GetAssessment().GetRecommendation()
	if made.GetReason() == 0 {
		return ""
	}
	return c.Staff("recommended", c.Code(made.Reason))
}

// Candidate is a line that could take over, with the reasons for and against it.
type Candidate struct {
	Line, Name, Why, But, Not string
	Possible                  bool
}

// Candidates are the lines by rank.
func (c Conversation) Candidates() (all []Candidate) {
	for _, one := range c.decision().GetCandidates() {
		row := Candidate{Line: one.Line, Name: c.Desk.Name(one.Line), Possible: len(one.Failed) == 0 && c.CanPropose()}
		row.Why = c.reasons("why", worded(c, one.Preferences))
		row.But = c.reasons("but", worded(c, one.Warnings))
		row.Not = c.reasons("why_not", worded(c, one.Failed))
		all = append(all, row)
	}
	return all
}

// Several: more than one line can be asked.
func (c Conversation) Several() bool {
	n := 0
	for _, one := range c.Candidates() {
		if one.Possible {
			n++
		}
	}
	return n > 1
}

func worded[E interface {
	~int32
	handoverv1.Verdict | handoverv1.Preference
}](c Conversation, reasons []E) (all []string) {
	for _, r := range reasons {
		switch reason := any(r).(type) {
		case handoverv1.Verdict:
			all = append(all, c.Code(reason))
		case handoverv1.Preference:
			all = append(all, c.Code(reason))
		}
	}
	return all
}

func (c Conversation) reasons(key string, all []string) string {
	if len(all) == 0 {
		return ""
	}
	return c.Staff(key, strings.Join(all, "; "))
}

// OtherLines are counted with what stands against all of them.
func (c Conversation) OtherLines() (all []string) {
	for _, group := range c.decision().GetOthers() {
		all = append(all, c.Staff("others_not", strconv.Itoa(int(group.Count)), strings.Join(worded(c, group.Failed), "; ")))
	}
	return all
}
