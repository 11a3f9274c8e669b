package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/stafett/stafett/pkg/client"
	"github.com/stafett/stafett/pkg/handover"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	"github.com/stafett/stafett/tools/internal/connect"
	"github.com/stafett/stafett/tools/internal/localtime"
)

// reader is somebody who reads the history, as the command line names them.
type reader struct {
	target  connect.Target
	as      string
	purpose string
	cases   string
	zone    string
}

func (r *reader) flags(command *cobra.Command) {
	r.identityFlags(command)
	command.Flags().StringVar(&r.zone, "zone", "Europe/Oslo", "time `zone` of what is shown, and of times without one")
}

// identityFlags say who reads what of which platform, and what for.
func (r *reader) identityFlags(command *cobra.Command) {
	flags := command.Flags()
	r.target.Flags(flags, "stafett-data")
	command.MarkFlagsMutuallyExclusive("data", "identity")
	flags.StringVar(&r.as, "as", "auditor", "`name` of the auditor whose certificate is used")
	flags.StringVar(&r.purpose, "purpose", r.purpose, "`purpose` of reading, which is recorded: "+strings.Join(purposes(), ", "))
	flags.StringVar(&r.cases, "case", "", "`number` of the case, such as 2026/118-3: capital letters, digits and . _ / -")
}

// connect connects to the platform as an auditor.
func (r *reader) connect() (*client.Platform, error) { return r.target.As("auditor", r.as) }

func (r *reader) location() (*time.Location, error) {
	location, err := time.LoadLocation(r.zone)
	if err != nil || r.zone == "" {
		return nil, usageError{fmt.Errorf("--zone %s: write an IANA name such as Europe/Oslo", r.zone)}
	}
	return location, nil
}

const purposePrefix = "PURPOSE_CODE_"

// purposes are the codes as they are written on the command line.
func purposes() []string {
	var names []string
	for n := int32(1); eventv1.PurposeCode_name[n] != ""; n++ {
		names = append(names, strings.ReplaceAll(strings.ToLower(strings.TrimPrefix(eventv1.PurposeCode_name[n], purposePrefix)), "_", "-"))
	}
	return names
}

// stated is the purpose that was stated. There is none by default: what is
// recorded must be meant.
func (r *reader) stated() (*eventv1.Purpose, error) {
	code := eventv1.PurposeCode_value[purposePrefix+strings.ReplaceAll(strings.ToUpper(r.purpose), "-", "_")]
	if code == 0 {
		return nil, usageError{fmt.Errorf("--purpose %q: say what the history is read for, it is recorded: %s", r.purpose, strings.Join(purposes(), ", "))}
	}
	return &eventv1.Purpose{Code: eventv1.PurposeCode(code), CaseReference: r.cases}, nil
}

// conversationName takes a conversation's name, or its id alone.
func conversationName(text string) string {
	return handover.ConversationName(strings.TrimPrefix(text, "conversations/"))
}

// instant reads a time, or the beginning of a day, in a zone.
func instant(flag, text string, zone *time.Location) (time.Time, error) {
	if day, err := localtime.Day(text, zone); err == nil {
		return day, nil
	}
	at, err := localtime.Instant(text, time.Now(), zone)
	if err != nil {
		return at, usageError{fmt.Errorf("--%s: %w", flag, err)}
	}
	return at, nil
}
