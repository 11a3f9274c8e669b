package cli

import (
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/stafett/stafett/tools/stafett/internal/localtime"
)

// TimeUsage is how times are written on the command line.
const TimeUsage = `21:00 (today, on the line's clock), "2026-11-23 21:00", or RFC 3339`

// Instant reads a flag's time in a zone.
func (c *Caller) Instant(flag, text string, zone *time.Location) (*timestamppb.Timestamp, error) {
	at, err := localtime.Instant(text, c.Clock.Now(), zone)
	if err != nil {
		return nil, Usagef("--%s: %w", flag, err)
	}
	return timestamppb.New(at), nil
}

// Upcoming reads a flag's time that must not be over.
func (c *Caller) Upcoming(flag, text string, zone *time.Location) (*timestamppb.Timestamp, error) {
	at, err := c.Instant(flag, text, zone)
	if err == nil && !at.AsTime().After(c.Clock.Now()) {
		tomorrow := c.Clock.Now().In(zone).AddDate(0, 0, 1).Format(time.DateOnly)
		err = Usagef("--%s %s has passed in %s; give the date as well, for example %q", flag, text, zone, tomorrow+" 01:00")
	}
	return at, err
}
