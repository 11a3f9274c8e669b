// Package story reads stories: YAML files that tell who does what and when in a
// conversation, and what must be true of its history afterwards. Package play
// plays a story against a platform, package check compares it with the history.
//
// tools/stories/README.md explains the format to those who write stories.
package story

import (
	"fmt"
	"os"
	"path/filepath"
	"time"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// Story is one conversation from its beginning to its end, and what is expected
// of it.
type Story struct {
	// File is the name that places are told in.
	File string
	// Title is what the story is called, in a few words.
	Title string
	// Shows says what one sees in it.
	Shows string
	// Clock is the instant at which it begins.
	Clock time.Time
	// Zone is the one in which its times are written and told.
	Zone *time.Location
	// Lines are the directory that it plays in.
	Lines []*handoverv1.Line
	// Rotas are the files of who staffs them.
	Rotas []string
	// People are everybody in it, in the order of the file. One is the child.
	People []Person
	// Steps happen in this order.
	Steps []Step
	// Then is what must be true afterwards.
	Then Then
}

// Role is what a person is.
type Role string

// The roles.
const (
	Child      Role = "child"
	Counsellor Role = "counsellor"
	Triage     Role = "triage"
)

// Person is somebody in a story. The platform knows them by Name alone.
type Person struct {
	// Name is a pseudonym, unique within the story.
	Name string
	Role Role
	// Line is the person's line; for the child the one whose door it comes through.
	Line string

	// What the platform is told of the child. The counsellors have none of it.
	Language string
	Ages     *handoverv1.AgeBand
	Channel  handoverv1.Channel
	Area     string
	// Door is the line's door through which the child came. It may be empty.
	Door string
}

// Step is one thing that somebody does.
type Step struct {
	// Number counts from 1.
	Number int
	// Place is where it stands: file:line:column.
	Place string
	// Name is what other steps call it. It may be empty.
	Name string
	// Who does it. The zero Person where nobody does: the time just passes.
	Who Person
	// Does is what.
	Does Verb
	// At is when, on the story's clock.
	At time.Time
	// Refused is the reason for which the platform must refuse it, such as TOO_LATE.
	// Empty: it must not be refused.
	Refused string
	// Says is what the person writes, and English the same for other readers.
	Says, English string
	// Again is the number of the step whose request a repetition sends once more.
	Again int

	// What the verbs need to know, each its own.
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

// NeedsTime says whether something in the story happens because time passes, so
// that playing the order of its steps alone would not tell it.
func (s *Story) NeedsTime() bool {
	for _, step := range s.Steps {
		if step.Does == Wait {
			return true
		}
	}
	return false
}

// Load reads a story: a shipped one by its name, any other by the path of its
// file, which ends in .yaml.
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
