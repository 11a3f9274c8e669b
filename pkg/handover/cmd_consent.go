package handover

import (
	"fmt"
	"slices"
	"strings"

	"github.com/stafett/stafett/pkg/refusal"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
)

// AskConsent asks the child to consent to the given scopes.
type AskConsent struct {
	Line     string
	Handover uint32
	Scopes   []handoverv1.Scope
}

func askConsent(o Origin, r *intakev1.AskConsentRequest) AskConsent {
	return AskConsent{Line: o.Line, Handover: o.At.Handover, Scopes: r.Scopes}
}

func (c AskConsent) decide(t *turn) error {
	h, err := t.handover(c.Line, c.Handover)
	if err != nil {
		return err
	}
	if err := hopApproved(h); err != nil {
		return err
	}
	if err := withIntro(c.Scopes); err != nil {
		return err
	}
	if err := t.childThere(); err != nil {
		return err
	}
	wait := t.senderTimes(h).Consent
	t.emit(&eventv1.ConsentAsked{
		Handover: t.number(h), Scopes: c.Scopes, Deadline: t.in(wait), RemindTime: t.in(wait / 2),
	})
	return nil
}

// GiveConsent records the child's yes to all or some of the scopes that were asked for.
type GiveConsent struct {
	Line     string
	Handover uint32
	Scopes   []handoverv1.Scope
}

func giveConsent(o Origin, r *intakev1.GiveConsentRequest) GiveConsent {
	return GiveConsent{Line: o.Line, Handover: o.At.Handover, Scopes: r.Scopes}
}

func (c GiveConsent) decide(t *turn) error {
	h, err := t.handover(c.Line, c.Handover)
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
		Deadline: t.in(t.rules.Routing), BudgetDeadline: t.in(t.times(h).Budget),
	})
	return nil
}

func imminent(h *handoverv1.Handover) bool {
	return h.Header.GetRisk() == handoverv1.RiskLevel_RISK_LEVEL_R4
}

// RefuseConsent records the child's no. The routing service then returns the handover
// to the sender.
type RefuseConsent struct {
	Line     string
	Handover uint32
}

func refuseConsent(o Origin, _ *intakev1.RefuseConsentRequest) RefuseConsent {
	return RefuseConsent{Line: o.Line, Handover: o.At.Handover}
}

func (c RefuseConsent) decide(t *turn) error {
	h, err := t.handover(c.Line, c.Handover)
	if err != nil {
		return err
	}
	t.emit(&eventv1.ConsentRefused{Handover: t.number(h)})
	return nil
}

// WithdrawConsent takes back the child's yes. Before custody has moved, the routing
// service then returns the handover to the sender; afterwards nothing more may cross,
// so it is allowed even after the conversation has closed, while the outcome is
// awaited. If the line went on without the child's consent, the no is recorded and the
// handover continues.
type WithdrawConsent struct {
	Line     string
	Handover uint32
}

func withdrawConsent(o Origin, _ *intakev1.WithdrawConsentRequest) WithdrawConsent {
	return WithdrawConsent{Line: o.Line, Handover: o.At.Handover}
}

func (c WithdrawConsent) decide(t *turn) error {
	h, err := t.handover(c.Line, c.Handover)
	if err != nil {
		return err
	}
	if !h.Consent.Withdrawn {
		t.emit(&eventv1.ConsentWithdrawn{Handover: t.number(h)})
	}
	return nil
}

// stopped reports whether the child has refused or withdrawn consent while custody
// could still move, without an override.
func stopped(h *handoverv1.Handover) bool {
	return beforeTransfer(h) && (h.Consent.Refused || h.Consent.Withdrawn) && h.Consent.Overridden == 0
}

// scopes returns what may cross: the scopes that were given, or none if they were
// withdrawn without an override.
func scopes(h *handoverv1.Handover) []handoverv1.Scope {
	if h.GetConsent().GetWithdrawn() && h.Consent.Overridden == 0 {
		return nil
	}
	return h.GetConsent().GetGiven()
}

// consented refuses to go on after the child's no.
func consented(h *handoverv1.Handover) error {
	if stopped(h) {
		return outsideConsent(handoverv1.Scope_SCOPE_INTRO, "the child has said no; the handover is being returned")
	}
	return nil
}

func withIntro(scopes []handoverv1.Scope) error {
	if !slices.Contains(scopes, handoverv1.Scope_SCOPE_INTRO) {
		return refusal.Field("scopes", "INTRO is missing; nobody can be introduced without it, so add it")
	}
	return nil
}

func outsideConsent(scope handoverv1.Scope, why string) error {
	name := strings.TrimPrefix(scope.String(), "SCOPE_")
	return refusal.OutsideConsent(fmt.Sprintf("consent does not cover %s: %s", name, why), "scope", name)
}
