package deadline

import (
	"time"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/decide"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	statev1 "github.com/stafett/stafett/proto/stafett/state/v1"
)

// AtOnce is a deadline that has always passed.
var AtOnce = time.Unix(0, 0).UTC()

// due is a deadline and what the platform does when it fires.
type due struct {
	at time.Time
	do func(t *decide.Turn)
}

// Due returns when the platform must next look at a conversation: its next deadline, or
// AtOnce if there is work to do now. It reports false if the conversation has no
// deadline.
func Due(c *statev1.Conversation) (time.Time, bool) {
	next, waiting := earliest(handover.Of(c))
	return next.at, waiting
}

// earliest returns the first deadline. Of deadlines at the same instant it picks the
// one that matters most to the child, which dues lists first.
func earliest(c handover.Conversation) (next due, waiting bool) {
	for _, d := range dues(c) {
		if !waiting || d.at.Before(next.at) {
			next, waiting = d, true
		}
	}
	return next, waiting
}

// dues lists every deadline of a conversation.
func dues(c handover.Conversation) []due {
	if c.GetCustody() == nil || c.Child() == nil {
		return nil // not opened yet
	}
	var all []due
	if c.CloseTime == nil {
		all = append(custodyDues(c), emergencyDues(c)...)
		all = append(all, legDues(c)...)
	}
	for h := range c.Handovers() {
		all = append(all, handoverDues(c, h)...)
	}
	all = append(all, consultationDues(c)...)
	return append(all, disappearanceDues(c)...)
}

// Advance fires the deadlines that have passed, withdraws offers from lines that can no longer take
// the child, asks the sender about promises that cannot be kept, and sees whether the door at which the child waits is closed. It is safe to run early, late or twice: it goes by the clock, the
// state and the directory, and does nothing if nothing is due.
type Advance struct {
	// Rank, Skip, Shut, Keeps and Door are the directory's.
	Rank  handover.Rank
	Skip  handover.Skip
	Shut  handover.Shut
	Keeps handover.Keeps
	Door  handover.Door
}

// advances is the maximum number of deadlines that one commit handles. The rest are due
// at once and go into the next commit.
const advances = 8

func (c Advance) Decide(t *decide.Turn) error {
	if err := t.Admit(""); err != nil {
		return err
	}
	t.Rank, t.Skip = c.Rank, c.Skip
	withdrawShut(t, c.Shut)
	if h := t.Conversation.Current(); h.GetState() == handover.Offered {
		t.AskOwed(h)
	}
	withdrawShutConsultation(t, c.Shut)
	losePromises(t, c.Keeps)
	lookAtDoor(t, c.Door)
	for range advances {
		next, waiting := earliest(t.Conversation)
		if !waiting || t.Now.Before(next.at) {
			break
		}
		next.do(t)
	}
	return nil
}

// alertSupervisors alerts a line's supervisors.
func alertSupervisors(t *decide.Turn, h handover.Handover, line string, reason handoverv1.SupervisorReason) {
	t.Emit(&eventv1.SupervisorTold{Handover: h.Number(), Line: line, Reason: reason})
}
