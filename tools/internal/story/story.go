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
	"time"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
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

	// Arguments of the individual verbs.
	Scopes      []handoverv1.Scope
	Add, Remove []string
	Risk        handoverv1.RiskLevel
	Duty        handoverv1.DutyDecision
	Lines       []string
	Part        handoverv1.Scope
	Audience    handoverv1.Audience
	As          handoverv1.OfferState
	Decline     handoverv1.DeclineCode
	Cancel      handoverv1.CancelReason
	Attest      handoverv1.AttestReason
	Outcome     handoverv1.Outcome
	Close       handoverv1.CloseReason
	Override    handoverv1.OverrideCode
	With        Person
	Approve     bool
	Decision    handoverv1.SenderDecision
	Defer       handoverv1.DeferReason
	From        time.Time
	For         time.Duration
	Signpost    handoverv1.SignpostReason
	Emergency   handoverv1.EmergencyService
	Exception   handoverv1.BridgeException
	Channel     handoverv1.Channel
	Ticket      string
	Free, Queue int32
	Closure     handoverv1.ClosureReason
	Unit        string
	Dates       []string
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
