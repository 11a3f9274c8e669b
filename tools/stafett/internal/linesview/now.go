package linesview

import (
	"io"
	"time"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
)

// Channels prints whether each channel of a line is open now, with the time zone.
func (v View) Channels(out io.Writer, state State) error {
	return printSection(out, v.Lang.Say("state_now", state.Line.GetTimeZone()), v.now(state))
}

func (v View) now(state State) [][]string {
	var rows [][]string
	for _, channel := range state.Now.GetChannels() {
		rows = append(rows, []string{v.Lang.Code(channel.GetChannel()), v.State(channel, Zone(state.Line)), v.seats(channel)})
	}
	return rows
}

// seats says how many are free. At a channel that is closed it goes without saying that
// nobody knows.
func (v View) seats(channel *routingv1.ChannelAvailability) string {
	switch {
	case channel.FreeSeats != nil:
		return v.Lang.Say("seats", free(channel), waiting(channel))
	case channel.GetOpen() && seated(channel.GetChannel()):
		return v.Lang.Say("seats_not_told")
	}
	return ""
}

func (v View) closures(state State) [][]string {
	var rows [][]string
	for _, closure := range state.Now.GetClosures() {
		rows = append(rows, []string{
			v.channels(closure.GetChannels()), v.Lang.Code(closure.GetReason()),
			v.span(closure.GetStartTime().AsTime(), closure.GetEndTime().AsTime(), Zone(state.Line)),
		})
	}
	return rows
}

// span is a time with its end, whose day is told where it is another.
func (v View) span(from, until time.Time, zone *time.Location) string {
	return v.Lang.Time(from, v.Now, zone) + " - " + v.Lang.Time(until, v.Now, zone)
}

func (v View) duty(state State) [][]string {
	var rows [][]string
	for _, on := range []struct {
		phrase string
		shift  *handoverv1.Shift
	}{{"now_word", state.Now.GetShift()}, {"next", state.Now.GetNextShift()}} {
		if on.shift != nil {
			rows = append(rows, append([]string{v.Lang.Say(on.phrase)}, v.shift(on.shift, Zone(state.Line))...))
		}
	}
	return rows
}

// shift tells who has it, when, and why.
func (v View) shift(shift *handoverv1.Shift, zone *time.Location) []string {
	return []string{
		v.unit(shift), v.span(shift.GetStartTime().AsTime(), shift.GetEndTime().AsTime(), zone),
		v.Lang.ShiftReason(shift.GetReason()), shift.GetInsteadOf(),
	}
}
