package cli

import (
	"io"
	"strings"
	"testing"
)

func TestAskingAtATerminal(t *testing.T) {
	for answer, goesOn := range map[string]bool{"y\n": true, "YES\n": true, "ja\n": true, "j": true, "n\n": false, "\n": false, "": false, "yep\n": false} {
		if err := answered(strings.NewReader(answer), io.Discard); (err == nil) != goesOn {
			t.Errorf("%q: %v", answer, err)
		}
	}
}
