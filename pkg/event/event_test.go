package event_test

import (
	"slices"
	"testing"

	"github.com/stafett/stafett/pkg/event"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
)

func TestEveryKindHasAnOwner(t *testing.T) {
	fields := (&eventv1.Event{}).ProtoReflect().Descriptor().Oneofs().ByName("kind").Fields()
	owners := map[string]int{}
	for i := range fields.Len() {
		e := &eventv1.Event{}
		e.ProtoReflect().Set(fields.Get(i), e.ProtoReflect().NewField(fields.Get(i)))
		owners[event.Owner(e)]++
	}
	if owners["intake"] == 0 || owners["triage"] == 0 || owners["routing"] == 0 || owners["audit"] != 2 || len(owners) != 4 {
		t.Errorf("events by owner: %v, want some for intake, triage and routing, two for audit and none for others", owners)
	}
}

func TestOfWrapsAndNames(t *testing.T) {
	sent := &eventv1.OfferSent{Line: "alarmtelefonen"}
	e := event.Of(sent)
	if e.GetOfferSent() != sent {
		t.Errorf("got %v, want the same message wrapped", e)
	}
	if name, owner := event.Name(e), event.Owner(e); name != "OfferSent" || owner != "routing" {
		t.Errorf("got %s of %s, want OfferSent of routing", name, owner)
	}
	if event.What(e) != sent {
		t.Errorf("What gave %v, want the message", event.What(e))
	}
}

func TestUnknownKindHasNoName(t *testing.T) {
	e := &eventv1.Event{}
	if event.Name(e) != "" || event.Owner(e) != "" || event.What(e) != nil {
		t.Errorf("an empty event has name %q and owner %q, want none", event.Name(e), event.Owner(e))
	}
}

func TestKindsAreThoseOfTheHistory(t *testing.T) {
	kinds := event.Kinds()
	if !slices.IsSorted(kinds) || !slices.Contains(kinds, "OfferSent") || slices.Contains(kinds, "AccessRecorded") {
		t.Errorf("the kinds are %v", kinds)
	}
}

func TestWhichHandoverAnEventIsAbout(t *testing.T) {
	sent := &eventv1.OfferSent{Handover: 3, Offer: 2}
	if n := event.Handover(sent); n != 3 {
		t.Errorf("an offer is about handover %d, want 3", n)
	}
	if _, ok := any(sent).(event.OfOffer); !ok {
		t.Error("OfferSent is not about an offer")
	}
	if n := event.Handover(&eventv1.LineReopened{}); n != 0 {
		t.Errorf("a line's event is about handover %d", n)
	}
	if n := event.Handover(event.What(&eventv1.Event{})); n != 0 {
		t.Errorf("an unknown event is about handover %d", n)
	}
}
