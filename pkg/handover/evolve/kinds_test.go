package evolve_test

import (
	"testing"
	"time"

	"github.com/stafett/stafett/pkg/event"
	"github.com/stafett/stafett/pkg/handover/command"
	"github.com/stafett/stafett/pkg/handover/deadline"
	"github.com/stafett/stafett/pkg/internal/story"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	sealv1 "github.com/stafett/stafett/proto/stafett/seal/v1"
	statev1 "github.com/stafett/stafett/proto/stafett/state/v1"
)

// eventful are stories in which, together, every kind of event of a conversation
// happens.
func eventful(t *testing.T) []*story.Story {
	duty := command.RecordDuty{Line: story.Bullying, Decision: handoverv1.DutyDecision_DUTY_DECISION_REPORTED}
	untag := command.TagConversation{Line: story.Bullying, Remove: []string{"V.physical"}, Recommend: story.Recommend(nil)}
	hop, p := story.Third(t)
	granted := story.At(t, "ACCEPTED")
	granted.Given(story.First.Grant(story.GrantUnder(granted.Terms(1, sealv1.Kind_KIND_BRIDGE, 0))))
	return []*story.Story{granted,
		story.Opened(t).Given(story.Tags(story.Bullying), untag, duty, story.Risk(story.Bullying, story.Imminent), story.Risk(story.Bullying, handoverv1.RiskLevel_RISK_LEVEL_R1), story.Closes(story.Bullying)),
		story.Opened(t).Given(story.Corrects(story.Bullying, "ar")),
		story.At(t, "CLOSED"), story.At(t, "RETURNED"), story.At(t, "CANCEL_CONFIRMED"), story.At(t, "ABANDONED"), story.At(t, "SIGNPOSTED"), story.At(t, "REVERSED"),
		story.At(t, "BRIDGED").Given(story.CallsHelp(story.Emergency, "ola")).Passes(5 * time.Minute).Given(story.HelpCame(story.Bullying, "kim")),
		story.At(t, "BRIDGED").Given(story.First.Decline()),
		story.At(t, "BRIDGED").Given(story.DropsOut(story.Bullying, "kim")).Looks(),
		story.Opened(t).Given(story.Risk(story.Bullying, story.Imminent), story.DropsOut(story.Bullying, "child")).Looks().Given(story.Searches(story.Bullying, "kim")),
		story.Opened(t).Given(story.CallsHelp(story.Bullying, "kim"), story.Mistaken(story.Bullying, "kim", "chief")),
		lost(t),
		story.AtDoor(t).Passes(time.Hour),
		story.At(t, "DEFERRED").Passes(time.Hour), hop.Given(story.Risk(p.From, story.Serious), p.Approve(), p.Override()),
		story.At(t, "CONSENT_ASKED").Passes(3 * time.Minute).Given(story.First.Refuse()),
		story.At(t, "BRIDGED").Given(story.Writes(story.Bullying, "kim", story.All), story.First.Open(), story.First.Withdraw()),
		story.At(t, "CONFIRMING").Given(story.First.Agree()).Looks().Given(story.DropsOut(story.Emergency, "ola")).Passes(2 * time.Minute),
		story.At(t, "OFFERED").Given(story.First.Seen()).Passes(30 * time.Second).Given(story.First.Decline()).Passes(5 * time.Second),
		story.At(t, "OFFERED").Given(story.First.DeliveredTo(story.Emergency, 1)).Passes(45 * time.Second),
		story.At(t, "OFFERED").Given(story.First.Cancel()), story.At(t, "AWAITING_OUTCOME").Passes(25 * time.Hour),
		story.At(t, "BRIDGED").Given(story.DropsOut(story.Bullying, "child")).Looks().Given(story.ChildComes()).Looks(),
		story.Spent(t, "BRIDGED").Given(story.First.Decide(story.GoesOn)), story.At(t, "OFFERED").Given(story.Risk(story.Bullying, story.Imminent)).Looks(),
		story.Opened(t).Given(story.Issue(story.Bullying, story.Bullying), story.Claim(story.Bullying)).Passes(time.Minute),
		story.Opened(t).Given(story.Advised.Ask(), story.Advised.Seen()).Passes(20*time.Second).Given(story.Advised.Accept(), story.Advised.Brief(), story.Advised.Answer(story.AdviceGiven)),
		story.Opened(t).Given(story.Advised.Ask(), story.Advised.Decline()), story.Opened(t).Given(story.Advised.Ask()).Passes(time.Minute),
		story.Opened(t).Given(story.Advised.Ask(), story.Advised.Withdraw()),
		story.Opened(t).Given(story.Issue(story.Bullying, story.Bullying), story.Claim(story.Bullying), story.Answer(story.Bullying, "kim")),
	}
}

// lost is a promise that cannot be kept.
func lost(t *testing.T) *story.Story {
	return story.At(t, "DEFERRED").Given(deadline.Advance{Keeps: func(*statev1.Conversation, *handoverv1.Slot) (handoverv1.PassReason, []*handoverv1.Slot) {
		return handoverv1.PassReason_PASS_REASON_CLOSED, nil
	}})
}

// TestEveryKindOfEventIsReplayed: after each commit the state folded from the
// stored bytes is the one that was decided, byte for byte.
func TestEveryKindOfEventIsReplayed(t *testing.T) {
	seen := map[string]bool{ // of lines
		"LinePublished": true, "LineRemoved": true, "LineClosed": true, "LineReopened": true, "CapacityReported": true,
		"SeatLeased": true, "RotaPublished": true, "RotaChanged": true, "TicketRefused": true,
		"LineKeyPublished": true, "LineKeyRetired": true, "LineKeyRevoked": true, "StaffKeyRegistered": true, "StaffKeyRevoked": true,
		"LineSuspended": true, "LineReinstated": true,
		"AccessRecorded": true, "HistoryJudged": true, "LogRecovered": true, // in streams of their own
	}
	for _, s := range eventful(t) {
		s.Replays()
		for _, r := range s.History {
			for _, name := range event.Names(r.Commit.Events) {
				seen[name] = true
			}
		}
	}
	for _, e := range kinds(0) {
		if !seen[event.Name(e)] {
			t.Errorf("%s happens in no story", event.Name(e))
		}
	}
}

// TestWhatIsAppliedIsWhatWasDecidedOn: a command decides on the state that its
// events then make, also where it makes several.
func TestWhatIsAppliedIsWhatWasDecidedOn(t *testing.T) {
	for state := range story.States {
		s := story.At(t, state)
		due, waiting := deadline.Due(s.State.Conversation)
		if !waiting {
			continue
		}
		s.Now = later(s.Now, due)
		s.Looks()
		if next, still := deadline.Due(s.State.Conversation); still && !next.After(s.Now) {
			t.Errorf("in %s the platform did all that was due, and more is", state)
		}
	}
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
