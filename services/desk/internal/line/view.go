package line

import (
	"context"
	"errors"
	"slices"
	"strings"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	"github.com/stafett/stafett/services/desk/internal/talk"
)

// ErrUnknown: this desk has no such conversation.
var ErrUnknown = errors.New("this desk has no such conversation")

// View is a conversation as it is now. Conversation is nil until the platform was asked, Status where
// the child's window is not here.
type View struct {
	talk.Talk
	Conversation *intakev1.Conversation
	Status       *intakev1.ChildStatus
}

func (l *Line) snapshot(e *entry) View {
	l.mu.Lock()
	defer l.mu.Unlock()
	return View{e.Clone(), e.conversation, e.status}
}

// View finds a conversation.
func (l *Line) View(name string) (View, bool) {
	e := l.find(name)
	if e == nil {
		return View{}, false
	}
	return l.snapshot(e), true
}

// Views are the conversations that go on, oldest first.
func (l *Line) Views() (all []View) {
	for _, e := range l.open() {
		all = append(all, l.snapshot(e))
	}
	slices.SortFunc(all, func(a, b View) int { return a.Opened.Compare(b.Opened) })
	return all
}

// BySecret finds the child whose secret it is.
func (l *Line) BySecret(secret string) (View, bool) {
	hash := talk.Hash(secret)
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, e := range l.talks {
		if e.Child != "" && e.Secret == hash {
			return View{e.Clone(), e.conversation, e.status}, true
		}
	}
	return View{}, false
}

// Handover is the newest handover, or nil.
func (v View) Handover() *routingv1.Handover {
	all := v.Conversation.GetHandovers()
	if len(all) == 0 {
		return nil
	}
	return all[len(all)-1]
}

// Shared: what is said reaches the other line, too.
func (v View) Shared() bool {
	switch v.Handover().GetState() {
	case handoverv1.HandoverState_HANDOVER_STATE_BRIDGED, handoverv1.HandoverState_HANDOVER_STATE_CONFIRMING, handoverv1.HandoverState_HANDOVER_STATE_TRANSFERRED:
		return true
	}
	return v.Conversation != nil && v.Conversation.LegLine != v.Conversation.Custody.GetLine()
}

// Present are the people of a line who are in the conversation.
func (v View) Present(line string) (people []string) {
	for _, p := range v.Conversation.GetParticipants() {
		if p.Present && p.Line == line && p.Role == handoverv1.Role_ROLE_COUNSELLOR {
			people = append(people, p.Id)
		}
	}
	return people
}

// ChildPresent: the child's window answers.
func (v View) ChildPresent() bool {
	return slices.ContainsFunc(v.Conversation.GetParticipants(), func(p *intakev1.Participant) bool {
		return p.Role == handoverv1.Role_ROLE_CHILD && p.Present
	})
}

// IsChild: the pseudonym is the child's.
func (v View) IsChild(line, id string) bool {
	if v.Child != "" {
		return id == v.Child && line == v.Conversation.GetLegLine()
	}
	return slices.ContainsFunc(v.Conversation.GetParticipants(), func(p *intakev1.Participant) bool {
		return p.Role == handoverv1.Role_ROLE_CHILD && p.Id == id
	})
}

// refresh reads a conversation after a command, so that the page that follows shows it.
func (l *Line) refresh(ctx context.Context, name string) {
	if e := l.find(conversationOf(name)); e != nil {
		l.look(ctx, e)
	}
}

// conversationOf cuts a conversation's name out of a handover's or an offer's.
func conversationOf(name string) string {
	conversation, _, _ := strings.Cut(name, "/handovers/")
	return conversation
}

// Calls is what the line's supervisors must know, by conversation.
func (l *Line) Calls() (all []*routingv1.WatchCustodyResponse) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, call := range l.calls {
		all = append(all, call)
	}
	slices.SortFunc(all, func(a, b *routingv1.WatchCustodyResponse) int { return strings.Compare(a.Conversation, b.Conversation) })
	return all
}

// Shifts are the people on shift.
func (l *Line) Shifts() (people []string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for person, on := range l.shifts {
		if on {
			people = append(people, person)
		}
	}
	slices.Sort(people)
	return people
}
