package fit

import (
	"testing"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

const (
	chat  = handoverv1.Channel_CHANNEL_CHAT
	phone = handoverv1.Channel_CHANNEL_PHONE
)

// A line with a door for one area fails for all others only if it has no other door.
func TestWaysIn(t *testing.T) {
	here := &handoverv1.Door{Channel: phone, Areas: []string{"NO-46"}}
	anywhere := &handoverv1.Door{Channel: phone}
	for _, test := range []struct {
		doors []*handoverv1.Door
		area  string
		want  Way
	}{
		{nil, "4601", CommonWay}, {[]*handoverv1.Door{{Channel: chat, Areas: []string{"5001"}}}, "4601", CommonWay},
		{[]*handoverv1.Door{here}, "4601", OwnWay}, {[]*handoverv1.Door{here}, "5001", NoWay}, {[]*handoverv1.Door{here}, "", NoWay},
		{[]*handoverv1.Door{anywhere, here}, "4601", OwnWay}, {[]*handoverv1.Door{here, anywhere}, "5001", CommonWay},
	} {
		if got := WayIn(&handoverv1.Line{Doors: test.doors}, phone, test.area); got != test.want {
			t.Errorf("%v from %q: %v", test.doors, test.area, got)
		}
	}
}
