package decide_test

import (
	"strings"
	"testing"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/command"
	"github.com/stafett/stafett/pkg/handover/decide"
	"github.com/stafett/stafett/pkg/internal/story"
)

// refusalIn is the reason with which a state refuses a command that it does not
// allow. An offer that is not open says so itself, and who accepted nothing
// learns nothing of the state.
func refusalIn(state string, c decide.Command) string {
	switch command, side := story.CommandName(c), story.SideOf(c); {
	case side == handover.AskedLine && story.Early(state) && state != "OFFERED":
		return "OFFER_NOT_FOUND"
	case side == handover.AskedLine && (command != "ConfirmCancel" || story.Never(state)):
		return "TOO_LATE"
	case side == handover.AskedLine && state == "CANCEL_CONFIRMED":
		return "" // it is known already
	case command == "OpenPacket":
		return "PACKET_CLOSED"
	case side == handover.Receiver && (story.Early(state) || story.Never(state)):
		return "CONVERSATION_NOT_YOURS"
	}
	return "HANDOVER_STATE"
}

func TestEachStateRefusesWhatItDoesNotAllow(t *testing.T) {
	for state, waits := range story.States {
		t.Run(state, func(t *testing.T) {
			s := story.At(t, state)
			for _, c := range story.First.Commands() {
				if waits.Allow(story.CommandName(c)) {
					continue
				}
				want := refusalIn(state, c)
				if want == "" {
					s.When(c).Gives()
				} else if r := s.When(c).Refused(want); want == "HANDOVER_STATE" {
					s.Tells(r, waits, state, story.CommandName(c))
				}
			}
		})
	}
}

// TestEachStateAllowsTheRest: such a command is carried out, or refused for
// another reason than the state.
func TestEachStateAllowsTheRest(t *testing.T) {
	for state, waits := range story.States {
		for _, c := range story.First.Commands() {
			if !waits.Allow(story.CommandName(c)) {
				continue
			}
			switch o := story.At(t, state).When(c); story.CommandName(c) {
			case "OpenBridge", "StartBriefing":
				if state == "ACCEPTED" {
					o.Refused("PARTICIPANT_ABSENT")
				}
			case "DecideHop", "DecideHandover":
				if state != "RETURNED" {
					o.Refused("NOTHING_TO_DECIDE")
				}
			case "OverrideConsent": // without danger
				o.Refused("FIELD_INVALID")
			case "TakeBack":
				o.Refused("NOT_ASKED_TO_STAY")
			case "ReportOutcome":
				if state == "CLOSED" {
					o.Refused("HANDOVER_STATE")
				}
			default:
				if o.Err != nil {
					t.Errorf("%s in %s: %v", story.CommandName(c), state, o.Err)
				}
			}
		}
	}
}

func TestAllowedListsTheStates(t *testing.T) {
	for state, waits := range story.States {
		got := strings.Join(command.AllowedIn(story.StateOf(state)), ", ")
		if want := strings.TrimPrefix(waits.Allowed, "nothing, it has ended"); got != want {
			t.Errorf("%s allows %q, want %q", state, got, want)
		}
	}
}

func TestOneHandoverAtATime(t *testing.T) {
	for state := range story.States {
		s := story.At(t, state)
		o := s.When(story.By(s.State.Conversation.Custody.Line, story.First.Propose()))
		if story.Over(state) {
			o.Gives("HandoverProposed").Stands("PROPOSED SENDER 10m0s")
			continue
		}
		r := o.Refused("HANDOVER_UNFINISHED")
		if r.Metadata["state"] != state {
			t.Errorf("in %s the refusal says %v", state, r.Metadata)
		}
	}
}

func TestConversationClosesOnlyOutsideOfAHandover(t *testing.T) {
	for state := range story.States {
		s := story.At(t, state)
		line := s.State.Conversation.Custody.Line
		o := s.When(s.Signs(story.Closes(line), "eli", "chief"))
		if story.StateOf(state) <= story.StateOf("TRANSFERRED") || state == "DEFERRED" {
			o.Refused("HANDOVER_UNFINISHED")
			continue
		}
		o.Gives("ConversationClosed", "CustodyClosed")
		if c := s.State.Conversation; c.Custody.Line != "" || c.CloseTime == nil || c.CloseReason == 0 {
			t.Errorf("in %s it closed with custody at %q", state, c.Custody.Line)
		}
	}
}
