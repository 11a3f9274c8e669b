package handover_test

import (
	"testing"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/known/durationpb"

	"github.com/stafett/stafett/pkg/handover"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
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
			r := outcome{story: newStory(t), err: handover.CheckDeadlines(own(b.Field, bad))}.refused("FIELD_INVALID")
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
		"overlap": r.Live.Overlap, "outcome": r.Live.Outcome, "slow": r.Slow.Offer,
	} {
		if err := handover.CheckDeadlines(own(field, d)); err != nil {
			t.Error(err)
		}
	}
}

// withOwn is a story in which sender and receiver have set times of their own.
func withOwn(t *testing.T, channel handoverv1.Channel, level handoverv1.RiskLevel, sender, receiver *handoverv1.LineDeadlines) *story {
	s := begin(t).given(opening(channel), comes(bullying, "kim"), risk(bullying, level))
	s.rank = func(c *handoverv1.Conversation) *handoverv1.RoutingDecision {
		decision := plan(emergency)(c)
		decision.Candidates[0].Deadlines = receiver
		return decision
	}
	return s.given(handover.ProposeHandover{Line: bullying, Deadlines: sender})
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
	s := withOwn(t, chat, 0, seconds(20), seconds(40))
	s.walksOn("CONSENT_ASKED CHILD 20s", first.ask())
	s.walksOn("ROUTING PLATFORM 2s", first.give(intro))
	s.walksOn("OFFERED RECEIVER 41s", s.advance())
	s.walksOn("ACCEPTED RECEIVER 44s", first.accept())
	s.walksOn("ACCEPTED SENDER 25s", first.join())
	s.walksOn("BRIEFING SENDER 25s", first.brief())
	s.walksOn("BRIDGED RECEIVER 46s", first.bridge())
	s.walksOn("CONFIRMING CHILD 27s", first.confirm())
	s.walksOn("TRANSFERRED SENDER 28s", first.attest())
	s.walksOn("AWAITING_OUTCOME RECEIVER 49s", first.leave())
	s.wait(49 * time.Second).when(s.advance()).gives("OutcomeOverdue").stands("AWAITING_OUTCOME RECEIVER 49s")
}

func (s *story) walksOn(stands string, c handover.Command) {
	s.t.Helper()
	s.given(c).stands(stands)
}

func TestOffersHaveTimesOfTheirKind(t *testing.T) {
	for _, test := range []struct {
		channel handoverv1.Channel
		level   handoverv1.RiskLevel
		want    string
	}{
		{chat, 0, "OFFERED RECEIVER 41s"}, {phone, 0, "OFFERED RECEIVER 42s"}, {chat, imminent, "OFFERED RECEIVER 43s"},
		{phone, imminent, "OFFERED RECEIVER 43s"}, {sms, 0, "OFFERED RECEIVER 50s"}, {sms, imminent, "OFFERED RECEIVER 50s"},
	} {
		s := withOwn(t, test.channel, test.level, nil, seconds(40))
		s.given(first.ask(), first.give(intro)).looks().stands(test.want)
	}
}

// TestSlowLinesSetOneTime for every step, but not for the outcome.
func TestSlowLinesSetOneTime(t *testing.T) {
	s := withOwn(t, sms, 0, own("slow", time.Hour), own("slow", 2*time.Hour))
	s.walksOn("CONSENT_ASKED CHILD 1h0m0s", first.ask())
	s.given(first.give(intro)).looks().stands("OFFERED RECEIVER 2h0m0s")
	s.walksOn("ACCEPTED RECEIVER 2h0m0s", first.accept())
	s.walksOn("ACCEPTED SENDER 1h0m0s", first.join())
	s.walksOn("BRIDGED RECEIVER 2h0m0s", first.bridge())
	s.given(s.words(first)...).walksOn("CONFIRMING CHILD 1h0m0s", first.confirm())
	s.walksOn("TRANSFERRED SENDER 1h0m0s", first.attest())
	s.walksOn("AWAITING_OUTCOME RECEIVER 168h0m0s", first.leave())
}

// TestTimesAreThoseOfWhenTheyWereKnown: of the ranking and the proposal, so that
// a replay needs no directory.
func TestTimesAreThoseOfWhenTheyWereKnown(t *testing.T) {
	mine := seconds(20)
	s := withOwn(t, chat, 0, mine, nil)
	kept := proto.CloneOf(mine)
	equal(t, handover.Of(s.state.Conversation).Current().Deadlines, kept)
	s.given(first.ask()).stands("CONSENT_ASKED CHILD 20s")
}
