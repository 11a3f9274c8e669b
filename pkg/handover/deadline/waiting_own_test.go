package deadline_test

import (
	"testing"
	"time"

	"google.golang.org/protobuf/types/known/durationpb"

	"github.com/stafett/stafett/pkg/internal/story"
)

// TestALineSetsHowLongAChildWaits before it is alerted, once more, and before its supervisors are told.
func TestALineSetsHowLongAChildWaits(t *testing.T) {
	const own = 20 * time.Second
	s := story.Begin(t).Given(story.With(story.OpenConversation(), "Waiting", durationpb.New(own)))
	for _, gives := range [][]string{{"CustodyAlerted"}, {"CustodyAlerted"}, {"SupervisorTold", "CustodyAlerted"}} {
		s.Wait(own - 1).When(s.Advance()).Gives()
		s.Wait(1).When(s.Advance()).Gives(gives...)
	}
	s.Wait(5*time.Minute - 1).When(s.Advance()).Gives()
	s.Wait(1).When(s.Advance()).Gives("SupervisorTold", "CustodyAlerted").Told(story.Bullying + " WAITING")
}
