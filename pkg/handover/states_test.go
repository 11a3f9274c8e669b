package handover_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/refusal"
)

// waits is a state of the protocol: who acts next and which commands may come.
// It is the protocol read once more, not the package's own table.
type waits struct{ next, allowed string }

var states = map[string]waits{
	"PROPOSED":         {"SENDER", "AskConsent, CallEmergency, CancelHandover, DecideHop, DeferHandover, OverrideConsent, RefuseConsent, SealPacket, SignpostHandover"},
	"CONSENT_ASKED":    {"CHILD", "CallEmergency, CancelHandover, DeferHandover, GiveConsent, OverrideConsent, RefuseConsent, SealPacket, SignpostHandover"},
	"ROUTING":          {"PLATFORM", "CallEmergency, CancelHandover, DeferHandover, SignpostHandover, WithdrawConsent"},
	"OFFERED":          {"RECEIVER", "AcceptOffer, AcknowledgeOffer, CallEmergency, CancelHandover, DeclineOffer, DeferHandover, SignpostHandover, WithdrawConsent"},
	"ACCEPTED":         {"RECEIVER", "CallEmergency, CancelHandover, DecideHandover, JoinHandover, OpenBridge, OpenPacket, StartBriefing, WithdrawConsent"},
	"BRIEFING":         {"SENDER", "CallEmergency, CancelHandover, DecideHandover, OpenBridge, OpenPacket, WithdrawConsent"},
	"BRIDGED":          {"RECEIVER", "CallEmergency, CancelHandover, ConfirmHandover, DecideHandover, OpenPacket, WithdrawConsent"},
	"CONFIRMING":       {"CHILD", "AgreeToHandover, AttestAgreement, CallEmergency, CancelHandover, OpenPacket, WithdrawConsent"},
	"TRANSFERRED":      {"SENDER", "LeaveHandover, OpenPacket, WithdrawConsent"},
	"AWAITING_OUTCOME": {"RECEIVER", "OpenPacket, ReportOutcome, WithdrawConsent"},
	"CLOSED":           {"NOBODY", "nothing, it has ended"},
	"RETURNED":         {"SENDER", "DecideHandover"},
	"CANCELLED":        {"RECEIVER", "ConfirmCancel"},
	"CANCEL_CONFIRMED": {"NOBODY", "nothing, it has ended"},
	"ABANDONED":        {"NOBODY", "nothing, it has ended"},
	"DEFERRED":         {"SENDER", "CancelHandover, DecideHandover"},
	"SIGNPOSTED":       {"NOBODY", "nothing, it has ended"},
	"EMERGENCY":        {"SENDER", "ConfirmEmergency"},
}

// over says that another handover may begin.
func over(state string) bool { return stateOf(state) >= stateOf("CLOSED") && state != "EMERGENCY" }

// never says that it ended before a line accepted.
func never(state string) bool { return state == "DEFERRED" || state == "SIGNPOSTED" }

func (w waits) allow(command string) bool {
	return slices.Contains(strings.Split(w.allowed, ", "), command)
}

// early says that no line has accepted yet.
func early(state string) bool { return stateOf(state) < stateOf("ACCEPTED") }

// refusalIn is the reason with which a state refuses a command that it does not
// allow. An offer that is not open says so itself, and who accepted nothing
// learns nothing of the state.
func refusalIn(state string, c handover.Command) string {
	switch command, side := commandName(c), sideOf(c); {
	case side == handover.AskedLine && early(state) && state != "OFFERED":
		return "OFFER_NOT_FOUND"
	case side == handover.AskedLine && (command != "ConfirmCancel" || never(state)):
		return "TOO_LATE"
	case side == handover.AskedLine && state == "CANCEL_CONFIRMED":
		return "" // it is known already
	case command == "OpenPacket":
		return "PACKET_CLOSED"
	case side == handover.Receiver && (early(state) || never(state)):
		return "CONVERSATION_NOT_YOURS"
	}
	return "HANDOVER_STATE"
}

func TestEachStateRefusesWhatItDoesNotAllow(t *testing.T) {
	for state, waits := range states {
		t.Run(state, func(t *testing.T) {
			s := at(t, state)
			for _, c := range first.commands() {
				if waits.allow(commandName(c)) {
					continue
				}
				want := refusalIn(state, c)
				if want == "" {
					s.when(c).gives()
				} else if r := s.when(c).refused(want); want == "HANDOVER_STATE" {
					s.tells(r, waits, state, commandName(c))
				}
			}
		})
	}
}

// tells expects that a refusal says where the handover stands and what may be
// done instead.
func (s *story) tells(r *refusal.Error, w waits, state, command string) {
	s.t.Helper()
	want := map[string]string{
		"handover": handover.HandoverName(handover.ConversationName(conversation), 1),
		"state":    state, "command": command, "allowed": w.allowed, "next_actor": w.next,
	}
	if !maps.Equal(r.Metadata, want) {
		s.t.Errorf("%s says %v, want %v", command, r.Metadata, want)
	}
	for name, value := range want {
		if !strings.Contains(r.Message, value) {
			s.t.Errorf("%s: the message %q lacks %s", command, r.Message, name)
		}
	}
}

// TestEachStateAllowsTheRest: such a command is carried out, or refused for
// another reason than the state.
func TestEachStateAllowsTheRest(t *testing.T) {
	for state, waits := range states {
		for _, c := range first.commands() {
			if !waits.allow(commandName(c)) {
				continue
			}
			switch o := at(t, state).when(c); commandName(c) {
			case "OpenBridge", "StartBriefing":
				if state == "ACCEPTED" {
					o.refused("PARTICIPANT_ABSENT")
				}
			case "DecideHop", "DecideHandover":
				if state != "RETURNED" {
					o.refused("NOTHING_TO_DECIDE")
				}
			default:
				if o.err != nil {
					t.Errorf("%s in %s: %v", commandName(c), state, o.err)
				}
			}
		}
	}
}

func TestAllowedListsTheStates(t *testing.T) {
	for state, waits := range states {
		got := strings.Join(handover.AllowedIn(stateOf(state)), ", ")
		if want := strings.TrimPrefix(waits.allowed, "nothing, it has ended"); got != want {
			t.Errorf("%s allows %q, want %q", state, got, want)
		}
	}
}

func TestOneHandoverAtATime(t *testing.T) {
	for state := range states {
		s := at(t, state)
		o := s.when(by(s.state.Conversation.Custody.Line, first.propose()))
		if over(state) {
			o.gives("HandoverProposed").stands("PROPOSED SENDER")
			continue
		}
		r := o.refused("HANDOVER_UNFINISHED")
		if r.Metadata["state"] != state {
			t.Errorf("in %s the refusal says %v", state, r.Metadata)
		}
	}
}

func TestConversationClosesOnlyOutsideOfAHandover(t *testing.T) {
	for state := range states {
		s := at(t, state)
		o := s.when(closes(s.state.Conversation.Custody.Line))
		if stateOf(state) <= stateOf("TRANSFERRED") || state == "EMERGENCY" || state == "DEFERRED" {
			o.refused("HANDOVER_UNFINISHED")
			continue
		}
		o.gives("ConversationClosed", "CustodyClosed")
		if c := s.state.Conversation; c.Custody.Line != "" || c.CloseTime == nil || c.CloseReason == 0 {
			t.Errorf("in %s it closed with custody at %q", state, c.Custody.Line)
		}
	}
}
