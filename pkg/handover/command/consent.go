package command

import (
	"fmt"
	"slices"
	"strings"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/decide"
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
	// ChildAsked: the child brought it up itself, after a no.
	ChildAsked bool
}

func askConsent(o decide.Origin, r *intakev1.AskConsentRequest) AskConsent {
	return AskConsent{Line: o.Line, Handover: o.At.Handover, Scopes: r.Scopes, ChildAsked: r.ChildAsked}
}

func (c AskConsent) Decide(t *decide.Turn) error {
	h, err := t.Handover(c.Line, c.Handover)
	if err != nil {
		return err
	}
	if err := requireHopApproved(h); err != nil {
		return err
	}
	if err := requireIntro(c.Scopes); err != nil {
		return err
	}
	if err := t.RequireChild(); err != nil {
		return err
	}
	if h.RefusedBefore() && !c.ChildAsked {
		return refusal.ChildSaidNo(fmt.Sprintf("the child has said no to the same as %s; ask again if it brings it up itself, and state that", h.Name), "handover", h.Name)
	}
	wait := t.Rules.SenderTimes(h).Consent
	t.Emit(&eventv1.ConsentAsked{
		Handover: h.Number(), Scopes: c.Scopes, Deadline: t.In(wait), RemindTime: t.In(wait / 2),
		Parts: h.PartsWithin(c.Scopes), ChildAsked: c.ChildAsked,
	})
	return nil
}

// GiveConsent records the child's yes to all or some of the scopes that were asked for, and to
// the sealed parts that it was shown.
type GiveConsent struct {
	Line     string
	Handover uint32
	Scopes   []handoverv1.Scope
	// Shown are the parts that the child was shown. Empty: those of the question.
	Shown []*handoverv1.PacketPart
	// HeardBy is the counsellor who heard it over the phone. Empty: the child wrote it, or told the line's system at
	// its closed door.
	HeardBy string
}

func giveConsent(o decide.Origin, r *intakev1.GiveConsentRequest) GiveConsent {
	return GiveConsent{Line: o.Line, Handover: o.At.Handover, Scopes: r.Scopes, Shown: r.Shown, HeardBy: r.HeardBy}
}

func (c GiveConsent) Decide(t *decide.Turn) error {
	h, err := t.Handover(c.Line, c.Handover)
	if err != nil {
		return err
	}
	if err := t.RequireChild(); err != nil {
		return err
	}
	if err := requireIntro(c.Scopes); err != nil {
		return err
	}
	for _, scope := range c.Scopes {
		if !slices.Contains(h.Consent.Asked, scope) {
			return decide.OutsideConsent(scope, "the child was not asked about it")
		}
	}
	if err := requireShown(h, c); err != nil {
		return err
	}
	given := &eventv1.ConsentGiven{
		Handover: h.Number(), Scopes: c.Scopes, Parts: h.PartsWithin(c.Scopes),
		Deadline: t.In(t.Rules.Routing), BudgetDeadline: t.In(t.Rules.Times(h).Budget),
	}
	if err := c.attest(t, given); err != nil {
		return err
	}
	t.Emit(given)
	return nil
}

// attest records who heard a yes over the phone: a counsellor of the line that holds the child's leg or of that with
// custody. Where the child writes, or nobody is there because the door is closed, it says yes itself.
func (c GiveConsent) attest(t *decide.Turn, given *eventv1.ConsentGiven) error {
	switch onPhone := t.Conversation.Channel == handoverv1.Channel_CHANNEL_PHONE; {
	case c.HeardBy == "" && (!onPhone || t.Conversation.Handover(c.Handover).AtDoor()):
		return nil
	case !onPhone:
		return refusal.Field("heard_by", "the child writes, so it says yes itself; leave it out")
	case c.HeardBy == "":
		return refusal.Field("heard_by", "the child is on the phone; name the counsellor who heard its yes")
	}
	given.Origin, given.HeardBy, given.HeardLine = handoverv1.ConsentOrigin_CONSENT_ORIGIN_SPOKEN, c.HeardBy, c.Line
	if custodian := t.Conversation.Custody.Line; t.Conversation.Participant(c.Line, c.HeardBy) == nil {
		given.HeardLine = custodian
	}
	return t.RequireCounsellor(given.HeardLine, c.HeardBy)
}

// requireShown refuses a yes unless the child was shown every sealed part that it covers, as it is
// now.
func requireShown(h handover.Handover, c GiveConsent) error {
	shown := c.Shown
	if len(shown) == 0 {
		shown = h.Consent.AskedParts
	}
	for _, current := range h.PartsWithin(c.Scopes) {
		if !slices.ContainsFunc(shown, func(p *handoverv1.PacketPart) bool { return handover.SamePart(p, current) }) {
			return notCurrent(h, current.Part)
		}
	}
	for _, p := range c.Shown {
		if !slices.ContainsFunc(h.PacketParts, func(current *handoverv1.PacketPart) bool { return handover.SamePart(p, current) }) {
			return notCurrent(h, p.Part)
		}
	}
	return nil
}

func notCurrent(h handover.Handover, part handoverv1.Scope) error {
	name := strings.TrimPrefix(part.String(), "SCOPE_")
	return refusal.PartNotCurrent(fmt.Sprintf("the child was not shown %s of %s as it is now; show it, and say with its commitment what was shown", name, h.Name),
		"handover", h.Name, "part", name)
}

// RefuseConsent records the child's no. The routing service then returns the handover
// to the sender.
type RefuseConsent struct {
	Line     string
	Handover uint32
}

func refuseConsent(o decide.Origin, _ *intakev1.RefuseConsentRequest) RefuseConsent {
	return RefuseConsent{Line: o.Line, Handover: o.At.Handover}
}

func (c RefuseConsent) Decide(t *decide.Turn) error {
	h, err := t.Handover(c.Line, c.Handover)
	if err != nil {
		return err
	}
	t.Emit(&eventv1.ConsentRefused{Handover: h.Number()})
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

func withdrawConsent(o decide.Origin, _ *intakev1.WithdrawConsentRequest) WithdrawConsent {
	return WithdrawConsent{Line: o.Line, Handover: o.At.Handover}
}

func (c WithdrawConsent) Decide(t *decide.Turn) error {
	h, err := t.Handover(c.Line, c.Handover)
	if err != nil {
		return err
	}
	if !h.Consent.Withdrawn {
		t.Emit(&eventv1.ConsentWithdrawn{Handover: h.Number()})
	}
	return nil
}

func requireIntro(scopes []handoverv1.Scope) error {
	if !slices.Contains(scopes, handoverv1.Scope_SCOPE_INTRO) {
		return refusal.Field("scopes", "INTRO is missing; nobody can be introduced without it, so add it")
	}
	return nil
}
