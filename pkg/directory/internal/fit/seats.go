package fit

import handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"

// LastSeated is the last channel that has seats. In sms and e-mail nobody waits at a desk.
const LastSeated = handoverv1.Channel_CHANNEL_PHONE

// HasSeats reports whether the channel needs a person at a desk: chat and phone.
func HasSeats(channel handoverv1.Channel) bool {
	return channel == handoverv1.Channel_CHANNEL_CHAT || channel == LastSeated
}
