package command_test

import (
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/command"
	"github.com/stafett/stafett/pkg/internal/story"
	"github.com/stafett/stafett/pkg/invariant"
	"github.com/stafett/stafett/pkg/refusal"
	"github.com/stafett/stafett/pkg/seal"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	sealv1 "github.com/stafett/stafett/proto/stafett/seal/v1"
)

const (
	ofPart   = sealv1.Kind_KIND_PACKET_PART
	ofBridge = sealv1.Kind_KIND_BRIDGE
	ofTenure = sealv1.Kind_KIND_TENURE
	none     = handoverv1.Scope_SCOPE_UNSPECIFIED
)

func TestAGrantIsRecordedByItsHash(t *testing.T) {
	s := story.At(t, "ACCEPTED")
	part, bridge := story.GrantUnder(s.Terms(1, ofPart, story.OneLine)), story.GrantUnder(s.Terms(1, ofBridge, none))
	o := s.When(story.First.Grant(part, bridge))
	o.Gives("AccessGranted", "AccessGranted")
	s.Given(story.First.Grant(part, bridge))
	h := handover.Of(s.State.Conversation).Handover(1)
	if got := h.GrantOf(story.OneLine); string(got.GetHash()) != string(seal.GrantHash(part)) || got.Receiver != story.Emergency {
		t.Errorf("the state has the grant %v", got)
	}
}

// TestNobodyIsGrantedAKeyBeforeALineHasAccepted, and nobody after the child's no.
func TestNobodyIsGrantedAKeyBeforeALineHasAccepted(t *testing.T) {
	s := story.At(t, "OFFERED")
	s.When(story.First.Grant(story.GrantUnder(s.Terms(1, ofBridge, none)))).Refused("HANDOVER_STATE")
	s = story.At(t, "ACCEPTED")
	grant := story.First.Grant(story.GrantUnder(s.Terms(1, ofBridge, none)))
	s.Given(story.First.Withdraw())
	s.When(grant).Refused("OUTSIDE_CONSENT")
}

// TestAGrantWithOtherTerms is refused, whichever of them is changed.
func TestAGrantWithOtherTerms(t *testing.T) {
	s := story.At(t, "BRIDGED")
	for name, change := range map[string]func(*sealv1.GrantTerms){
		"another conversation":      func(g *sealv1.GrantTerms) { g.Conversation = "conversations/other" },
		"another epoch":             func(g *sealv1.GrantTerms) { g.Epoch++ },
		"another handover":          func(g *sealv1.GrantTerms) { g.Handover += "2" },
		"another offer":             func(g *sealv1.GrantTerms) { g.Offer += "2" },
		"another consent":           func(g *sealv1.GrantTerms) { g.ConsentPosition-- },
		"another giver":             func(g *sealv1.GrantTerms) { g.Giver = story.Mind },
		"a line that was not asked": func(g *sealv1.GrantTerms) { g.Receiver = story.Mind },
		"another kind":              func(g *sealv1.GrantTerms) { g.Kind = 9 },
		"its tenure":                func(g *sealv1.GrantTerms) { g.Kind = ofTenure },
		"a part of a bridge":        func(g *sealv1.GrantTerms) { g.Part = story.OneLine },
		"an unknown term":           func(g *sealv1.GrantTerms) { g.ProtoReflect().SetUnknown([]byte{0xa0, 0x06, 1}) },
	} {
		terms := s.Terms(1, ofBridge, none)
		change(terms)
		if r := s.When(story.First.Grant(story.GrantUnder(terms))).Refused("GRANT_NOT_TRUSTED"); r.Message == "" {
			t.Errorf("%s is refused without a word", name)
		}
	}
	s.When(story.First.Grant(&sealv1.Grant{Terms: []byte("junk")})).Refused("GRANT_NOT_TRUSTED")
	s.When(story.First.Grant(story.GrantUnder(s.Terms(1, ofPart, story.Summary)))).Refused("OUTSIDE_CONSENT")
	untrusted := story.First.Grant(story.GrantUnder(s.Terms(1, ofBridge, none))).(command.GrantAccess)
	untrusted.Trusts = func(*sealv1.Grant, *sealv1.GrantTerms) error { return refusal.GrantNotTrusted("its key was revoked") }
	s.When(untrusted).Refused("GRANT_NOT_TRUSTED")
}

// TestKeysAfterTheTransfer: the sender may be late with its own, and the line with custody gives the
// key of its tenure to the line that holds the child's leg.
func TestKeysAfterTheTransfer(t *testing.T) {
	s := story.At(t, "TRANSFERRED")
	late := s.Terms(1, ofBridge, none)
	s.When(story.First.Grant(story.GrantUnder(late))).Refused("GRANT_NOT_TRUSTED")
	late.Epoch--
	s.When(story.First.Grant(story.GrantUnder(late))).Gives("AccessGranted")
	tenure := s.Terms(1, ofTenure, none)
	tenure.Giver, tenure.Receiver = story.Emergency, story.Bullying
	s.When(command.GrantAccess{Line: story.Emergency, Handover: 1, Grants: []*sealv1.Grant{story.GrantUnder(tenure)}}).Gives("AccessGranted")
}

// TestTheReceiverMakesTheBridgesKey only where the sender has not.
func TestTheReceiverMakesTheBridgesKey(t *testing.T) {
	s := story.At(t, "ACCEPTED")
	terms := s.Terms(1, ofBridge, none)
	terms.Giver, terms.Receiver = terms.Receiver, terms.Giver
	receivers := command.GrantAccess{Line: story.Emergency, Handover: 1, Grants: []*sealv1.Grant{story.GrantUnder(terms)}}
	s.When(receivers).Gives("AccessGranted")
	s.Given(story.First.Grant(story.GrantUnder(s.Terms(1, ofBridge, none)))).When(receivers).Refused("GRANT_NOT_TRUSTED")
}

// TestCheckerFindsAKeyThatMayNotCross: should one ever be granted, the history shows it.
func TestCheckerFindsAKeyThatMayNotCross(t *testing.T) {
	for name, change := range map[string]func(*sealv1.GrantTerms){
		"to a line that was not asked": func(g *sealv1.GrantTerms) { g.Receiver = story.Mind },
		"of a part outside of consent": func(g *sealv1.GrantTerms) { g.Kind, g.Part = ofPart, story.Summary },
		"on another consent":           func(g *sealv1.GrantTerms) { g.ConsentPosition-- },
		"of a tenure by the sender":    func(g *sealv1.GrantTerms) { g.Kind = ofTenure },
	} {
		s := story.At(t, "BRIDGED")
		s.Given(story.First.Grant(story.GrantUnder(s.Terms(1, ofBridge, none))))
		history := append([]invariant.Recorded(nil), s.History...)
		last := &history[len(history)-1]
		last.Commit, last.Payload = proto.CloneOf(last.Commit), nil
		terms := s.Terms(1, ofBridge, none)
		change(terms)
		given := last.Commit.Events[0].GetAccessGranted()
		given.Receiver, given.Kind, given.Part, given.ConsentPosition = terms.Receiver, terms.Kind, terms.Part, terms.ConsentPosition
		found := false
		for _, v := range invariant.Check(history).Violations {
			found = found || v.Invariant == "I6" && v.Position == last.Position
		}
		if !found {
			t.Errorf("a key granted %s is not found", name)
		}
	}
}
