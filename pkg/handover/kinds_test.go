package handover_test

import (
	"testing"
	"time"

	"github.com/stafett/stafett/pkg/event"
	"github.com/stafett/stafett/pkg/handover"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// eventful are stories in which, together, every kind of event of a conversation
// happens.
func eventful(t *testing.T) []*story {
	duty := handover.RecordDuty{Line: bullying, Decision: handoverv1.DutyDecision_DUTY_DECISION_REPORTED}
	untag := handover.TagConversation{Line: bullying, Remove: []string{"V.physical"}, Recommend: recommend(nil)}
	hop, p := third(t)
	return []*story{
		opened(t).given(tags(bullying), untag, duty, risk(bullying, imminent), closes(bullying)),
		at(t, "CLOSED"), at(t, "RETURNED"), at(t, "CANCEL_CONFIRMED"), at(t, "ABANDONED"), at(t, "SIGNPOSTED"),
		at(t, "EMERGENCY").passes(5 * time.Minute).given(first.confirmEmergency()),
		at(t, "DEFERRED").passes(time.Hour), hop.given(p.approve(), p.override()),
		at(t, "CONSENT_ASKED").passes(3 * time.Minute).given(first.refuse()),
		at(t, "BRIDGED").given(writes(bullying, "kim", all), first.open(), first.withdraw()),
		at(t, "CONFIRMING").given(first.agree()).looks().given(dropsOut(emergency, "ola")).passes(2 * time.Minute),
		at(t, "OFFERED").given(first.seen()).passes(30 * time.Second).given(first.decline()).passes(5 * time.Second),
		at(t, "OFFERED").given(first.deliveredTo(emergency, 1)).passes(45 * time.Second),
		at(t, "OFFERED").given(first.cancel()), at(t, "AWAITING_OUTCOME").passes(25 * time.Hour),
		at(t, "BRIDGED").given(dropsOut(bullying, "child")).looks().given(childComes()).looks(),
		spent(t, "BRIDGED").given(first.decide(goesOn)), at(t, "OFFERED").given(risk(bullying, imminent)).looks(),
		opened(t).given(issue(bullying, bullying), claim(bullying)).passes(time.Minute),
		opened(t).given(issue(bullying, bullying), claim(bullying), answer(bullying, "kim")),
	}
}

// TestEveryKindOfEventIsReplayed: after each append the state folded from the
// stored bytes is the one that was decided, byte for byte.
func TestEveryKindOfEventIsReplayed(t *testing.T) {
	seen := map[string]bool{ // of lines
		"LinePublished": true, "LineRemoved": true, "LineClosed": true, "LineReopened": true, "CapacityReported": true,
		"SeatLeased": true, "RotaPublished": true, "RotaChanged": true, "TicketRefused": true,
		"AccessRecorded": true, "HistoryJudged": true, // in streams of their own
	}
	for _, s := range eventful(t) {
		s.replays()
		for _, r := range s.history {
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

// TestWhatIsFoldedIsWhatWasDecidedOn: a command decides on the state that its
// events then make, also where it makes several.
func TestWhatIsFoldedIsWhatWasDecidedOn(t *testing.T) {
	for state := range states {
		s := at(t, state)
		due, waiting := handover.Due(s.state.Conversation)
		if !waiting {
			continue
		}
		s.now = later(s.now, due)
		s.looks()
		if next, still := handover.Due(s.state.Conversation); still && !next.After(s.now) {
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
