package handover

import (
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// FindParticipant returns who goes by a pseudonym at a line, or nil.
func FindParticipant(c *handoverv1.Conversation, line, id string) *handoverv1.Participant {
	for _, p := range c.GetParticipants() {
		if p.Line == line && p.Id == id {
			return p
		}
	}
	return nil
}

// Child returns the young person of a conversation, or nil before it opened.
func Child(c *handoverv1.Conversation) *handoverv1.Participant {
	for _, p := range c.GetParticipants() {
		if p.Role == handoverv1.Role_ROLE_CHILD {
			return p
		}
	}
	return nil
}

// Counsellors counts a line's counsellors who are connected now.
func Counsellors(c *handoverv1.Conversation, line string) int {
	n := 0
	for _, p := range c.GetParticipants() {
		if p.Line == line && p.Role == handoverv1.Role_ROLE_COUNSELLOR && p.Present {
			n++
		}
	}
	return n
}

// seat makes somebody present, for the first time or again.
func seat(c *handoverv1.Conversation, line, id string, role handoverv1.Role) {
	p := FindParticipant(c, line, id)
	if p == nil {
		p = &handoverv1.Participant{Id: id, Line: line, Role: role}
		c.Participants = append(c.Participants, p)
	}
	p.Present, p.Left = true, false
}

func leave(p *handoverv1.Participant) {
	if p != nil {
		p.Present, p.Left = false, true
	}
}

func disconnect(p *handoverv1.Participant) {
	if p != nil {
		p.Present = false
	}
}

// retire lets all counsellors of a line leave.
func retire(c *handoverv1.Conversation, line string) {
	for _, p := range c.Participants {
		if p.Line == line && p.Role == handoverv1.Role_ROLE_COUNSELLOR {
			leave(p)
		}
	}
}
