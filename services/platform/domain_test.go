package platform_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stafett/stafett/pkg/directory/linefile"
	"github.com/stafett/stafett/services/apitest"
	"github.com/stafett/stafett/services/internal/logtest"
	"github.com/stafett/stafett/services/platform"
)

// TestAPlatformKeepsItsDomain, which names its logs: given once, it need not be given
// again, and cannot be another.
func TestAPlatformKeepsItsDomain(t *testing.T) {
	config := platform.Config{Data: t.TempDir(), Lines: linefile.Example(), Domain: "helplines.example"}
	for _, domain := range []string{"helplines.example", ""} {
		config.Domain = domain
		p := apitest.Must[*platform.Platform](t)(platform.Up(logtest.Context(t), config))
		if err := p.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if vkey := apitest.Must[[]byte](t)(os.ReadFile(filepath.Join(config.Data, "audit/log.vkey"))); !strings.HasPrefix(string(vkey), "helplines.example/history+") {
		t.Errorf("the log's key is %s", vkey)
	}
	for domain, want := range map[string]string{"other.example": "is not of the trust domain other.example", "a b": "is not a trust domain"} {
		config.Domain = domain
		if _, err := platform.Up(logtest.Context(t), config); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("as %q it starts with %v, want an error that says %q", domain, err, want)
		}
	}
}
