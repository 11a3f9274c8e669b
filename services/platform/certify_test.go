package platform_test

import (
	"bytes"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stafett/stafett/services/apitest"
	"github.com/stafett/stafett/services/internal/logtest"
	"github.com/stafett/stafett/services/platform"
)

// TestALostAuthorityIsNotReplaced without anybody asking for it: every line would be locked
// out.
func TestALostAuthorityIsNotReplaced(t *testing.T) {
	data := t.TempDir()
	if err := platform.Certify(data, "", apitest.FourLines(), nil); err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(platform.IdentityFolder(data)); err != nil {
		t.Fatal(err)
	}
	err := platform.Certify(data, "", apitest.FourLines(), nil)
	if err == nil || !strings.Contains(err.Error(), "--new-authority") {
		t.Errorf("it certifies with %v", err)
	}
	if _, err := platform.Up(logtest.Context(t), platform.Config{Data: data}); err == nil {
		t.Error("it starts")
	}
	if err := platform.CreateAuthority(data, ""); err != nil {
		t.Fatal(err)
	}
	if err := platform.Certify(data, "", apitest.FourLines(), nil); err != nil {
		t.Errorf("with a new authority: %v", err)
	}
}

func TestKeysThatOthersCanReadAreReported(t *testing.T) {
	data, told := t.TempDir(), &bytes.Buffer{}
	if err := platform.Certify(data, "", nil, nil); err != nil {
		t.Fatal(err)
	}
	open := filepath.Join(data, "signing", "intake.key")
	if err := os.Chmod(open, 0o644); err != nil {
		t.Fatal(err)
	}
	p, err := platform.Up(logtest.Context(t), platform.Config{Data: data, Logger: slog.New(slog.NewTextHandler(told, nil))})
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(told.String(), "can read a private key"); n != 1 || !strings.Contains(told.String(), open) {
		t.Errorf("it reports %d keys: %s", n, told)
	}
}
