package projection_test

import (
	"bytes"
	"testing"

	"github.com/stafett/stafett/services/internal/eventlog"
	"github.com/stafett/stafett/services/internal/projection"
)

// TestAShortKeyStandsForOneSubject, and its places are those of no other.
func TestAShortKeyStandsForOneSubject(t *testing.T) {
	var keys [][]byte
	for _, subject := range []string{
		eventlog.ConversationSubject("0b5a2c1e-6a59-4a6e-9d57-7b9d3f7f2b10"), eventlog.ConversationSubject("0B5A2C1E-6a59-4a6e-9d57-7b9d3f7f2b10"),
		eventlog.ConversationSubject("0b5a2c1e6a594a6e9d577b9d3f7f2b10"), eventlog.ConversationSubject("c"), eventlog.ConversationSubject("cc"),
		eventlog.LineSubject("c"), eventlog.LineSubject("0b5a2c1e-6a59-4a6e-9d57-7b9d3f7f2b10"), eventlog.LogSubject, "0b5a2c1e-6a59-4a6e-9d57-7b9d3f7f2b10",
	} {
		key := projection.PlaceKey(subject, 300)
		if got := projection.KeySubject(key); got != subject || projection.KeyPosition(key) != 300 {
			t.Errorf("the key of %s says %s", subject, got)
		}
		keys = append(keys, projection.SubjectKey(subject))
	}
	for i, one := range keys {
		for j, other := range keys {
			if i != j && bytes.HasPrefix(other, one) {
				t.Errorf("%x begins with %x", other, one)
			}
		}
	}
	if len(keys[0]) != 17 {
		t.Errorf("a conversation's key has %d bytes", len(keys[0]))
	}
}
