package handover

import (
	"slices"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// FindParticipant returns the participant with this pseudonym at a line, or nil.
func FindParticipant(c *handoverv1.Conversation, line, id string) *handoverv1.Participant {
	for _, p := range c.GetParticipants() {
		if p.Line == line && p.Id == id {
			return p
		}
	}
	return nil
}

// Child returns the child of a conversation, or nil before it has opened.
func Child(c *handoverv1.Conversation) *handoverv1.Participant {
	for _, p := range c.GetParticipants() {
		if p.Role == handoverv1.Role_ROLE_CHILD {
			return p
		}
	}
	return nil
}

// Counsellors counts the connected counsellors of a line.
func Counsellors(c *handoverv1.Conversation, line string) int {
	n := 0
	for _, p := range c.GetParticipants() {
		if p.Line == line && p.Role == handoverv1.Role_ROLE_COUNSELLOR && p.Present {
			n++
		}
	}
	return n
}

// seat marks a participant as present, for the first time or again.
func seat(c *handoverv1.Conversation, line, id string, role handoverv1.Role, at time.Time) {
	p := FindParticipant(c, line, id)
	if p == nil {
		p = &handoverv1.Participant{Id: id, Line: line, Role: role}
		c.Participants = append(c.Participants, p)
	}
	if !p.Present {
		p.Since = timestamppb.New(at)
	}
	p.Present, p.Left = true, false
}

func leave(p *handoverv1.Participant, at time.Time) {
	disconnect(p, at)
	if p != nil {
		p.Left = true
	}
}

func disconnect(p *handoverv1.Participant, at time.Time) {
	if p.GetPresent() {
		p.Present, p.Since = false, timestamppb.New(at)
	}
}

// retire marks all counsellors of a line as having left.
func retire(c *handoverv1.Conversation, line string, at time.Time) {
	for _, p := range c.Participants {
		if p.Line == line && p.Role == handoverv1.Role_ROLE_COUNSELLOR {
			leave(p, at)
		}
	}
}

// unattended reports whether the child is present and every counsellor of the line with
// custody is gone. A child who waits for the first counsellor is in the line's own
// queue, and on slow channels nobody is expected to be present; neither counts as
// unattended.
func unattended(c *handoverv1.Conversation) bool {
	if c.CloseTime != nil || slow(c.Channel) || !Child(c).GetPresent() {
		return false
	}
	known := slices.ContainsFunc(c.Participants, func(p *handoverv1.Participant) bool {
		return p.Line == c.Custody.Line && p.Role == handoverv1.Role_ROLE_COUNSELLOR
	})
	return known && Counsellors(c, c.Custody.Line) == 0
}
