// Package linesview shows lines to people: whether they can take somebody now, all that
// is published of them, what changes about them, and who staffs them. Times are told on
// the clock of the line.
package linesview

import (
	"fmt"
	"time"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	"github.com/stafett/stafett/tools/stafett/internal/cli"
	"github.com/stafett/stafett/tools/stafett/internal/localtime"
	"github.com/stafett/stafett/tools/stafett/internal/output"
	"github.com/stafett/stafett/tools/stafett/internal/wording"
)

// View says how lines are shown.
type View struct {
	Lang wording.Language
	// Now is the instant at which they are looked at.
	Now time.Time
}

// State is a line with what is known of it at the moment.
type State struct {
	Line *handoverv1.Line
	Now  *routingv1.Availability
}

// Zone is the line's time zone; UTC if it has no known one.
func Zone(line *handoverv1.Line) *time.Location {
	zone, err := localtime.Zone(line.GetTimeZone())
	if err != nil {
		return time.UTC
	}
	return zone
}

// Name is what people call the line.
func (v View) Name(line *handoverv1.Line) string {
	return output.Plain(v.Lang.Name(line.GetDisplayNames(), line.GetName()))
}

// State tells whether a channel is open and until when, or why not and when it opens.
func (v View) State(channel *routingv1.ChannelAvailability, zone *time.Location) string {
	why := v.Lang.Code(channel.GetClosedReason())
	switch {
	case channel.GetOpen() && channel.GetCloseTime() == nil:
		return v.Lang.Say("open")
	case channel.GetOpen():
		return v.Lang.Say("open_until", v.Lang.Time(channel.GetCloseTime().AsTime(), v.Now, zone))
	case channel.GetNextOpenTime() == nil:
		return v.Lang.Say("closed", why)
	}
	return v.Lang.Say("closed_opens", why, v.Lang.Time(channel.GetNextOpenTime().AsTime(), v.Now, zone))
}

// free and waiting are numbers, or a question mark where nobody knows, or nothing on a
// channel at which nobody waits at a desk.
func free(channel *routingv1.ChannelAvailability) string {
	return number(channel.GetChannel(), channel.FreeSeats)
}

func waiting(channel *routingv1.ChannelAvailability) string {
	return number(channel.GetChannel(), channel.Queue)
}

func number(channel handoverv1.Channel, known *int32) string {
	switch {
	case !seated(channel):
		return "-"
	case known == nil:
		return "?"
	}
	return fmt.Sprint(*known)
}

// For is the view of a caller, who reads in a language at a time.
func For(c *cli.Caller) View { return View{Lang: c.Lang, Now: c.Clock.Now()} }
