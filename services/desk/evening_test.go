package desk_test

import (
	"context"
	"log/slog"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/stafett/stafett/pkg/directory/linefile"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	"github.com/stafett/stafett/services/apitest"
	"github.com/stafett/stafett/services/desk"
	"github.com/stafett/stafett/services/platform"
)

func TestMain(m *testing.M) {
	if config := os.Getenv(asDesk); config != "" {
		beDesk(config)
	}
	apitest.Main(m)
}

// evening is a platform with the example lines and a desk for each of the named ones. Its clock stands
// still, so that no deadline passes however slow the machine is.
func evening(t *testing.T, lines ...string) (w *apitest.World, url map[string]string) {
	t.Helper()
	return eveningOf(t, linefile.Example(), lines...)
}

func eveningOf(t *testing.T, directory []*handoverv1.Line, lines ...string) (w *apitest.World, url map[string]string) {
	t.Helper()
	w = apitest.NewWorldOf(t, directory)
	w.Quiet = true
	url = map[string]string{}
	for _, line := range lines {
		url[line] = run(t, w, line)
	}
	return w, url
}

// run runs the desk of a line until the test ends.
func run(t *testing.T, w *apitest.World, line string) string {
	t.Helper()
	url, _ := runOn(t, w, line, t.TempDir(), "127.0.0.1:0")
	return url
}

// runOn runs the desk of a line on a folder and an address, until stop is called or the test ends.
func runOn(t *testing.T, w *apitest.World, line, data, listen string) (url string, stop func()) {
	t.Helper()
	d, err := desk.Open(config(t, w, line, data, listen))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	stopped := make(chan error, 1)
	go func() { stopped <- d.Run(ctx) }()
	stop = sync.OnceFunc(func() {
		cancel()
		if err := <-stopped; err != nil {
			t.Errorf("the desk of %s did not stop cleanly: %v", line, err)
		}
	})
	t.Cleanup(stop)
	return d.URL(), stop
}

// eventually looks until something is there.
func eventually(t *testing.T, what string, look func() (shown string, there bool)) string {
	t.Helper()
	deadline := time.Now().Add(patience)
	for {
		shown, there := look()
		if there {
			return shown
		}
		if time.Now().After(deadline) {
			t.Fatalf("waited in vain for %q; there is:\n%s", what, shown)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// config has a clock of its own that stands still: a test that moves the platform's makes no window look lost.
func config(t *testing.T, w *apitest.World, line, data, listen string) desk.Config {
	now := w.Clock.Now()
	return desk.Config{
		Line: line, Data: data, Addresses: w.Addresses(), Credentials: platform.Credentials(platform.IdentityFolder(w.Data), "line", line),
		Listen: listen, Now: func() time.Time { return now }, Logger: slog.New(slog.NewTextHandler(t.Output(), nil)),
	}
}
