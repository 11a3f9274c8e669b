// Package line is a desk's side towards the platform: it watches the line's offers, custody and
// conversations, keeps what they say, relays what is written, and gives the line's commands. It
// uses the public API alone.
package line

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/stafett/stafett/pkg/client"
	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/sealing"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	"github.com/stafett/stafett/services/desk/internal/live"
	"github.com/stafett/stafett/services/desk/internal/store"
	"github.com/stafett/stafett/services/desk/internal/talk"
)

// Config says what a line's side is made of.
type Config struct {
	ID       string // of the line
	Platform *client.Platform
	Keys     *sealing.System
	Store    *store.Store
	Hub      *live.Hub
	Now      func() time.Time
	Log      *slog.Logger
}

// Line is safe for concurrent use.
type Line struct {
	Config
	life  context.Context // of everything that it runs
	tasks sync.WaitGroup
	woken sync.Once
	began time.Time

	mu      sync.Mutex
	talks   map[string]*entry // by the conversation's name
	offers  map[string]*Offer
	calls   map[string]*routingv1.WatchCustodyResponse
	lines   map[string]*routingv1.Line
	seen    map[string]time.Time // when a window last answered
	shifts  map[string]bool      // by person: on shift or not any more
	trouble string               // why the platform cannot be used, or ""
}

// entry is a conversation with what the platform last said of it.
type entry struct {
	name         string
	talk.Talk    // only under the line's lock
	conversation *intakev1.Conversation
	status       *intakev1.ChildStatus
	meta         map[uint32]meta // of messages whose words may still come
	news         chan struct{}   // something to look at or to send
	position     uint64          // the newest known
	looked       uint64          // the position that conversation and status are at least as new as
}

const talkKind, shiftKind = "talk", "shift"

// New reads what the desk kept. Begin starts it.
func New(c Config) (*Line, error) {
	l := &Line{
		Config: c, began: c.Now(), talks: map[string]*entry{}, offers: map[string]*Offer{}, calls: map[string]*routingv1.WatchCustodyResponse{},
		lines: map[string]*routingv1.Line{}, seen: map[string]time.Time{}, shifts: map[string]bool{},
	}
	err := store.Each(c.Store, talkKind, func(name string, kept talk.Talk) error {
		l.talks[name] = newEntry(kept)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return l, store.Each(c.Store, shiftKind, func(person string, on bool) error {
		l.shifts[person] = on
		return nil
	})
}

func newEntry(t talk.Talk) *entry {
	return &entry{name: t.Name, Talk: t, meta: map[uint32]meta{}, news: make(chan struct{}, 1)}
}

// Begin starts what the line runs until the context ends. A line that nobody has used yet waits for
// Wake: it says nothing to the platform until somebody is there.
func (l *Line) Begin(ctx context.Context) {
	l.life = ctx
	if len(l.talks) > 0 || len(l.shifts) > 0 {
		l.Wake()
	}
}

// Wait returns once everything that Begin started has ended.
func (l *Line) Wait() { l.tasks.Wait() }

// Wake connects the line, once.
func (l *Line) Wake() {
	l.woken.Do(func() {
		l.run(l.publish)
		l.run(l.directory)
		l.always("offers were not watched", l.watchOffers)
		l.always("custody was not watched", l.watchCustody)
		l.run(l.attend)
		l.run(l.reportSeats)
		for _, e := range l.open() {
			l.follow(e)
		}
	})
}

// Name is the line's resource name.
func (l *Line) Name() string { return handover.LineName(l.ID) }

// open are the conversations that go on.
func (l *Line) open() (all []*entry) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, e := range l.talks {
		if e.Closed.IsZero() {
			all = append(all, e)
		}
	}
	return all
}

// edit changes what is kept of a conversation. When it returns, a crash does not lose it.
func (l *Line) edit(e *entry, change func(*talk.Talk)) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	next := e.Clone()
	change(&next)
	if err := l.Store.Put(talkKind, e.name, next); err != nil {
		return err
	}
	e.Talk = next
	return nil
}

// entry finds a conversation, or makes it and follows it.
func (l *Line) entry(name string, make func() talk.Talk) (*entry, error) {
	l.mu.Lock()
	e, known := l.talks[name]
	if !known {
		e = newEntry(make())
		if err := l.Store.Put(talkKind, name, e.Talk); err != nil {
			l.mu.Unlock()
			return nil, err
		}
		l.talks[name] = e
	}
	l.mu.Unlock()
	if !known {
		l.follow(e)
	}
	return e, nil
}

func (l *Line) find(name string) *entry {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.talks[name]
}

// changed tells a conversation's own tasks and its open pages.
func (l *Line) changed(e *entry) {
	select {
	case e.news <- struct{}{}:
	default:
	}
	l.Hub.Changed(e.name)
}

// fail notes what could not be done, without content.
func (l *Line) fail(what string, err error, about ...any) {
	if l.life.Err() == nil && err != nil {
		l.Log.Warn(what, append(about, "line", l.ID, "reason", client.Reason(err), "error", err)...)
	}
}
