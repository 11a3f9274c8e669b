package linefile

import (
	"github.com/stafett/stafett/pkg/directory/schedule"
	"github.com/stafett/stafett/pkg/yamlread"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

const (
	wantWindows = `["Sun-Thu 15:00-21:00"]`
	wantHours   = "{chat: " + wantWindows + "}"
	// maxMembers limits how many hours of one channel, or days of one line, are compared with
	// each other.
	maxMembers = 20
)

// week marks the minutes of a week at which a channel is open already.
type week [7 * dayMinutes]bool

const dayMinutes = 24 * 60

func readHours(value yamlread.Value) []*handoverv1.Hours {
	var hours []*handoverv1.Hours
	for _, entry := range value.Entries(wantHours) {
		of := &handoverv1.Hours{Channel: readChannel(entry.At, entry.Key)}
		readMembers(entry.Value, of)
		hours = append(hours, of)
	}
	return hours
}

func readChannel(at yamlread.Value, name string) handoverv1.Channel {
	channel := channelNamed(name)
	if channel == handoverv1.Channel_CHANNEL_UNSPECIFIED {
		at.Refuse("unknown channel %q; write chat, phone, sms or email", name)
	}
	return channel
}

func channelNamed(name string) handoverv1.Channel {
	switch name {
	case "chat":
		return handoverv1.Channel_CHANNEL_CHAT
	case "phone":
		return handoverv1.Channel_CHANNEL_PHONE
	case "sms":
		return handoverv1.Channel_CHANNEL_SMS
	case "email":
		return handoverv1.Channel_CHANNEL_EMAIL
	}
	return handoverv1.Channel_CHANNEL_UNSPECIFIED
}

// placed is an entry that was read, its place in the file, and whether it is a weekly window.
// Weekly windows are already compared minute by minute.
type placed struct {
	*schedule.Member
	at     yamlread.Value
	weekly bool
}

// readMembers reads the windows and schedules of a channel and compares them.
func readMembers(list yamlread.Value, into *handoverv1.Hours) {
	members := list.List(wantWindows)
	if len(members) > maxMembers {
		members[maxMembers].Refuse("this is more than %d windows and schedules on one channel; write fewer, for example one with more days", maxMembers)
		return
	}
	var before []placed
	var open week
	for _, value := range members {
		member := placed{at: value, weekly: !value.IsMapping()}
		if member.weekly {
			member.Member = readWindow(value, into, &open)
		} else {
			member.Member = readSchedule(value, into)
		}
		if member.Member != nil {
			member.compare(before)
			before = append(before, member)
		}
	}
}

func (p placed) compare(before []placed) {
	for _, other := range before {
		if p.weekly && other.weekly {
			continue
		}
		if day, overlaps := p.Overlap(other.Member); overlaps {
			p.at.Refuse("this overlaps the hours at %s, first on %s; end one where the other begins, or give it valid_to", other.at.Place(), day)
		}
	}
}

func readWindow(value yamlread.Value, into *handoverv1.Hours, open *week) *schedule.Member {
	text, ok := value.Text(wantWindows)
	if !ok {
		return nil
	}
	window, err := schedule.ParseWindow(text)
	if err != nil {
		value.Refuse("%v", err)
		return nil
	}
	if !open.add(window) {
		value.Refuse("window %q overlaps itself or one before it; make them one, or end one where the other begins", text)
	}
	into.Windows = append(into.Windows, window)
	return schedule.MemberOf(window)
}

// add marks the window's minutes; it returns false at the first minute that is marked
// already.
func (w *week) add(window *handoverv1.Window) bool {
	for _, weekday := range window.GetWeekdays() {
		for minute := window.GetOpensMinute(); minute < window.GetClosesMinute(); minute++ {
			at := &w[((weekday-1)*dayMinutes+minute)%int32(len(w))]
			if *at {
				return false
			}
			*at = true
		}
	}
	return true
}
