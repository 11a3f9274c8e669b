package invariant_test

import (
	"bytes"
	"strings"
	"time"

	"google.golang.org/protobuf/encoding/protowire"

	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// brokenTrust spoils what the child was promised: I6, I7, I10 and I13.
var brokenTrust = []spoilt{
	{"an asked line opens the packet", nobody, before[*eventv1.OfferDeclined]("line/"+mind,
		&eventv1.PacketOpened{Handover: 1, Line: mind}), "I6"},
	{"the packet opens before the accept", warm, swap[*eventv1.PacketOpened, *eventv1.OfferAccepted], "I6"},
	{"another line opens the packet", warm, change(func(k *eventv1.PacketOpened) { k.Line = mind }), "I6 VOICE"},
	{"the packet opens after the return", dropped, after[*eventv1.HandoverReturned]("line/"+emergency,
		&eventv1.PacketOpened{Handover: 1, Line: emergency}), "I6"},
	{"the packet opens after the cancelling", unjoined(cancelling), func(s *story) {
		s.tell("line/"+emergency, &eventv1.PacketOpened{Handover: 1, Line: emergency})
	}, "I6 VOICE"},
	{"the packet opens after a refusal", warm, before[*eventv1.PacketOpened]("line/"+bullying,
		&eventv1.ConsentRefused{Handover: 1}), "I2 I6 I13 VOICE"},
	{"the packet opens on an introduction only", warm, change(func(k *eventv1.ConsentGiven) { k.Scopes = k.Scopes[:1] }), "I6"},
	{"the packet opens after the consent was taken back", withdrawn, func(s *story) {
		drop[*eventv1.OfferWithdrawn](s)
		before[*eventv1.ConsentWithdrawn]("line/"+emergency,
			&eventv1.OfferAccepted{Handover: 1, Offer: 1, Line: emergency, Deadline: s.in(30)})(s)
		after[*eventv1.ConsentWithdrawn]("line/"+emergency, &eventv1.PacketOpened{Handover: 1, Line: emergency})(s)
	}, "I6 I13"},

	{"a part replaced after the yes", warm, before[*eventv1.HandoverRouted]("line/"+bullying,
		&eventv1.PacketSealed{Handover: 1, Part: handoverv1.Scope_SCOPE_ONE_LINE, Commitment: bytes.Repeat([]byte{9}, 32), SizeBucket: 256}), "I20"},
	{"a yes to another text", warm, change(func(k *eventv1.ConsentGiven) {
		k.Parts = []*handoverv1.PacketPart{{Part: handoverv1.Scope_SCOPE_ONE_LINE, Commitment: bytes.Repeat([]byte{9}, 32)}}
	}), "I20"},
	{"an override at no danger", overridden, change(func(k *eventv1.ConsentOverridden) { k.Risk = handoverv1.RiskLevel_RISK_LEVEL_R1 }), "I20"},
	{"an override of a summary", overridden, change(func(k *eventv1.ConsentOverridden) {
		k.Scopes, k.Risk = append(k.Scopes, handoverv1.Scope_SCOPE_SUMMARY), handoverv1.RiskLevel_RISK_LEVEL_R3
	}), "I20"},

	{"a sentence in a code", nobody, change(func(k *eventv1.ParticipantJoined) { k.Participant = "my name is" }), "I7"},
	{"a long string", nobody, change(func(k *eventv1.ConversationOpened) { k.Language = strings.Repeat("a", 129) }), "I7"},
	{"a sentence in a list", nobody, before[*eventv1.HandoverProposed]("line/"+bullying,
		&eventv1.ConversationTagged{Added: []string{"V.physical", "he hits me"}}), "I7"},
	{"a short commitment", warm, change(func(k *eventv1.PacketSealed) { k.Commitment = k.Commitment[:31] }), "I7"},
	{"no commitment", warm, change(func(k *eventv1.MessageSent) { k.Commitment = nil }), "I7"},
	{"content in an unknown field", nobody, change(func(k *eventv1.ConsentAsked) {
		k.ProtoReflect().SetUnknown(protowire.AppendString(protowire.AppendTag(nil, 99, protowire.BytesType), "secret"))
	}), "I7"},
	{"a sentence as the name of a command", nobody, func(s *story) { s.appends[0].Command = "he hits me" }, "I7"},
	{"a line's facts in a conversation", nobody, before[*eventv1.HandoverProposed](platform,
		&eventv1.LinePublished{Line: &handoverv1.Line{DisplayNames: map[string]string{"nb": "free text"}}}), "I7 OWN"},

	{"a duty recorded for another line", warm, change(func(k *eventv1.DutyRecorded) { k.Line = bullying }), "I10 VOICE"},
	{"a duty recorded by a service", warm, func(s *story) {
		i, _, _ := where[*eventv1.DutyRecorded](s)
		s.appends[i].Caller = "spiffe://stafett.test/service/" + emergency
	}, "I10 VOICE"},

	{"a refused handover does not come back", withdrawn, drop[*eventv1.HandoverReturned], "I13 ORDER"},
	{"an offer after a refusal", withdrawn, func(s *story) {
		_, _, routed := where[*eventv1.HandoverRouted](s)
		routed.Decision.Candidates[1] = &handoverv1.Candidate{Line: mind}
		after[*eventv1.ConsentWithdrawn](platform, s.sends(1, 2, mind, 45), &eventv1.OfferWithdrawn{Handover: 1, Offer: 2})(s)
	}, "I13"},
	{"cancelled after a refusal", withdrawn, func(s *story) {
		after[*eventv1.ConsentWithdrawn]("line/"+bullying, &eventv1.OfferWithdrawn{Handover: 1, Offer: 1},
			&eventv1.HandoverCancelled{Handover: 1})(s)
		drop[*eventv1.HandoverReturned](s)
	}, "I5 I13"},
	{"a refused handover comes back late", withdrawn, func(s *story) {
		i, _, _ := where[*eventv1.HandoverReturned](s)
		s.later(i, 10*time.Second)
	}, "I13"},
	{"refused, then asked again in the same handover", withdrawn, func(s *story) {
		after[*eventv1.ConsentWithdrawn]("line/"+bullying, &eventv1.ConsentAsked{Handover: 1, Deadline: s.in(300), RemindTime: s.in(150)})(s)
	}, "I13 ORDER"},
}
