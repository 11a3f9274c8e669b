package order

import (
	"testing"
	"time"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

func TestEveryOrderIsReadAsItWasWritten(t *testing.T) {
	for _, command := range Names() {
		for code := range int32(9) {
			o := Order{
				Command: command, Line: "a", To: "b", Person: "a1", Second: "a2", Handover: 1, Offer: 2, Ticket: 3,
				Code: code, Scopes: ScopesOf(handoverv1.Scope_SCOPE_INTRO, handoverv1.Scope_SCOPE_CODES), At: time.Hour,
			}
			if read, err := Parse(o.String()); err != nil || read != o {
				t.Errorf("%s is read as %s (error %v)", o, read, err)
			}
		}
	}
}

func TestCodesAreWrittenByName(t *testing.T) {
	o := Order{Command: "DeclineOffer", Line: "b", Handover: 1, Offer: 2, Code: int32(handoverv1.DeclineCode_DECLINE_CODE_NO_CAPACITY)}
	if got, want := o.String(), "DeclineOffer line=b handover=1 offer=2 code=NO_CAPACITY"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestAnotherBodyHasAnotherHash(t *testing.T) {
	seen := map[string]Order{}
	for _, command := range Names() {
		for n := range uint32(5) {
			o := Order{Command: command, Handover: n}
			if other, taken := seen[string(o.Hash())]; taken || len(o.Hash()) != 16 {
				t.Errorf("%s has the hash of %s", o, other)
			}
			seen[string(o.Hash())] = o
		}
	}
}
