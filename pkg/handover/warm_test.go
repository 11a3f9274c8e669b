package handover_test

import (
	"testing"
	"time"

	"github.com/stafett/stafett/pkg/handover"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// step is a command, what it gives and where the handover then stands.
type step struct {
	command handover.Command
	gives   []string
	stands  string
}

func (s *story) walks(steps ...step) *story {
	s.t.Helper()
	for _, step := range steps {
		s.wait(time.Second).when(step.command).gives(step.gives...)
		s.stands(step.stands)
	}
	return s
}

func TestWarmHandover(t *testing.T) {
	s := begin(t)
	s.when(openConversation()).gives("ConversationOpened", "CustodyOpened", "ParticipantJoined")
	s.when(comes(bullying, "kim")).gives("ParticipantJoined")
	s.walks(
		step{first.propose(), []string{"HandoverProposed"}, "PROPOSED SENDER"},
		step{first.seal(), []string{"PacketSealed"}, "PROPOSED SENDER"},
		step{first.ask(), []string{"ConsentAsked"}, "CONSENT_ASKED CHILD 5m0s"},
		step{first.give(intro, oneLine, feedback), []string{"ConsentGiven"}, "ROUTING PLATFORM 2s"},
		step{s.advance(), []string{"HandoverRouted", "OfferSent"}, "OFFERED RECEIVER 45s"},
		step{handover.AcknowledgeOffer{Line: emergency, Handover: 1, Offer: 1, State: handoverv1.OfferState_OFFER_STATE_DELIVERED},
			[]string{"OfferDelivered"}, "OFFERED RECEIVER 44s"},
		step{first.seen(), []string{"OfferAlerting"}, "OFFERED RECEIVER 43s"},
		step{first.accept(), []string{"OfferAccepted"}, "ACCEPTED RECEIVER 30s"},
		step{first.open(), []string{"PacketOpened"}, "ACCEPTED RECEIVER 29s"},
		step{first.join(), []string{"ReceiverJoined"}, "ACCEPTED SENDER 2m0s"},
		step{first.brief(), []string{"BriefingStarted"}, "BRIEFING SENDER 2m0s"},
		step{first.bridge(), []string{"BridgeOpened"}, "BRIDGED RECEIVER 2m0s"},
		step{writes(emergency, "ola", all), []string{"MessageSent"}, "BRIDGED RECEIVER 1m59s"},
		step{first.confirm(), []string{"ReceiverConfirmed"}, "CONFIRMING CHILD 1m30s"},
		step{first.agree(), []string{"ChildAgreed"}, "CONFIRMING PLATFORM 1m29s"},
		step{s.advance(), []string{"CustodyTransferred"}, "TRANSFERRED SENDER 1m0s"},
		step{first.leave(), []string{"SenderLeft"}, "AWAITING_OUTCOME RECEIVER 24h0m0s"},
		step{first.report(), []string{"OutcomeReported"}, "CLOSED UNSPECIFIED"},
	)
	s.when(closes(emergency)).gives("ConversationClosed", "CustodyClosed")
}

func TestWarmHandoverLeavesCustodyWithTheReceiver(t *testing.T) {
	s := at(t, "CONFIRMING")
	if c := s.state.Conversation.Custody; c.Line != bullying || c.Epoch != 1 {
		t.Errorf("custody before: %v, want %s in epoch 1", c, bullying)
	}
	s.when(first.attest()).gives("AgreementAttested", "CustodyTransferred").stands("TRANSFERRED SENDER 1m0s")
	if c := s.state.Conversation.Custody; c.Line != emergency || c.Epoch != 2 {
		t.Errorf("custody after: %v, want %s in epoch 2", c, emergency)
	}
	if n := handover.Of(s.state.Conversation).Counsellors(bullying); n != 1 {
		t.Errorf("%d of the sender are there in the overlap, want 1", n)
	}
	s.given(first.leave())
	if n := handover.Of(s.state.Conversation).Counsellors(bullying); n != 0 {
		t.Errorf("%d of the sender are there after they left, want none", n)
	}
	if !handover.Of(s.state.Conversation).Child().Present {
		t.Error("the child went away with the sender")
	}
}

func TestBriefingMayBeSkipped(t *testing.T) {
	at(t, "ACCEPTED").given(first.join()).when(first.bridge()).gives("BridgeOpened").stands("BRIDGED RECEIVER 2m0s")
}

func TestHeaderTellsGroupsOnly(t *testing.T) {
	s := opened(t).given(handover.TagConversation{
		Line: bullying, Add: []string{"V.physical", "V.bullying", "FR.x_parent_substance_use"}, TaxonomyVersion: "1", Recommend: recommend(nil),
	}, risk(bullying, handoverv1.RiskLevel_RISK_LEVEL_R2), first.propose())
	h := handover.Of(s.state.Conversation).Current()
	want := &handoverv1.PacketHeader{
		TopicGroups: []string{"FR", "V"}, Risk: handoverv1.RiskLevel_RISK_LEVEL_R2,
		AgeBand: &handoverv1.AgeBand{MinYears: 13, MaxYears: 15}, LanguageCode: "nb", Channel: chat, Area: "NO-03",
	}
	equal(t, h.Header, want)
}

func TestTimeIsOfTheRules(t *testing.T) {
	s := opened(t)
	s.rules.Live.Consent, s.rules.Live.Outcome = time.Minute, time.Hour
	s.given(first.propose()).when(first.ask()).gives("ConsentAsked").stands("CONSENT_ASKED CHILD 1m0s")
	s = at(t, "TRANSFERRED")
	s.rules.Live.Outcome = time.Hour
	s.when(first.leave()).gives("SenderLeft").stands("AWAITING_OUTCOME RECEIVER 1h0m0s")
}

func TestCandidatesAreTheSenders(t *testing.T) {
	s := opened(t).given(handover.ProposeHandover{Line: bullying, Candidates: []string{mind}})
	if h := handover.Of(s.state.Conversation).Current(); len(h.Candidates) != 1 || h.Candidates[0] != mind {
		t.Errorf("candidates are %v, want those the sender named", h.Candidates)
	}
}

func TestWhatWasSaidIsRemembered(t *testing.T) {
	s := at(t, "CONFIRMING").wait(time.Minute).given(first.agree(), first.attest())
	h := handover.Of(s.state.Conversation).Current()
	if !h.ReceiverConfirmed || !h.ChildAgreed || h.Attested != handoverv1.AttestReason_ATTEST_REASON_CHILD_ENGAGED || h.ReceiverParticipant != "ola" {
		t.Errorf("remembered is %v", h)
	}
	if created, updated := h.CreateTime.AsTime(), h.UpdateTime.AsTime(); !updated.Equal(s.now) || s.now.Sub(created) != time.Minute {
		t.Errorf("proposed at %s and changed at %s, want a minute ago and now, %s", created, updated, s.now)
	}
}
