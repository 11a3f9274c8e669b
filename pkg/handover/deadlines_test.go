package handover_test

import (
	"testing"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/known/durationpb"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/command"
	"github.com/stafett/stafett/pkg/internal/story"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	statev1 "github.com/stafett/stafett/proto/stafett/state/v1"
)

// own is a line's own times, of which one is set.
func own(field string, d time.Duration) *handoverv1.LineDeadlines {
	line := &handoverv1.LineDeadlines{}
	f := line.ProtoReflect().Descriptor().Fields().ByName(protoreflect.Name(field))
	line.ProtoReflect().Set(f, protoreflect.ValueOfMessage(durationpb.New(d).ProtoReflect()))
	return line
}

func TestBounds(t *testing.T) {
	for _, b := range handover.Bounds() {
		for _, good := range []time.Duration{b.Min, b.Max} {
			if err := handover.CheckDeadlines(own(b.Field, good)); err != nil {
				t.Errorf("%s of %s: %v", b.Field, good, err)
			}
		}
		for _, bad := range []time.Duration{b.Min - 1, b.Max + 1, 0, -b.Min} {
			r := story.Outcome{Story: story.NewStory(t), Err: handover.CheckDeadlines(own(b.Field, bad))}.Refused("FIELD_INVALID")
			if r.Metadata["field"] != "deadlines."+b.Field {
				t.Errorf("the refusal says %v, want the field %s", r.Metadata, b.Field)
			}
		}
	}
	if err := handover.CheckDeadlines(nil); err != nil {
		t.Errorf("none: %v", err)
	}
}

// TestEveryOwnTimeIsBounded, also one that is added later.
func TestEveryOwnTimeIsBounded(t *testing.T) {
	fields := (&handoverv1.LineDeadlines{}).ProtoReflect().Descriptor().Fields()
	if len(handover.Bounds()) != fields.Len() {
		t.Errorf("%d bounds for %d fields", len(handover.Bounds()), fields.Len())
	}
}

// TestTheProtocolsTimesAreWithinTheBounds.
func TestTheProtocolsTimesAreWithinTheBounds(t *testing.T) {
	r := handover.DefaultRules()
	for field, d := range map[string]time.Duration{
		"consent": r.Live.Consent, "offer": r.Live.Offer, "offer_phone": r.OfferPhone, "offer_imminent": r.OfferImminent,
		"join": r.Live.Join, "briefing": r.Live.Briefing, "bridge": r.Live.Bridge, "confirm": r.Live.Confirm,
		"overlap": r.Live.Overlap, "outcome": r.Live.Outcome, "waiting": r.Waiting, "slow": r.Slow.Offer,
	} {
		if err := handover.CheckDeadlines(own(field, d)); err != nil {
			t.Error(err)
		}
	}
}

// withOwn is a story in which sender and receiver have set times of their own.
func withOwn(t *testing.T, channel handoverv1.Channel, level handoverv1.RiskLevel, sender, receiver *handoverv1.LineDeadlines) *story.Story {
	s := story.Begin(t).Given(story.Opening(channel), story.Comes(story.Bullying, "kim"), story.Risk(story.Bullying, level))
	s.Rank = func(c *statev1.Conversation) *handoverv1.RoutingDecision {
		decision := story.Plan(story.Emergency)(c)
		decision.Candidates[0].Deadlines = receiver
		return decision
	}
	return s.Given(command.ProposeHandover{Line: story.Bullying, Deadlines: sender})
}

// seconds is every time of a line, each another: n seconds and more.
func seconds(n int64) *handoverv1.LineDeadlines {
	line := &handoverv1.LineDeadlines{}
	fields := line.ProtoReflect().Descriptor().Fields()
	for i := range fields.Len() {
		line.ProtoReflect().Set(fields.Get(i), protoreflect.ValueOfMessage(durationpb.New(time.Duration(n+int64(i))*time.Second).ProtoReflect()))
	}
	return line
}

// TestLinesSetTheirOwnTimes: the sender those of its steps, the receiver of its.
func TestLinesSetTheirOwnTimes(t *testing.T) {
	s := withOwn(t, story.Chat, 0, seconds(20), seconds(40))
	s.WalksOn("CONSENT_ASKED CHILD 20s", story.First.Ask())
	s.WalksOn("ROUTING PLATFORM 2s", story.First.Give(story.Intro))
	s.WalksOn("OFFERED RECEIVER 41s", s.Advance())
	s.WalksOn("ACCEPTED RECEIVER 44s", story.First.Accept())
	s.WalksOn("ACCEPTED SENDER 25s", story.First.Join())
	s.WalksOn("BRIEFING SENDER 25s", story.First.Brief())
	s.WalksOn("BRIDGED RECEIVER 46s", story.First.Bridge())
	s.WalksOn("CONFIRMING CHILD 27s", story.First.Confirm())
	s.WalksOn("TRANSFERRED SENDER 28s", story.First.Attest())
	s.WalksOn("AWAITING_OUTCOME RECEIVER 49s", story.First.Leave())
	s.Wait(49 * time.Second).When(s.Advance()).Gives("OutcomeOverdue").Stands("AWAITING_OUTCOME RECEIVER 49s")
}

func TestOffersHaveTimesOfTheirKind(t *testing.T) {
	for _, test := range []struct {
		channel handoverv1.Channel
		level   handoverv1.RiskLevel
		want    string
	}{
		{story.Chat, 0, "OFFERED RECEIVER 41s"}, {story.Phone, 0, "OFFERED RECEIVER 42s"}, {story.Chat, story.Imminent, "OFFERED RECEIVER 41s"},
		{story.Phone, story.Imminent, "OFFERED RECEIVER 42s"}, {story.Sms, 0, "OFFERED RECEIVER 50s"}, {story.Sms, story.Imminent, "OFFERED RECEIVER 43s"},
	} {
		s := withOwn(t, test.channel, test.level, nil, seconds(40))
		s.Given(story.First.Ask(), story.First.Give(story.Intro)).Looks().Stands(test.want)
	}
}

// TestSlowLinesSetOneTime for every step, but not for the outcome.
func TestSlowLinesSetOneTime(t *testing.T) {
	s := withOwn(t, story.Sms, 0, own("slow", time.Hour), own("slow", 2*time.Hour))
	s.WalksOn("CONSENT_ASKED CHILD 1h0m0s", story.First.Ask())
	s.Given(story.First.Give(story.Intro)).Looks().Stands("OFFERED RECEIVER 2h0m0s")
	s.WalksOn("ACCEPTED RECEIVER 2h0m0s", story.First.Accept())
	s.WalksOn("ACCEPTED SENDER 1h0m0s", story.First.Join())
	s.WalksOn("BRIDGED RECEIVER 2h0m0s", story.First.Bridge())
	s.Given(s.Words(story.First)...).WalksOn("CONFIRMING CHILD 1h0m0s", story.First.Confirm())
	s.WalksOn("TRANSFERRED SENDER 1h0m0s", story.First.Attest())
	s.WalksOn("AWAITING_OUTCOME RECEIVER 168h0m0s", story.First.Leave())
}

// TestTimesAreThoseOfWhenTheyWereKnown: of the ranking and the proposal, so that
// a replay needs no directory.
func TestTimesAreThoseOfWhenTheyWereKnown(t *testing.T) {
	mine := seconds(20)
	s := withOwn(t, story.Chat, 0, mine, nil)
	kept := proto.CloneOf(mine)
	story.Equal(t, handover.Of(s.State.Conversation).Current().Deadlines, kept)
	s.Given(story.First.Ask()).Stands("CONSENT_ASKED CHILD 20s")
}
