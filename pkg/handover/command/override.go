package command

import (
	"fmt"
	"slices"
	"strings"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/decide"
	"github.com/stafett/stafett/pkg/handover/persons"
	"github.com/stafett/stafett/pkg/refusal"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
)

// OverrideConsent lets two people of the sender's line go on without the child's
// consent, for a vital interest. An override never lets the transcript cross.
type OverrideConsent struct {
	Line     string
	Handover uint32
	Code     handoverv1.OverrideCode
	// Participant is the counsellor who is with the child.
	Participant string
	// SecondPerson is another person at the line, who need not be in the conversation.
	SecondPerson string
	Scopes       []handoverv1.Scope
	Signed       persons.Signed
}

func overrideConsent(o decide.Origin, lines handover.Directory, r *intakev1.OverrideConsentRequest) OverrideConsent {
	return OverrideConsent{
		Line: o.Line, Handover: o.At.Handover, Code: r.Code,
		Participant: r.Participant, SecondPerson: r.SecondPerson, Scopes: r.Scopes, Signed: persons.Of("OverrideConsent", lines.Staff, r),
	}
}

func (c OverrideConsent) Decide(t *decide.Turn) error {
	h, err := t.Handover(c.Line, c.Handover)
	if err != nil {
		return err
	}
	if err := requireHopApproved(h); err != nil {
		return err
	}
	if err := mayOverride(t, c); err != nil {
		return err
	}
	proof, err := c.Signed.Require(t, persons.Wanted{Line: c.Line, First: c.Participant, Second: c.SecondPerson})
	if err != nil {
		return err
	}
	t.Emit(&eventv1.ConsentOverridden{
		Handover: h.Number(), Code: c.Code, Participant: c.Participant, SecondPerson: c.SecondPerson, Scopes: c.Scopes, Parts: h.PartsWithin(c.Scopes), Risk: t.Conversation.Assessment.GetRisk(), Persons: proof,
		Deadline: t.In(t.Rules.Routing), BudgetDeadline: t.In(t.Rules.Times(h).Budget),
	})
	return nil
}

// overridable is what may cross without the child's own yes.
var overridable = []handoverv1.Scope{handoverv1.Scope_SCOPE_INTRO, handoverv1.Scope_SCOPE_CODES, handoverv1.Scope_SCOPE_ONE_LINE}

func mayOverride(t *decide.Turn, c OverrideConsent) error {
	if err := requireIntro(c.Scopes); err != nil {
		return err
	}
	if err := requireDanger(t); err != nil {
		return err
	}
	wide := slices.IndexFunc(c.Scopes, func(s handoverv1.Scope) bool { return !slices.Contains(overridable, s) })
	if wide >= 0 {
		return decide.OutsideConsent(c.Scopes[wide], "without the child's own yes only INTRO, CODES and ONE_LINE cross; leave out the rest")
	}
	return t.RequireCounsellor(c.Line, c.Participant)
}

// requireDanger refuses unless the child's risk was assessed R3 or R4.
func requireDanger(t *decide.Turn) error {
	if t.Conversation.InDanger() {
		return nil
	}
	risk := strings.TrimPrefix(t.Conversation.Assessment.GetRisk().String(), "RISK_LEVEL_")
	return refusal.Field("code", fmt.Sprintf("the assessed risk is %s; only at R3 or R4 a line may go on without the child's yes", risk))
}

// DecideHop records a supervisor's decision whether a conversation at its hop limit may
// be handed over once more.
type DecideHop struct {
	Line     string
	Handover uint32
	// Supervisor is a person at the line who is not in the conversation.
	Supervisor string
	Approve    bool
	Signed     persons.Signed
}

func decideHop(o decide.Origin, lines handover.Directory, r *routingv1.DecideHopRequest) DecideHop {
	return DecideHop{
		Line: o.Line, Handover: o.At.Handover, Supervisor: r.Supervisor, Approve: r.Approve, Signed: persons.Of("DecideHop", lines.Staff, r),
	}
}

func (c DecideHop) Decide(t *decide.Turn) error {
	h, err := t.Handover(c.Line, c.Handover)
	if err != nil {
		return err
	}
	if !h.AwaitsSupervisor() {
		return nothingToDecide(h, "it needs no supervisor")
	}
	proof, err := c.Signed.Require(t, persons.Wanted{Line: c.Line, Second: c.Supervisor, Supervisor: true})
	if err != nil {
		return err
	}
	if !c.Approve {
		t.GiveBack(h, handoverv1.ReturnReason_RETURN_REASON_HOP_LIMIT)
		return nil
	}
	t.Emit(&eventv1.HopApproved{Handover: h.Number(), Supervisor: c.Supervisor, Persons: proof, Deadline: t.DraftEnds(h.Deadlines, h.Header)})
	return nil
}

// requireHopApproved refuses to go on until a required supervisor has agreed. At imminent risk the
// handover goes on to emergency lines, and the supervisor was told.
func requireHopApproved(h handover.Handover) error {
	if !h.Held() {
		return nil
	}
	return refusal.HopLimit(fmt.Sprintf("%s would be transfer %d of the conversation; a supervisor must approve it with DecideHop first", h.Name, h.Hop),
		"handover", h.Name, "hop", fmt.Sprint(h.Hop))
}

func nothingToDecide(h handover.Handover, why string) error {
	return refusal.NothingToDecide(fmt.Sprintf("no decision about %s is due: %s", h.Name, why), "handover", h.Name)
}
