package cli

import (
	"regexp"
	"time"

	"github.com/spf13/cobra"

	"github.com/stafett/stafett/pkg/client"
	"github.com/stafett/stafett/tools/stafett/internal/localtime"
)

// localRefusal is a refusal in which times stand as the caller writes them.
type localRefusal struct {
	error
	zone *time.Location
}

func (l localRefusal) Unwrap() error { return l.error }

// InZoneOf tells a refusal's times on the clock that a command was given. The platform
// tells them in UTC.
func InZoneOf(command *cobra.Command, err error) error {
	flag := command.Flags().Lookup("zone")
	if flag == nil || client.Reason(err) == "" {
		return err
	}
	zone, unknown := localtime.Zone(flag.Value.String())
	if unknown != nil {
		return err
	}
	return localRefusal{err, zone}
}

var utc = regexp.MustCompile(`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z`)

func (l localRefusal) local(message string) string {
	return utc.ReplaceAllStringFunc(message, func(text string) string {
		at, err := time.Parse(time.RFC3339Nano, text)
		if err != nil {
			return text
		}
		return at.In(l.zone).Format(time.RFC3339)
	})
}
