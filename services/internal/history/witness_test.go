package history_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stafett/stafett/pkg/verify"
	"github.com/stafett/stafett/services/internal/history"
	"github.com/stafett/stafett/services/internal/logtest"
	"github.com/stafett/stafett/services/rawlog"
	"github.com/stafett/stafett/services/witness"
)

// guarded is a history in a folder with three witnesses, two of which must
// cosign.
type guarded struct {
	folder string
	policy *verify.Policy
	down   [3]atomic.Bool
	// asked stands between a witness and those who ask it; nil does nothing.
	asked func(witness int, inner http.Handler, out http.ResponseWriter, r *http.Request)
}

func guard(t *testing.T, s *rawlog.Stream) *guarded {
	t.Helper()
	g := &guarded{folder: t.TempDir()}
	log := open(t, g.folder, s)
	text := "log " + log.Log().VKey() + "\n"
	for i := range g.down {
		name := fmt.Sprintf("w%d", i+1)
		w, err := witness.OpenIn(t.TempDir(), "witness.test/"+name, []verify.Log{log.Log()}, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { w.Close() })
		server := httptest.NewServer(http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
			if g.down[i].Load() {
				http.Error(out, "down", http.StatusServiceUnavailable)
				return
			}
			if g.asked != nil {
				g.asked(i, w.Handler(), out, r)
				return
			}
			w.Handler().ServeHTTP(out, r)
		}))
		t.Cleanup(server.Close)
		text += fmt.Sprintf("witness %s %s %s\n", name, w.VKey(), server.URL)
	}
	log.Close()
	text += "group enough 2 w1 w2 w3\nquorum enough\n"
	var err error
	if g.policy, err = verify.ParsePolicy([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(g.folder, "trust.policy"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return g
}

func TestWhatIsPublishedIsCosigned(t *testing.T) {
	nc, s := stream(t, messages(10))
	g := guard(t, s)
	published := follow(t, open(t, g.folder, s), 10)
	if c, err := g.policy.Open(published); err != nil || c.Size != 10 || len(g.policy.Cosigned(published)) != 3 {
		t.Errorf("published is %s: %v, %v", published, c, err)
	}
	write(t, nc, messages(500))
	g.down[1].Store(true)
	again := copied(t, g.folder)
	published = follow(t, open(t, again, s), 510)
	if c, err := g.policy.Open(published); err != nil || c.Size != 510 || len(g.policy.Cosigned(published)) != 2 {
		t.Errorf("with one witness down, published is %s: %v, %v", published, c, err)
	}
}

// logged is a logger's output that can be read while it is written.
type logged struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *logged) Write(text []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(text)
}

func (l *logged) await(t *testing.T, text string) {
	t.Helper()
	ctx := logtest.Context(t)
	for {
		l.mu.Lock()
		found := strings.Contains(l.text.String(), text)
		l.mu.Unlock()
		if found {
			return
		}
		select {
		case <-ctx.Done():
			t.Fatalf("%q is not logged", text)
		case <-time.After(time.Millisecond):
		}
	}
}

// run runs a history that may not get anything published.
func run(t *testing.T, folder string, s *rawlog.Stream, size int64) (*history.History, *logged) {
	t.Helper()
	told := &logged{}
	c := config(folder, s)
	c.Logger = slog.New(slog.NewTextHandler(told, nil))
	h, err := history.Open(logtest.Context(t), c)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- h.Run(ctx, reader(size)) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		h.Close()
	})
	return h, told
}

// TestTooFewWitnesses: nothing is published until enough witnesses are back to cosign it.
func TestTooFewWitnesses(t *testing.T) {
	_, s := stream(t, messages(10))
	g := guard(t, s)
	g.down[0].Store(true)
	g.down[2].Store(true)
	h, told := run(t, g.folder, s, 10)
	told.await(t, "a witness did not cosign")
	if published := h.Published(); len(published) > 0 {
		t.Errorf("published is %s", published)
	}
	g.down[2].Store(false)
	ctx := logtest.Context(t)
	for len(h.Published()) == 0 {
		select {
		case <-ctx.Done():
			t.Fatal("it is not published when they are back")
		case <-time.After(10 * time.Millisecond):
		}
	}
}
