package page_test

import (
	"crypto/sha256"
	"fmt"
	"io/fs"
	"strings"
	"testing"

	"github.com/stafett/stafett/services/desk/internal/page"
)

// TestVendoredFilesAreAsPublished: what is not ours is byte for byte what its registry serves, with its licence.
func TestVendoredFilesAreAsPublished(t *testing.T) {
	sums, err := fs.ReadFile(page.Assets(), "vendor/SHA256SUMS")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(sums)) {
		sum, name, _ := strings.Cut(strings.TrimSpace(line), "  ")
		text, err := fs.ReadFile(page.Assets(), "vendor/"+name)
		if got := fmt.Sprintf("%x", sha256.Sum256(text)); err != nil || got != sum {
			t.Errorf("%s has SHA-256 %s, not %s (%v)", name, got, sum, err)
		}
		if _, err := fs.Stat(page.Assets(), "vendor/"+strings.TrimSuffix(name, ".js")+".LICENSE"); err != nil {
			t.Errorf("%s is here without its licence: %v", name, err)
		}
	}
}
