package history_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stafett/stafett/services/internal/history"
	"github.com/stafett/stafett/services/internal/logtest"
)

// TestAPolicyThatCameLater: what was published without witnesses is withdrawn until enough of
// them have cosigned it, even if nothing new is appended.
func TestAPolicyThatCameLater(t *testing.T) {
	_, s := stream(t, messages(10))
	g := guard(t, s)
	policy := filepath.Join(g.folder, "trust.policy")
	text, err := os.ReadFile(policy)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(policy); err != nil {
		t.Fatal(err)
	}
	known(t, g.folder, s, 10)
	if err := os.WriteFile(policy, text, 0o600); err != nil {
		t.Fatal(err)
	}
	h := open(t, g.folder, s)
	if published := h.Published(); len(published) > 0 {
		t.Errorf("published is %s, which nobody cosigned", published)
	}
	if published := follow(t, h, 10); !g.policy.Quorate(published) {
		t.Errorf("published is %s, which too few cosigned", published)
	}
}

// TestAPolicyOfOtherLogs does not apply to this one.
func TestAPolicyOfOtherLogs(t *testing.T) {
	_, s := stream(t, messages(10))
	g, other := guard(t, s), t.TempDir()
	text, err := os.ReadFile(filepath.Join(g.folder, "trust.policy"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(other, "trust.policy"), text, 0o600); err != nil {
		t.Fatal(err)
	}
	elsewhere := config(other, s)
	elsewhere.Origin = "stafett.test/elsewhere"
	h, err := history.Open(logtest.Context(t), elsewhere)
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	if published := follow(t, h, 10); len(g.policy.Cosigned(published)) > 0 {
		t.Errorf("published is %s, which somebody cosigned", published)
	}
}
