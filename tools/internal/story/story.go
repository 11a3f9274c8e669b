// Package story reads stories: YAML files that tell who does what and when in a
// conversation, and what must be true of its history afterwards. Package play plays a
// story against a platform; package check compares it with the history.
//
// tools/stories/README.md explains the format to authors.
package story

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"google.golang.org/protobuf/proto"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
)

// Story is one conversation from beginning to end, and the expectations on it.
type Story struct {
	// File is the file name used in positions.
	File  string
	Title string
	// Shows says what the story demonstrates.
	Shows string
	// Clock is the instant at which it begins.
	Clock time.Time
	// Zone is the time zone in which its times are written and shown.
	Zone *time.Location
	// Lines are the directory for the story.
	Lines []*handoverv1.Line
	// Rotas are the rota files of its lines.
	Rotas []string
	// People are all persons in the order of the file. Exactly one is the child.
	People []Person
	// Steps are in chronological order.
	Steps []Step
	// Then holds the expectations on the history.
	Then Then
}

type Role string

const (
	Child      Role = "child"
	Counsellor Role = "counsellor"
	Triage     Role = "triage"
)

// Person is somebody in a story. The platform knows only the Name.
type Person struct {
	// Name is a pseudonym, unique within the story.
	Name string
	Role Role
	// Line is the person's line; for the child, the line whose door it comes through.
	Line string

	// What the platform is told about the child; empty for counsellors.
	Language string
	Ages     *handoverv1.AgeBand
	Channel  handoverv1.Channel
	Area     string
	// Door is the line's door through which the child came, if any.
	Door string
}

// Step is one action in a story.
type Step struct {
	// Number counts from 1.
	Number int
	// Place is the step's position: file:line:column.
	Place string
	// Name is the name by which other steps refer to this one; may be empty.
	Name string
	// Who acts; the zero Person for steps in which time just passes.
	Who  Person
	Does Verb
	// At is the instant on the story's clock.
	At time.Time
	// Refused is the reason with which the platform must refuse the step, such as TOO_LATE. If
	// empty, the step must not be refused.
	Refused string
	// Says is what the person writes, and English a translation.
	Says, English string
	// Again is the number of the step whose request is repeated.
	Again int

	// Request is what the step sends, as far as the story says it: the player fills in the
	// rest. Nil if the step sends nothing of its own.
	Request proto.Message
	// Ticket is the form of the secret with which a claim ticket is presented.
	Ticket string
	// With names a second person who signs what the step sends, where the request has no name for one.
	With string
	// Handover is the number of the handover that the step is about. 0: the newest.
	Handover uint32
	// Free and Queue are what the desks of the line report from here on.
	Free, Queue int32
}

// NeedsTime reports whether the passing of time has effects in the story, so that playing
// its steps in order is not enough.
func (s *Story) NeedsTime() bool {
	for _, step := range s.Steps {
		if step.Does == Wait {
			return true
		}
	}
	return false
}

// Grants reports whether the story says itself when keys are granted. In all others the sender's system
// does it as soon as a line has accepted.
func (s *Story) Grants() bool {
	return slices.ContainsFunc(s.Steps, func(step Step) bool {
		_, grants := step.Request.(*intakev1.GrantAccessRequest)
		return grants
	})
}

// Load reads a story: a shipped one by name, any other by the path of its file, which ends
// in .yaml.
func Load(name string) (*Story, error) {
	if filepath.Ext(name) != ".yaml" {
		return loadShipped(name)
	}
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("read the story: %w", err)
	}
	return Parse(name, text)
}
