package directory

import (
	"github.com/stafett/stafett/pkg/yamlread"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

const (
	wantWindows = `["Sun-Thu 15:00-21:00"]`
	wantHours   = "{chat: " + wantWindows + "}"
)

// week marks the minutes of a week at which a channel is open already.
type week [7 * dayMinutes]bool

func readHours(value yamlread.Value) []*handoverv1.Hours {
	var hours []*handoverv1.Hours
	for _, entry := range value.Entries(wantHours) {
		channel := channelNamed(entry.Key)
		if channel == handoverv1.Channel_CHANNEL_UNSPECIFIED {
			entry.At.Refuse("unknown channel %q; write chat, phone, sms or email", entry.Key)
		}
		hours = append(hours, &handoverv1.Hours{Channel: channel, Windows: readWindows(entry.Value)})
	}
	return hours
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

func readWindows(list yamlread.Value) []*handoverv1.Window {
	var windows []*handoverv1.Window
	var open week
	for _, member := range list.List(wantWindows) {
		text, ok := member.Text(wantWindows)
		if !ok {
			continue
		}
		window, err := parseWindow(text)
		if err != nil {
			member.Refuse("%v", err)
			continue
		}
		if !open.add(window) {
			member.Refuse("window %q overlaps itself or one before it; make them one, or end one where the other begins", text)
		}
		windows = append(windows, window)
	}
	return windows
}

// add marks the window, and says false at the first minute that is marked already.
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
