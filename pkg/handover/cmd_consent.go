package handover

import (
	"fmt"
	"slices"
	"strings"
	"time"

	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// AskConsent: the sender asks the child.
type AskConsent struct {
	Line     string
	Handover uint32
	Scopes   []handoverv1.Scope
}

func (c AskConsent) decide(t *turn) error {
	h, err := t.sending(c.Line, c.Handover, "AskConsent")
	if err != nil {
		return err
	}
	if err := withIntro(c.Scopes); err != nil {
		return err
	}
	if err := t.childThere(); err != nil {
		return err
	}
	t.emit(&eventv1.ConsentAsked{Handover: t.number(h), Scopes: c.Scopes, Deadline: t.in(t.rules.Consent)})
	return nil
}

// GiveConsent: the child says yes, to what was asked or to less.
type GiveConsent struct {
	Line     string
	Handover uint32
	Scopes   []handoverv1.Scope
}

func (c GiveConsent) decide(t *turn) error {
	h, err := t.ofChild(c.Line, c.Handover, "GiveConsent")
	if err != nil {
		return err
	}
	if err := t.childThere(); err != nil {
		return err
	}
	if err := withIntro(c.Scopes); err != nil {
		return err
	}
	for _, scope := range c.Scopes {
		if !slices.Contains(h.Consent.Asked, scope) {
			return outsideConsent(scope, "the child was not asked about it")
		}
	}
	t.emit(&eventv1.ConsentGiven{
		Handover: t.number(h), Scopes: c.Scopes,
		Deadline: t.in(t.rules.Routing), BudgetDeadline: t.in(t.budget(h)),
	})
	return nil
}

func (t *turn) budget(h *handoverv1.Handover) time.Duration {
	if imminent(h) {
		return t.rules.BudgetImminent
	}
	return t.rules.Budget
}

func imminent(h *handoverv1.Handover) bool {
	return h.Header.GetRisk() == handoverv1.RiskLevel_RISK_LEVEL_R4
}

// RefuseConsent: the child says no. The routing service then returns the
// handover to the sender.
type RefuseConsent struct {
	Line     string
	Handover uint32
}

func (c RefuseConsent) decide(t *turn) error {
	h, err := t.ofChild(c.Line, c.Handover, "RefuseConsent")
	if err != nil {
		return err
	}
	t.emit(&eventv1.ConsentRefused{Handover: t.number(h)})
	return nil
}

// WithdrawConsent: the child takes its yes back. The routing service then
// returns the handover to the sender.
type WithdrawConsent struct {
	Line     string
	Handover uint32
}

func (c WithdrawConsent) decide(t *turn) error {
	h, err := t.ofChild(c.Line, c.Handover, "WithdrawConsent")
	if err != nil {
		return err
	}
	t.emit(&eventv1.ConsentWithdrawn{Handover: t.number(h)})
	return nil
}

// noLonger says whether the child has said no, or taken its yes back.
func noLonger(h *handoverv1.Handover) bool { return h.Consent.Refused || h.Consent.Withdrawn }

// consented refuses to go on without the child.
func consented(h *handoverv1.Handover) error {
	if noLonger(h) {
		return outsideConsent(handoverv1.Scope_SCOPE_INTRO, "the child has said no; the handover is being returned")
	}
	return nil
}

func withIntro(scopes []handoverv1.Scope) error {
	if !slices.Contains(scopes, handoverv1.Scope_SCOPE_INTRO) {
		return refuseField("scopes", "INTRO is missing; nobody can be introduced without it, so add it")
	}
	return nil
}

func outsideConsent(scope handoverv1.Scope, why string) error {
	name := strings.TrimPrefix(scope.String(), "SCOPE_")
	return refuse(handoverv1.RefusalReason_REFUSAL_REASON_OUTSIDE_CONSENT,
		fmt.Sprintf("consent does not cover %s: %s", name, why), "scope", name)
}
