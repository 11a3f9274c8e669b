package history_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"

	"github.com/nats-io/nats.go"
	"go.etcd.io/bbolt"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/stafett/stafett/pkg/verify"
	"github.com/stafett/stafett/services/internal/eventlog"
	"github.com/stafett/stafett/services/internal/history"
	"github.com/stafett/stafett/services/internal/logtest"
	"github.com/stafett/stafett/services/rawlog"
)

// A child of this test runs a history in a folder, with the log that answers at
// an address, and kills itself at a step; without one it ends once all is
// published.
const (
	childFolder = "STAFETT_TEST_HISTORY"
	childLog    = "STAFETT_TEST_LOG"
	childStep   = "STAFETT_TEST_STEP"
)

func TestMain(m *testing.M) {
	if folder := os.Getenv(childFolder); folder != "" {
		fmt.Println(child(folder, os.Getenv(childLog), os.Getenv(childStep)))
		os.Exit(1)
	}
	os.Exit(m.Run())
}

func child(folder, log, step string) error {
	nc, err := nats.Connect(log)
	if err != nil {
		return err
	}
	c, ctx := config(folder, rawlog.New(nc, eventlog.Name)), context.Background()
	last, err := c.Stream.Last(ctx)
	if err != nil {
		return err
	}
	c.Logger = slog.New(killer{step, last})
	h, err := history.Open(ctx, c)
	if err != nil {
		return err
	}
	if err := h.Compare(ctx); err != nil {
		return err
	}
	return h.Run(ctx, reader(last))
}

// killer is told of every step, and kills its own process at one.
type killer struct {
	step string
	last int64
}

func (k killer) Enabled(context.Context, slog.Level) bool { return true }
func (k killer) WithAttrs([]slog.Attr) slog.Handler       { return k }
func (k killer) WithGroup(string) slog.Handler            { return k }
func (k killer) Handle(_ context.Context, r slog.Record) error {
	if r.Message == k.step {
		self, err := os.FindProcess(os.Getpid())
		if err == nil {
			err = self.Kill()
		}
		fmt.Println(err)
		select {}
	}
	if k.step == "" && r.Message == "published" {
		os.Exit(0)
	}
	return nil
}

// Where a history is killed: at each step that it tells of, and by the witness
// that it asks, before that one sees anything and once it has cosigned.
const (
	witnessAsked    = "a witness is asked"
	witnessCosigned = "a witness has cosigned and does not answer"
)

var steps = []string{
	"log compared", "log read", "leaves added", "checkpoint signed", "checkpoint recorded", "checkpoint kept", "asking witnesses",
	witnessAsked, witnessCosigned, "witnesses answered", "publishing", "published",
}

// order has every step three times, each time after another one.
func order() (all []string) {
	for _, stride := range []int{1, 5, 7} { // none has a divisor in common with their number
		for i := range steps {
			all = append(all, steps[i*stride%len(steps)])
		}
	}
	return all
}

// killed is a history that is killed again and again, and all that it ever said.
type killed struct {
	*guarded
	log   verify.Log
	url   string
	mu    sync.Mutex
	step  string // at which the child is killed next
	child *exec.Cmd
	said  map[int64]map[tlog.Hash]string // where, by size and root
	// The largest sizes that left the process, and that were found on disk.
	left, tree, published int64
}

// TestKilledAtEachStepThereIsOneRootForEachSize: whatever the history signed, showed
// to a witness, or published before it was killed or after, is the log's own root at
// its size. Nothing leaves it that is not on disk, and it goes on from there.
func TestKilledAtEachStepThereIsOneRootForEachSize(t *testing.T) {
	server := logtest.Listening(t, -1, t.TempDir())
	nc := logtest.Connect(t, server)
	logtest.NewKeys(t).Open(t, nc, 1, "intake")
	s := rawlog.New(nc, eventlog.Name)
	k := &killed{guarded: guard(t, s), url: server.ClientURL(), said: map[int64]map[tlog.Hash]string{}}
	h := open(t, k.folder, s)
	k.log = h.Log()
	h.Close()
	k.asked = k.witness
	for i, step := range order() {
		write(t, nc, messages(1+37*i%53))
		if err := k.run(t, step); !wasKilled(err) {
			t.Fatalf("at %q it was not killed, and ends with %v", step, err)
		}
		k.look(t)
	}
	if err := k.run(t, ""); err != nil {
		t.Fatal(err)
	}
	k.look(t)
	last, err := s.Last(logtest.Context(t))
	if err != nil || k.published != last {
		t.Errorf("at the end %d of %d are published, %v", k.published, last, err)
	}
	k.compare(t, s, last)
}

