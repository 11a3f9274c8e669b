package evolve_test

import (
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/evolve"
	"github.com/stafett/stafett/pkg/internal/story"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
)

func TestCommitRefusesAHistoryWithAHole(t *testing.T) {
	s := story.Opened(t)
	head := s.State.HeadPosition
	next := func(spoil func(*eventv1.Commit)) *eventv1.Commit {
		a := proto.CloneOf(s.History[1].Commit)
		a.Number, a.PreviousHash = s.State.Commits+1, s.State.HeadHash
		spoil(a)
		return a
	}
	for name, test := range map[string]struct {
		position uint64
		spoil    func(*eventv1.Commit)
	}{
		"the same position": {head, func(*eventv1.Commit) {}},
		"a position before": {head - 1, func(*eventv1.Commit) {}},
		"a commit missing":  {head + 10, func(a *eventv1.Commit) { a.Number++ }},
		"a commit again":    {head + 10, func(a *eventv1.Commit) { a.Number-- }},
		"another hash":      {head + 10, func(a *eventv1.Commit) { a.PreviousHash = make([]byte, 32) }},
		"no hash":           {head + 10, func(a *eventv1.Commit) { a.PreviousHash = nil }},
	} {
		before := proto.CloneOf(s.State)
		if err := evolve.Commit(s.State, next(test.spoil), test.position, [32]byte{}); err == nil {
			t.Errorf("%s is folded", name)
		}
		story.Equal(t, s.State, before)
	}
	if err := evolve.Commit(proto.CloneOf(s.State), next(func(*eventv1.Commit) {}), head+1, [32]byte{1}); err != nil {
		t.Errorf("the next commit is not folded: %v", err)
	}
}

func TestFirstAppendHasNoneBeforeIt(t *testing.T) {
	a := proto.CloneOf(story.Opened(t).History[0].Commit)
	a.PreviousHash = make([]byte, 32)
	if err := evolve.Commit(&handover.State{}, a, 1, [32]byte{}); err == nil {
		t.Error("a commit that names one before it is folded as the first")
	}
}

func TestHead(t *testing.T) {
	s := story.Opened(t)
	if s.State.HeadPosition != 20 || s.State.Commits != 2 || len(s.State.HeadHash) != 32 {
		t.Errorf("the head is at %d after %d commits with a hash of %d bytes", s.State.HeadPosition, s.State.Commits, len(s.State.HeadHash))
	}
}

// TestDecisionsNameTheirResource: the caller relies on that name permanently.
func TestDecisionsNameTheirResource(t *testing.T) {
	const chat = "conversations/" + story.Conversation
	for _, r := range story.Opened(t).To(story.First, story.StateOf("CLOSED")).Given(story.Tags(story.Emergency), story.Risk(story.Emergency, story.Imminent)).History {
		want := chat + "/handovers/1"
		switch r.Commit.Command {
		case "OpenConversation", "JoinConversation", "Advance":
			want = chat
		case "AcceptOffer":
			want = chat + "/handovers/1/offers/1"
		case "TagConversation", "AssessRisk":
			want = chat + "/assessment"
		}
		if r.Commit.Name != want {
			t.Errorf("%s names %s, want %s", r.Commit.Command, r.Commit.Name, want)
		}
	}
}

// TestUnknownNumbersAreNoCrash: a history is read also where it is not ours.
func TestUnknownNumbersAreNoCrash(t *testing.T) {
	s := story.At(t, "OFFERED")
	before := proto.CloneOf(s.State.Conversation)
	for _, e := range []*eventv1.Event{
		{},
		{Kind: &eventv1.Event_OfferDeclined{OfferDeclined: &eventv1.OfferDeclined{Handover: 7, Offer: 1}}},
		{Kind: &eventv1.Event_ConsentRefused{ConsentRefused: &eventv1.ConsentRefused{}}},
		{Kind: &eventv1.Event_ParticipantLeft{ParticipantLeft: &eventv1.ParticipantLeft{Participant: "nobody", Line: "none"}}},
		{Kind: &eventv1.Event_ParticipantDisconnected{ParticipantDisconnected: &eventv1.ParticipantDisconnected{Participant: "nobody"}}},
	} {
		state := proto.CloneOf(s.State)
		a := &eventv1.Commit{Number: state.Commits + 1, PreviousHash: state.HeadHash, Events: []*eventv1.Event{e}}
		if err := evolve.Commit(state, a, state.HeadPosition+1, [32]byte{}); err != nil {
			t.Errorf("%v is not folded: %v", e, err)
		}
		story.Equal(t, state.Conversation, before)
	}
}

func TestUnknownOffersAreNoCrash(t *testing.T) {
	s := story.At(t, "OFFERED")
	for _, offer := range []uint32{0, 2} {
		state := proto.CloneOf(s.State)
		e := &eventv1.Event{Kind: &eventv1.Event_OfferDeclined{OfferDeclined: &eventv1.OfferDeclined{Handover: 1, Offer: offer}}}
		a := &eventv1.Commit{Number: state.Commits + 1, PreviousHash: state.HeadHash, Events: []*eventv1.Event{e}}
		if err := evolve.Commit(state, a, state.HeadPosition+1, [32]byte{}); err != nil {
			t.Errorf("offer %d is not folded: %v", offer, err)
		}
		story.Equal(t, state.Conversation.Handovers[0].Offers[0], s.State.Conversation.Handovers[0].Offers[0])
	}
}
