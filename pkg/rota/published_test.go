package rota_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stafett/stafett/pkg/rota"
)

// The published file has no comments and otherwise the same meaning.
func TestWhatIsPublishedHasNoComments(t *testing.T) {
	text := rota.BrusFile() + "# Per Hansen called\n# \u009b31m \u202e\n"
	read, published, err := rota.Published("brus.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(published, "#") || strings.Contains(published, "Hansen") {
		t.Errorf("published is %s", published)
	}
	if got, want := string(read.File(time.Time{})), string(rota.Brus().File(time.Time{})); got != want {
		t.Errorf("it says %s, want %s", got, want)
	}
	if _, again, err := rota.Published("brus.yaml", []byte(published)); err != nil || again != published {
		t.Errorf("published again it is %s, %v", again, err)
	}
}

func TestWhatCannotBeReadIsNotPublished(t *testing.T) {
	if _, _, err := rota.Published("rota.yaml", []byte("line: [")); err == nil {
		t.Error("it is published")
	}
}