func wasKilled(err error) bool {
	var ended *exec.ExitError
	return errors.As(err, &ended) && ended.ExitCode() < 0 // by a signal
}

// run runs a child until it is killed at a step.
func (k *killed) run(t *testing.T, step string) error {
	t.Helper()
	ctx := logtest.Context(t)
	child := exec.CommandContext(ctx, os.Args[0])
	child.Env = append(os.Environ(), childFolder+"="+k.folder, childLog+"="+k.url, childStep+"="+step)
	var out bytes.Buffer
	child.Stdout, child.Stderr = &out, &out
	k.mu.Lock()
	k.step, k.child = step, child
	err := child.Start()
	k.mu.Unlock()
	if err != nil {
		t.Fatal(err)
	}
	err = child.Wait()
	if ctx.Err() != nil {
		t.Fatalf("it never comes to %q", step)
	}
	return errors.Join(err, errorIf(out.String()))
}

func errorIf(text string) error {
	if text == "" {
		return nil
	}
	return errors.New(text)
}

// witness answers as it would, and remembers. The second one kills who asks, where
// that is what is to be tried.
func (k *killed) witness(i int, inner http.Handler, out http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodGet { // what it has cosigned; nothing is sent to it
		inner.ServeHTTP(out, r)
		return
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return // who asked was killed meanwhile
	}
	_, signed, _ := bytes.Cut(body, []byte("\n\n"))
	k.mu.Lock()
	defer k.mu.Unlock()
	k.left = max(k.left, k.say("sent to a witness", signed))
	if i == 1 && k.step == witnessAsked {
		k.child.Process.Kill()
		return
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	answer := httptest.NewRecorder()
	inner.ServeHTTP(answer, r)
	if i == 1 && k.step == witnessCosigned && answer.Code == http.StatusOK {
		k.child.Process.Kill()
		return
	}
	out.WriteHeader(answer.Code)
	out.Write(answer.Body.Bytes())
}

// say adds a checkpoint to what was said. One that the log did not sign has the
// size -1.
func (k *killed) say(where string, signed []byte) int64 {
	c, err := verify.OpenCheckpoint(signed, k.log)
	if err != nil {
		c.Size, where = -1, fmt.Sprint(where, ": ", err)
	}
	if k.said[c.Size] == nil {
		k.said[c.Size] = map[tlog.Hash]string{}
	}
	k.said[c.Size][c.Root] = where
	return c.Size
}

// look looks at what the killed process left on disk.
func (k *killed) look(t *testing.T) {
	t.Helper()
	k.mu.Lock()
	defer k.mu.Unlock()
	tree, published := k.tree, k.published
	if signed := recorded(t, filepath.Join(k.folder, "tree.db")); signed != nil {
		k.tree = k.say("signed", signed)
	}
	if signed, err := os.ReadFile(filepath.Join(k.folder, "checkpoint")); err == nil {
		if k.published = k.say("published", signed); !k.policy.Quorate(signed) {
			t.Errorf("%d are published without enough witnesses", k.published)
		}
	}
	if k.tree < tree || k.published < published {
		t.Errorf("after %q there are %d signed and %d published, and were %d and %d", k.step, k.tree, k.published, tree, published)
	}
	if k.tree < max(k.left, k.published) {
		t.Errorf("after %q there are %d on disk, and a witness was sent %d and %d are published", k.step, k.tree, k.left, k.published)
	}
}

// recorded is the checkpoint in a tree's file, read without the tree.
func recorded(t *testing.T, path string) (signed []byte) {
	t.Helper()
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	err = db.View(func(tx *bbolt.Tx) error {
		if meta := tx.Bucket([]byte("meta")); meta != nil {
			signed = bytes.Clone(meta.Get([]byte("signed")))
		}
		return nil
	})
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
	return signed
}

// compare wants the log's own root at every size, and at no size another.
func (k *killed) compare(t *testing.T, s *rawlog.Stream, last int64) {
	t.Helper()
	k.mu.Lock()
	defer k.mu.Unlock()
	var own verify.Frontier
	compared := 0
	err := s.Read(logtest.Context(t), 1, last, func(position int64, m verify.Message) error {
		own.Append(m.Leaf())
		for root, where := range k.said[position] {
			if compared++; root != own.Root() {
				t.Errorf("size %d was %s with the root %s, and the log's is %s", position, where, root, own.Root())
			}
		}
		delete(k.said, position)
		return nil
	})
	if err != nil || len(k.said) > 0 || compared < len(steps) {
		t.Errorf("%d were compared, and of no size of the log were %v, %v", compared, k.said, err)
	}
}
