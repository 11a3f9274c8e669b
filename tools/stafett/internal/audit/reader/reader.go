// Package reader parses who reads which part of the history, and for which purpose.
package reader

import (
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/stafett/stafett/pkg/client"
	"github.com/stafett/stafett/pkg/handover"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	"github.com/stafett/stafett/tools/stafett/internal/cli"
	"github.com/stafett/stafett/tools/stafett/internal/localtime"
)

// Reader is a reader of the history, as named on the command line.
type Reader struct {
	Target  cli.Target
	As      string
	Purpose string
	Case    string
	Zone    string
}

func (r *Reader) Flags(command *cobra.Command) {
	r.IdentityFlags(command)
	command.Flags().StringVar(&r.Zone, "zone", "Europe/Oslo", "time `zone` of what is shown, and of times without one")
}

// IdentityFlags adds the flags for the reader, the platform and the purpose.
func (r *Reader) IdentityFlags(command *cobra.Command) {
	flags := command.Flags()
	r.Target.Flags(flags, "stafett-data")
	command.MarkFlagsMutuallyExclusive("data", "identity")
	flags.StringVar(&r.As, "as", "auditor", "`name` of the auditor whose certificate is used")
	flags.StringVar(&r.Purpose, "purpose", r.Purpose, "`purpose` of this read, which is recorded: "+strings.Join(Purposes(), ", "))
	flags.StringVar(&r.Case, "case", "", "case `number`, such as 2026/118-3")
}

func (r *Reader) Connect() (*client.Platform, error) { return r.Target.As("auditor", r.As) }

func (r *Reader) Location() (*time.Location, error) {
	location, err := time.LoadLocation(r.Zone)
	if err != nil || r.Zone == "" {
		return nil, cli.Usagef("--zone %s: use an IANA name such as Europe/Oslo", r.Zone)
	}
	return location, nil
}

// PurposePrefix is the common prefix of the purpose codes.
const PurposePrefix = "PURPOSE_CODE_"

// Purposes returns the codes in the form of the command line.
func Purposes() []string {
	var names []string
	for n := int32(1); eventv1.PurposeCode_name[n] != ""; n++ {
		names = append(names, strings.ReplaceAll(strings.ToLower(strings.TrimPrefix(eventv1.PurposeCode_name[n], PurposePrefix)), "_", "-"))
	}
	return names
}

// Stated returns the stated purpose. There is no default: a recorded purpose must be
// deliberate.
func (r *Reader) Stated() (*eventv1.Purpose, error) {
	code := eventv1.PurposeCode_value[PurposePrefix+strings.ReplaceAll(strings.ToUpper(r.Purpose), "-", "_")]
	if code == 0 {
		return nil, cli.Usagef("--purpose %q: state the purpose of this read, which is recorded: %s", r.Purpose, strings.Join(Purposes(), ", "))
	}
	return &eventv1.Purpose{Code: eventv1.PurposeCode(code), CaseReference: r.Case}, nil
}

// ConversationName accepts a conversation's name or its id alone.
func ConversationName(text string) string {
	return handover.ConversationName(strings.TrimPrefix(text, "conversations/"))
}

// Instant parses a time, or a date as the beginning of that day, in a zone.
func Instant(flag, text string, zone *time.Location) (time.Time, error) {
	if day, err := localtime.Day(text, zone); err == nil {
		return day, nil
	}
	at, err := localtime.Instant(text, time.Now(), zone)
	if err != nil {
		return at, cli.Usagef("--%s: %w", flag, err)
	}
	return at, nil
}
