package handover_test

import (
	"testing"

	"github.com/stafett/stafett/pkg/handover"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// TestALineThatIsShutEntirely is so for the same reason each time, although it differs between channels.
func TestALineThatIsShutEntirely(t *testing.T) {
	shut := handover.Shut(func(_ string, channel handoverv1.Channel) handoverv1.PassReason {
		if channel == handoverv1.Channel_CHANNEL_CHAT {
			return handoverv1.PassReason_PASS_REASON_SUSPENDED
		}
		return handoverv1.PassReason_PASS_REASON_CLOSED
	})
	for range 100 {
		if why := shut.Entirely("brus"); why != handoverv1.PassReason_PASS_REASON_CLOSED {
			t.Fatalf("it is shut because %s", why)
		}
	}
}
