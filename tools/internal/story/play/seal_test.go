package play

import (
	"testing"
)

func TestSealedTextIsReadInItsConversationOnly(t *testing.T) {
	s := newSealer()
	sealed, err := s.close("Hei.", "conversations/a")
	if err != nil {
		t.Fatal(err)
	}
	if text, err := s.open(sealed, "conversations/a"); text != "Hei." || err != nil {
		t.Errorf("it reads %q, %v", text, err)
	}
	if text, err := s.open(sealed, "conversations/b"); err == nil {
		t.Errorf("another conversation reads %q", text)
	}
	if text, err := newSealer().open(sealed, "conversations/a"); err == nil {
		t.Errorf("another run reads %q", text)
	}
}
