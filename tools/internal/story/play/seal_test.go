package play

import (
	"testing"
)

func TestSealedTextIsReadInItsConversationOnly(t *testing.T) {
	s := newSealer("run")
	sealed := s.close("Hei.", "conversations/a", "id")
	if text, err := s.open(sealed, "conversations/a"); text != "Hei." || err != nil {
		t.Errorf("it reads %q, %v", text, err)
	}
	if text, err := s.open(sealed, "conversations/b"); err == nil {
		t.Errorf("another conversation reads %q", text)
	}
	if text, err := newSealer("another").open(sealed, "conversations/a"); err == nil {
		t.Errorf("another run reads %q", text)
	}
	if text, err := s.open(sealed[:5], "conversations/a"); err == nil {
		t.Errorf("a piece of it reads %q", text)
	}
}
