// Package talk holds what a desk keeps of one conversation: what was said in its windows, what
// was agreed with the child, and what is still on its way to the other line.
package talk

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"time"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// Talk is one conversation as this line knows it.
type Talk struct {
	// Name is the resource name, conversations/{conversation}.
	Name   string
	Opened time.Time
	// Child is the child's pseudonym where its window is at this line, or "".
	Child string
	// Secret is the hash of what lets the child back in.
	Secret   string
	Language string
	Messages []Message
	// Drafts are what the child is shown of a packet, as it was sealed.
	Drafts []Draft
	// Packet is what this line opened as the receiver.
	Packet []Part
	// Accepted are the offers by which this line came to it.
	Accepted []string
	// Left: the line's people left after a handover. What follows is for the child's window alone.
	Left bool
	// Quickly: the child used the quick exit and has not been back.
	Quickly bool
	Closed  time.Time
}

// Draft is a part of a packet with its commitment: the log has the same one.
type Draft struct {
	Handover   string
	Scope      handoverv1.Scope
	Text       string
	Commitment []byte
}

// Part is a part of a packet that was opened.
type Part struct {
	Handover string
	Scope    handoverv1.Scope
	Text     string
}

// Sending says where a message is on its way.
type Sending string

const (
	// Here: it is for this line's windows alone, or came from the other line.
	Here Sending = ""
	// Waiting: it has yet to reach the platform, and is repeated until it does.
	Waiting Sending = "waiting"
	// Sent: the log has it.
	Sent Sending = "sent"
	// Failed: the platform refused it.
	Failed Sending = "failed"
)

// Message is one message in a window.
type Message struct {
	// ID is the request id under which it was written.
	ID string
	// From is the writer's pseudonym, and Line the writer's line: lines/{line}.
	From, Line string
	// Beside: it is between the counsellors, beside the child's window.
	Beside bool
	// Hidden: it is for the child's window alone.
	Hidden  bool
	Text    string
	Time    time.Time
	Sending Sending
	// Sealed is the blob to send again, so that a repeat is the same request.
	Sealed []byte
}

// Message finds a message by its id.
func (t *Talk) Message(id string) *Message {
	if at := slices.IndexFunc(t.Messages, func(m Message) bool { return m.ID == id }); at >= 0 {
		return &t.Messages[at]
	}
	return nil
}

// Add adds a message once, and reports whether it was new.
func (t *Talk) Add(m Message) bool {
	if t.Message(m.ID) != nil {
		return false
	}
	m.Hidden = t.Left
	t.Messages = append(t.Messages, m)
	return true
}

// Draft finds what was last sealed for a part of a packet.
func (t *Talk) Draft(handover string, scope handoverv1.Scope) *Draft {
	at := slices.IndexFunc(t.Drafts, func(d Draft) bool { return d.Handover == handover && d.Scope == scope })
	if at < 0 {
		return nil
	}
	return &t.Drafts[at]
}

// Keep replaces a draft.
func (t *Talk) Keep(d Draft) {
	if kept := t.Draft(d.Handover, d.Scope); kept != nil {
		*kept = d
		return
	}
	t.Drafts = append(t.Drafts, d)
}

// Clone returns a copy that shares nothing that changes.
func (t *Talk) Clone() Talk {
	c := *t
	c.Messages, c.Drafts, c.Packet, c.Accepted = slices.Clone(t.Messages), slices.Clone(t.Drafts), slices.Clone(t.Packet), slices.Clone(t.Accepted)
	return c
}

// Hash is how a child's secret is kept.
func Hash(secret string) string {
	sum := sha256.Sum256([]byte("stafett desk child\x00" + secret))
	return hex.EncodeToString(sum[:])
}
