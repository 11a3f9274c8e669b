package order

import (
	"testing"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
)

// nth chooses the n-th of what is allowed.
type nth int

func (nth) Person(as protoreflect.Name) string    { return "p-" + string(as) }
func (nth) Line() string                          { return "b" }
func (n nth) Flag() bool                          { return n%2 == 0 }
func (nth) Lines() []string                       { return []string{"b", "c"} }
func (nth) Topics() []string                      { return []string{"V.bullying", "MH"} }
func (n nth) Instant(protoreflect.Name) time.Time { return Epoch.Add(time.Duration(n) * time.Minute) }
func (n nth) Duration() time.Duration             { return time.Duration(n) * time.Hour }

func (n nth) Code(allowed []protoreflect.EnumNumber) protoreflect.EnumNumber {
	return allowed[int(n)%len(allowed)]
}

func (n nth) Codes(allowed []protoreflect.EnumNumber) []protoreflect.EnumNumber {
	return allowed[:1+int(n)%len(allowed)]
}

func TestEveryOrderIsReadAsItWasWritten(t *testing.T) {
	for _, command := range Commands {
		for n := range nth(9) {
			o := Order{Command: command, Line: "a", Handover: 1, Offer: 2, Consultation: 3, Request: Fill(command, n), Signed: []string{"a1", "a9"}, Flaw: "late"}
			if read, err := Parse(o.String()); err != nil || !read.Equal(o) {
				t.Errorf("%s is read as %s (error %v)", o, read, err)
			}
		}
	}
}

// A field that is left out of every request is one that the simulator never tries.
func TestEveryFieldIsChosen(t *testing.T) {
	instead := map[protoreflect.Name]bool{"request_id": true, "conversation": true, "handover": true, "offer": true, "consultation": true, "sealed": true, "shown": true, "signatures": true}
	opening := map[protoreflect.Name]bool{"language_code": true, "age_band": true, "area": true, "child": true, "door": true}
	secret := map[protoreflect.Name]bool{"link": true, "digits": true}
	for _, command := range Commands {
		m := Fill(command, nth(2)).ProtoReflect()
		for i := range m.Descriptor().Fields().Len() {
			field := m.Descriptor().Fields().Get(i)
			if name := field.Name(); !m.Has(field) && !instead[name] && !opening[name] && !secret[name] {
				t.Errorf("nobody chooses %s", field.FullName())
			}
		}
	}
}

var acknowledged = Of("b", &routingv1.AcknowledgeOfferRequest{State: handoverv1.OfferState_OFFER_STATE_ALERTING}).About(1, 2)

func TestCodesAreWrittenByName(t *testing.T) {
	if got, want := acknowledged.String(), "AcknowledgeOffer line=b handover=1 offer=2 state=ALERTING"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestAnotherBodyHasAnotherHash(t *testing.T) {
	seen := map[string]Order{}
	for _, command := range Commands {
		for n := range uint32(5) {
			o := Order{Command: command, Handover: n, Request: command.NewRequest()}
			if other, taken := seen[string(o.Hash())]; taken || len(o.Hash()) != 16 {
				t.Errorf("%s has the hash of %s", o, other)
			}
			seen[string(o.Hash())] = o
		}
	}
}

func TestAnotherFieldMakesAnotherOrder(t *testing.T) {
	other := acknowledged
	other.Request = proto.Clone(acknowledged.Request)
	if !other.Equal(acknowledged) {
		t.Error("a copy is another order")
	}
	other.Request.(*routingv1.AcknowledgeOfferRequest).State = handoverv1.OfferState_OFFER_STATE_DELIVERED
	if other.Equal(acknowledged) || string(other.Hash()) == string(acknowledged.Hash()) {
		t.Error("another state is the same order")
	}
}
