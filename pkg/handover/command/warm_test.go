package command_test

import (
	"testing"
	"time"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/command"
	"github.com/stafett/stafett/pkg/handover/decide"
	"github.com/stafett/stafett/pkg/internal/story"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// step is a command, what it gives and where the handover then stands.
type step struct {
	command decide.Command
	gives   []string
	stands  string
}

func walk(s *story.Story, steps ...step) {
	for _, step := range steps {
		s.Wait(time.Second).When(step.command).Gives(step.gives...)
		s.Stands(step.stands)
	}
}

func TestWarmHandover(t *testing.T) {
	s := story.Begin(t)
	s.When(story.OpenConversation()).Gives("ConversationOpened", "CustodyOpened", "ParticipantJoined")
	s.When(story.Comes(story.Bullying, "kim")).Gives("ParticipantJoined")
	walk(s,
		step{story.First.Propose(), []string{"HandoverProposed"}, "PROPOSED SENDER 10m0s"},
		step{story.First.Seal(), []string{"PacketSealed"}, "PROPOSED SENDER 10m0s"},
		step{story.First.Ask(), []string{"ConsentAsked"}, "CONSENT_ASKED CHILD 5m0s"},
		step{story.First.Give(story.Intro, story.OneLine, story.Feedback), []string{"ConsentGiven"}, "ROUTING PLATFORM 2s"},
		step{s.Advance(), []string{"HandoverRouted", "OfferSent"}, "OFFERED RECEIVER 45s"},
		step{command.AcknowledgeOffer{Line: story.Emergency, Handover: 1, Offer: 1, State: handoverv1.OfferState_OFFER_STATE_DELIVERED},
			[]string{"OfferDelivered"}, "OFFERED RECEIVER 44s"},
		step{story.First.Seen(), []string{"OfferAlerting"}, "OFFERED RECEIVER 43s"},
		step{story.First.Accept(), []string{"OfferAccepted"}, "ACCEPTED RECEIVER 30s"},
		step{story.First.Open(), []string{"PacketOpened"}, "ACCEPTED RECEIVER 29s"},
		step{story.First.Join(), []string{"ReceiverJoined"}, "ACCEPTED SENDER 2m0s"},
		step{story.First.Brief(), []string{"BriefingStarted"}, "BRIEFING SENDER 2m0s"},
		step{story.First.Bridge(), []string{"BridgeOpened"}, "BRIDGED RECEIVER 2m0s"},
		step{story.Writes(story.Emergency, "ola", story.All), []string{"MessageSent"}, "BRIDGED RECEIVER 1m59s"},
		step{story.First.Confirm(), []string{"ReceiverConfirmed"}, "CONFIRMING CHILD 1m30s"},
		step{story.First.Agree(), []string{"ChildAgreed"}, "CONFIRMING PLATFORM 1m29s"},
		step{s.Advance(), []string{"CustodyTransferred"}, "TRANSFERRED SENDER 1m0s"},
		step{story.First.Leave(), []string{"SenderLeft"}, "AWAITING_OUTCOME RECEIVER 24h0m0s"},
		step{story.First.Report(), []string{"OutcomeReported"}, "CLOSED UNSPECIFIED"},
	)
	s.When(story.Closes(story.Emergency)).Gives("ConversationClosed", "CustodyClosed")
}

func TestWarmHandoverLeavesCustodyWithTheReceiver(t *testing.T) {
	s := story.At(t, "CONFIRMING")
	if c := s.State.Conversation.Custody; c.Line != story.Bullying || c.Epoch != 1 {
		t.Errorf("custody before: %v, want %s in epoch 1", c, story.Bullying)
	}
	s.When(story.First.Attest()).Gives("AgreementAttested", "CustodyTransferred").Stands("TRANSFERRED SENDER 1m0s")
	if c := s.State.Conversation.Custody; c.Line != story.Emergency || c.Epoch != 2 {
		t.Errorf("custody after: %v, want %s in epoch 2", c, story.Emergency)
	}
	if n := handover.Of(s.State.Conversation).Counsellors(story.Bullying); n != 1 {
		t.Errorf("%d of the sender are there in the overlap, want 1", n)
	}
	s.Given(story.First.Leave())
	if n := handover.Of(s.State.Conversation).Counsellors(story.Bullying); n != 0 {
		t.Errorf("%d of the sender are there after they left, want none", n)
	}
	if !handover.Of(s.State.Conversation).Child().Present {
		t.Error("the child went away with the sender")
	}
}

func TestBriefingMayBeSkipped(t *testing.T) {
	story.At(t, "ACCEPTED").Given(story.First.Join()).When(story.First.Bridge()).Gives("BridgeOpened").Stands("BRIDGED RECEIVER 2m0s")
}

func TestHeaderTellsGroupsOnly(t *testing.T) {
	s := story.Opened(t).Given(command.TagConversation{
		Line: story.Bullying, Add: []string{"V.physical", "V.bullying", "FR.x_parent_substance_use"}, TaxonomyVersion: "1", Recommend: story.Recommend(nil),
	}, story.Risk(story.Bullying, handoverv1.RiskLevel_RISK_LEVEL_R2), story.First.Propose())
	h := handover.Of(s.State.Conversation).Current()
	want := &handoverv1.PacketHeader{
		TopicGroups: []string{"FR", "V"}, Risk: handoverv1.RiskLevel_RISK_LEVEL_R2,
		AgeBand: &handoverv1.AgeBand{MinYears: 13, MaxYears: 15}, LanguageCode: "nb", Channel: story.Chat, Area: "NO-03",
	}
	story.Equal(t, h.Header, want)
}

func TestTimeIsOfTheRules(t *testing.T) {
	s := story.Opened(t)
	s.Rules.Live.Consent, s.Rules.Live.Outcome = time.Minute, time.Hour
	s.Given(story.First.Propose()).When(story.First.Ask()).Gives("ConsentAsked").Stands("CONSENT_ASKED CHILD 1m0s")
	s = story.At(t, "TRANSFERRED")
	s.Rules.Live.Outcome = time.Hour
	s.When(story.First.Leave()).Gives("SenderLeft").Stands("AWAITING_OUTCOME RECEIVER 1h0m0s")
}

func TestCandidatesAreTheSenders(t *testing.T) {
	s := story.Opened(t).Given(command.ProposeHandover{Line: story.Bullying, Candidates: []string{story.Mind}})
	if h := handover.Of(s.State.Conversation).Current(); len(h.Candidates) != 1 || h.Candidates[0] != story.Mind {
		t.Errorf("candidates are %v, want those the sender named", h.Candidates)
	}
}

func TestWhatWasSaidIsRemembered(t *testing.T) {
	s := story.At(t, "CONFIRMING").Wait(time.Minute).Given(story.First.Agree(), story.First.Attest())
	h := handover.Of(s.State.Conversation).Current()
	if !h.ReceiverConfirmed || !h.ChildAgreed || h.Attested != handoverv1.AttestReason_ATTEST_REASON_CHILD_ENGAGED || h.ReceiverParticipant != "ola" {
		t.Errorf("remembered is %v", h)
	}
	if created, updated := h.CreateTime.AsTime(), h.UpdateTime.AsTime(); !updated.Equal(s.Now) || s.Now.Sub(created) != time.Minute {
		t.Errorf("proposed at %s and changed at %s, want a minute ago and now, %s", created, updated, s.Now)
	}
}
