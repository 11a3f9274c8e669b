// Package soundness checks the invariants of a conversation's state at every instant. It
// restates the contract independently of the decider, with which it shares only small
// queries such as deadline.Due, so that a mistake there is not repeated here.
package soundness

import (
	"fmt"
	"time"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/deadline"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	statev1 "github.com/stafett/stafett/proto/stafett/state/v1"
)

// Breach is one violated rule.
type Breach struct {
	// Rule is a short name, such as deadline.
	Rule    string
	Message string
}

// Of returns the rules that a conversation violates. It must have been opened.
func Of(c *statev1.Conversation) []Breach {
	s := &state{Conversation: c}
	s.due, s.waiting = deadline.Due(c)
	s.custody()
	s.attended()
	s.searched()
	s.awaited()
	for i, h := range c.Handovers {
		s.offers(h)
		s.approved(handover.Of(c).Handover(uint32(i + 1)))
		s.accompanied(h)
		s.goesOn(h, i+1 == len(c.Handovers))
	}
	return s.breaches
}

type state struct {
	*statev1.Conversation
	due      time.Time
	waiting  bool
	breaches []Breach
}

// breach records a violation.
func (s *state) breach(rule, format string, args ...any) {
	s.breaches = append(s.breaches, Breach{rule, fmt.Sprintf(format, args...)})
}

// custody: exactly one line is responsible while the conversation is open.
func (s *state) custody() {
	open := s.CloseTime == nil
	if has := s.Custody.GetLine() != ""; has != open {
		s.breach("I1", "the conversation is open: %t, and a line has custody: %t", open, has)
	}
	epochs := uint32(1)
	for _, h := range s.Handovers {
		if moved(h) {
			epochs++
		}
		if h.State == handoverv1.HandoverState_HANDOVER_STATE_REVERSED {
			epochs += 2
		}
	}
	if s.Custody.GetEpoch() != epochs {
		s.breach("I1", "the epoch is %d after %d changes of hands", s.Custody.GetEpoch(), epochs-1)
	}
}

func moved(h *statev1.Handover) bool {
	switch h.State {
	case handoverv1.HandoverState_HANDOVER_STATE_TRANSFERRED, handoverv1.HandoverState_HANDOVER_STATE_AWAITING_OUTCOME:
		return true
	}
	return h.State == handoverv1.HandoverState_HANDOVER_STATE_CLOSED && h.EmergencyService == 0
}

// attended: if the child is alone without anybody from the line that has custody, an alert
// was given and the next one is scheduled. A child whom nobody has met yet waits in its
// line's own queue; at a closed door its duty contact was told, and nothing is due if nobody knows when it opens.
func (s *state) attended() {
	if c := handover.Of(s.Conversation); c.Waiting() {
		if !s.waiting && !(c.WaitsAtDoor() && c.ClosedDoor.OpeningTime == nil) {
			s.breach("I16", "the child waits for its first counsellor and nothing is due")
		}
		return
	}
	if !Unattended(s.Conversation) {
		s.unalerted()
		return
	}
	switch given := s.Custody.AlertDeadline; {
	case !s.waiting:
		s.breach("I3", "the child is alone and nothing is due")
	case given != nil && s.due.After(given.AsTime()), given == nil && s.due.After(deadline.AtOnce):
		s.breach("I3", "the child is alone and no alert is due before %s", s.due)
	}
}

// searched: if a child in danger has disappeared, its line has decided what to do, or its supervisors are
// told by the time that they were told.
func (s *state) searched() {
	gone := s.Disappearance
	switch told := gone != nil && gone.Line == s.Custody.GetLine(); {
	case !disappeared(s.Conversation):
		if gone != nil {
			s.breach("I16", "the child is there or not in danger, and supervisors of %s are told that it disappeared", gone.Line)
		}
	case told && gone.Decision != 0:
	case !s.waiting, told && s.due.After(gone.Deadline.AsTime()), !told && s.due.After(deadline.AtOnce):
		s.breach("I16", "a child in danger has disappeared and no supervisor is told before %s", s.due)
	}
}

func disappeared(c *statev1.Conversation) bool {
	risk := c.GetAssessment().GetRisk()
	danger := risk == handoverv1.RiskLevel_RISK_LEVEL_R3 || risk == handoverv1.RiskLevel_RISK_LEVEL_R4
	for _, p := range c.Participants {
		if p.Role == handoverv1.Role_ROLE_CHILD {
			return danger && c.CloseTime == nil && !p.Present && (p.Left || !Slow(c))
		}
	}
	return false
}

// unalerted: if somebody is with the child, or nobody is needed, no alert is scheduled.
// The count of alerts restarts once somebody of the line is there.
func (s *state) unalerted() {
	if s.Custody.GetAlertDeadline() != nil {
		s.breach("I3", "%s is alerted although the child is not alone", s.Custody.GetLine())
	}
	there := s.CloseTime != nil || handover.Of(s.Conversation).Counsellors(s.Custody.GetLine()) > 0
	if there && s.Custody.GetAlerts() > 0 {
		s.breach("I3", "%d alerts of %s still count", s.Custody.GetAlerts(), s.Custody.GetLine())
	}
}

// Unattended reports whether the child is there but everybody from the line that has
// custody has left.
func Unattended(c *statev1.Conversation) bool {
	met, with, child := false, false, false
	for _, p := range c.Participants {
		switch {
		case p.Role == handoverv1.Role_ROLE_CHILD:
			child = child || p.Present
		case p.Line == c.Custody.GetLine():
			met, with = true, with || p.Present
		}
	}
	return c.CloseTime == nil && !Slow(c) && child && met && !with
}

// Slow reports whether answers take hours, so that nobody is expected to be there.
func Slow(c *statev1.Conversation) bool {
	return c.Channel == handoverv1.Channel_CHANNEL_SMS || c.Channel == handoverv1.Channel_CHANNEL_EMAIL
}
