package keys_test

import (
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/encoding/protojson"

	"github.com/stafett/stafett/pkg/verify/verifytest"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	"github.com/stafett/stafett/tools/stafett/internal/cli"
	"github.com/stafett/stafett/tools/stafett/internal/clitest"
)

// listed are the keys of BRUS as a program reads them.
func listed(t *testing.T, h *clitest.Desk) (all []*routingv1.PublishedKey) {
	t.Helper()
	for line := range strings.Lines(h.Must(t, "keys", "list", "brus", "-o", "jsonl")) {
		key := &routingv1.PublishedKey{}
		if err := protojson.Unmarshal([]byte(line), key); err != nil {
			t.Fatal(err)
		}
		all = append(all, key)
	}
	return all
}

// TestALineLooksAfterItsKeys from the first ones to the day on which it has lost everything.
func TestALineLooksAfterItsKeys(t *testing.T) {
	h := clitest.New(t)
	if text := h.Must(t, "keys", "list", "brus"); text != "no keys\n" {
		t.Errorf("before the first key: %q", text)
	}
	h.Must(t, "keys", "publish", "--as", "brus")
	h.Must(t, "keys", "rotate", "--as", "brus")
	first := listed(t, h)
	if len(first) != 3 {
		t.Fatalf("there are %d keys, want a signing key and two sealing keys", len(first))
	}
	h.Must(t, "keys", "retire", hex.EncodeToString(first[1].Id), "--as", "brus")
	shares := []string{filepath.Join(t.TempDir(), "one"), filepath.Join(t.TempDir(), "other")}
	h.Must(t, "keys", "shares", shares[0], shares[1], "--as", "brus")
	h.Refuses(t, cli.ExitFailed, "has keys; move it away", "keys", "restore", shares[0], shares[1], "--as", "brus")
	for _, lost := range []string{"sealing", "storage"} {
		if err := os.Remove(filepath.Join(h.Data, "identity", "line", "brus."+lost)); err != nil {
			t.Fatal(err)
		}
	}
	h.Refuses(t, cli.ExitFailed, "typing error", "keys", "restore", shares[0], clitest.Write(t, "wrong", mistyped(t, shares[1])), "--as", "brus")
	h.Must(t, "keys", "restore", shares[1], shares[0], "--as", "brus")
	h.Refuses(t, cli.ExitFailed, "not its own", "keys", "publish", "--as", "brus")
	h.Must(t, "keys", "publish", "--start-over", "--as", "brus")
	h.Clock.Advance(49 * time.Hour)
	h.Must(t, "keys", "publish", "--as", "brus")
	text := h.Must(t, "keys", "list", "brus")
	if strings.Count(text, "retired") < 2 || strings.Count(text, "in use") != 2 {
		t.Errorf("two days later the keys are\n%s", text)
	}
}

func mistyped(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	at := len(text) / 2
	for text[at] == ' ' {
		at++
	}
	text[at] = map[bool]byte{true: '2', false: '3'}[text[at] != '2']
	return string(text)
}

// TestAKeyThatIsNotOurs is revoked by the line, which then goes on with its own.
func TestAKeyThatIsNotOurs(t *testing.T) {
	h := clitest.New(t)
	h.Must(t, "keys", "publish", "--as", "brus")
	if err := os.Remove(filepath.Join(h.Data, "identity", "line", "brus.sealing")); err != nil {
		t.Fatal(err)
	}
	h.Refuses(t, cli.ExitFailed, "that is not its own", "keys", "publish", "--as", "brus")
	h.Must(t, "keys", "publish", "--start-over", "--as", "brus")
	text := h.Must(t, "keys", "list", "brus")
	if strings.Count(text, "revoked: NOT_OURS") != 2 || strings.Count(text, "in use") != 2 {
		t.Errorf("afterwards the keys are\n%s", text)
	}
	own := hex.EncodeToString(listed(t, h)[2].Id)
	h.Must(t, "keys", "revoke", "brus", own, "--reason", "COMPROMISED")
	h.Refuses(t, cli.ExitUsage, "64 hexadecimal digits", "keys", "revoke", "brus", "12", "--reason", "LOST")
	h.Refuses(t, cli.ExitUsage, "say which with --as", "keys", "publish")
	h.Refuses(t, cli.ExitRefused, "has no key", "keys", "revoke", "brus", strings.Repeat("ab", 32), "--reason", "LOST")
}

// TestTrustingANewLog replaces what a line trusts, but for a policy with witnesses.
func TestTrustingANewLog(t *testing.T) {
	h := clitest.New(t)
	policy := filepath.Join(h.Data, "identity", "line", "brus.policy")
	key := verifytest.Log("new.example", 7).VKey()
	h.Must(t, "keys", "trust", key, "--as", "brus")
	if text, err := os.ReadFile(policy); err != nil || !strings.Contains(string(text), key) {
		t.Errorf("the line trusts %q, %v", text, err)
	}
	h.Refuses(t, cli.ExitFailed, "not the public key of a log", "keys", "trust", "hello", "--as", "brus")
	h.Refuses(t, cli.ExitUsage, "say which with --as", "keys", "trust", key)
}
