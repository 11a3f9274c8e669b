// Package play plays a story against a platform, through its public gRPC API and as the
// story's lines would: each person acts through the system of its line, desks receive
// their offers by watching, and both lines of a bridge read what the platform delivers.
//
// Every command has a request id that derives from the run and the step, and is retried
// with it while the platform is unavailable. So a platform may be killed and restarted in
// the middle of a story.
package play

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/stafett/stafett/pkg/client"
	"github.com/stafett/stafett/pkg/directory"
	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/sealing"
	"github.com/stafett/stafett/pkg/staffkey/stafftest"
	"github.com/stafett/stafett/tools/internal/story"
)

// Options control how a story is played. The zero value is ready to use.
type Options struct {
	// RunID names the run; all request ids derive from it. If empty, it is random.
	RunID string
	// Observer receives each step as it happens. It may be nil.
	Observer Observer
}

// Played is the result of playing a story.
type Played struct {
	RunID string
	// Conversation is its resource name; empty if it was never opened.
	Conversation string
	// Acknowledged are the platform's answers, in order. Each of them is durable in the log.
	Acknowledged []Acknowledgement
	// Slack is how far the history may exceed the story's own time limits, because network and
	// disk took real time.
	Slack time.Duration
}

// Acknowledgement is one answer of the platform.
type Acknowledgement struct {
	Step int
	// Name is the resource that the command created or changed.
	Name       string
	Position   uint64
	RecordTime time.Time
}

// Play plays a story until its end, or until something deviates from it. It returns what
// was acknowledged in either case.
func Play(ctx context.Context, s *story.Story, w *World, o Options) (*Played, error) {
	played := &Played{RunID: o.RunID, Slack: w.slack}
	if played.RunID == "" {
		played.RunID = uuid.NewString()
	}
	if s.NeedsTime() && w.skips {
		return played, fmt.Errorf("%s waits for deadlines; play it with its own clock or in real time, not with the waiting skipped", s.File)
	}
	p := &player{story: s, world: w, observer: o.Observer, played: played, desks: newDesks(w), board: newBoard(),
		lines: map[string]*client.Platform{}, systems: map[string]*sealing.System{}, granted: map[string]bool{}, calls: map[int]call{}, sealed: map[string]string{}, people: map[string]stafftest.Person{}, state: &handover.State{}}
	err := p.connect()
	if err == nil {
		err = p.key(ctx)
	}
	if err == nil {
		err = p.play(ctx)
	}
	return played, errors.Join(err, p.disconnect())
}

// play plays the steps. When it returns, all watches have ended.
func (p *player) play(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer p.streams.Wait()
	defer cancel()
	for i := range p.story.Steps {
		step := &p.story.Steps[i]
		if err := p.step(ctx, step); err != nil {
			return fmt.Errorf("%s: step %d, %s: %w", step.Place, step.Number, step.Sentence(), err)
		}
	}
	return nil
}

// connect opens a connection for each line of the story, and for the auditor through whose
// eyes the steps are shown.
func (p *player) connect() (err error) {
	for _, person := range p.story.People {
		if p.lines[person.Line] != nil {
			continue
		}
		if p.lines[person.Line], err = p.world.Connect("line", person.Line); err != nil {
			return err
		}
	}
	for _, line := range p.story.Lines {
		id := directory.ID(line)
		if p.lines[id] != nil {
			p.desks.platforms[id] = p.lines[id]
		} else if p.desks.platforms[id], err = p.world.Connect("line", id); err != nil {
			return err
		}
	}
	p.auditor, err = p.world.Connect("auditor", "auditor")
	return err
}

func (p *player) disconnect() error {
	var failed error
	for id, desk := range p.desks.platforms {
		if desk != nil && p.lines[id] == nil {
			failed = errors.Join(failed, desk.Close())
		}
	}
	for _, line := range p.lines {
		if line != nil {
			failed = errors.Join(failed, line.Close())
		}
	}
	if p.auditor != nil {
		failed = errors.Join(failed, p.auditor.Close())
	}
	return failed
}
