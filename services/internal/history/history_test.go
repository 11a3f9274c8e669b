package history_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"go.etcd.io/bbolt"

	"github.com/stafett/stafett/pkg/verify"
	"github.com/stafett/stafett/services/internal/eventlog"
	"github.com/stafett/stafett/services/internal/history"
	"github.com/stafett/stafett/services/internal/logtest"
	"github.com/stafett/stafett/services/rawlog"
)

// message is a message of the log: a subject and a text.
type message struct{ subject, text string }

func messages(count int) (all []message) {
	for i := range count {
		all = append(all, message{eventlog.ConversationSubject(fmt.Sprint(i % 7)), fmt.Sprint("append ", i+1)})
	}
	return all
}

// stream is a new log with messages in it, whoever wrote them.
func stream(t testing.TB, all []message) (*nats.Conn, *rawlog.Stream) {
	t.Helper()
	nc := logtest.Connect(t, logtest.Server(t))
	logtest.NewKeys(t).Open(t, nc, 1, "intake")
	write(t, nc, all)
	return nc, rawlog.New(nc, eventlog.Name)
}

func write(t testing.TB, nc *nats.Conn, all []message) {
	t.Helper()
	js := logtest.JetStream(t, nc)
	for _, m := range all {
		// One header: nats.go writes several in any order, and two logs must be the same.
		header := nats.Header{"Stafett-Events": {"x", m.text}}
		if _, err := js.PublishMsg(logtest.Context(t), &nats.Msg{Subject: m.subject, Data: []byte(m.text), Header: header}); err != nil {
			t.Fatal(err)
		}
	}
}

func config(folder string, s *rawlog.Stream) history.Config {
	return history.Config{Folder: folder, Policy: filepath.Join(folder, history.PolicyFile), Origin: "stafett.test/history", Stream: s, Logger: slog.New(slog.DiscardHandler)}
}

func open(t testing.TB, folder string, s *rawlog.Stream) *history.History {
	t.Helper()
	h, err := history.Open(logtest.Context(t), config(folder, s))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { h.Close() })
	return h
}

// reader has read a log up to a position.
type reader int64

func (r reader) Position() uint64         { return uint64(r) }
func (r reader) Changed() <-chan struct{} { return nil }

// follow runs a history until it has published a size.
func follow(t testing.TB, h *history.History, size int64) []byte {
	t.Helper()
	ctx, stop := context.WithCancel(logtest.Context(t))
	ended := make(chan error, 1)
	go func() { ended <- h.Run(ctx, reader(size)) }()
	defer func() {
		stop()
		if err := <-ended; err != nil {
			t.Errorf("it ended with %v", err)
		}
	}()
	for {
		if c, err := verify.UnverifiedCheckpoint(h.Published()); err == nil && c.Size == size {
			return h.Published()
		}
		select {
		case err := <-ended:
			ended <- err
			t.Fatalf("it ended with %v", err)
		case <-ctx.Done():
			t.Fatalf("size %d is not published", size)
		case <-time.After(time.Millisecond):
		}
	}
}

// known makes a history of a log in a folder, and closes it.
func known(t testing.TB, folder string, s *rawlog.Stream, size int64) {
	t.Helper()
	h := open(t, folder, s)
	follow(t, h, size)
	h.Close()
}

// TestAStrangerGetsTheSameRoot: with NATS's own request for one message and the documented
// rule, and without any of the code that made the tree.
func TestAStrangerGetsTheSameRoot(t *testing.T) {
	nc, s := stream(t, messages(300))
	h := open(t, t.TempDir(), s)
	c, err := verify.OpenCheckpoint(follow(t, h, 300), h.Log())
	if err != nil {
		t.Fatal(err)
	}
	if root := strangersRoot(t, nc, 300); c.Root != root {
		t.Errorf("the checkpoint's root is %s, a stranger's %s", c.Root, root)
	}
}

func TestAHistoryGoesOn(t *testing.T) {
	folder := t.TempDir()
	nc, s := stream(t, messages(10))
	known(t, folder, s, 10)
	write(t, nc, messages(500))
	known(t, folder, s, 510)
	again := open(t, folder, s)
	if head := again.Tree().Head(); head.Size != 510 || len(again.Published()) == 0 {
		t.Errorf("it came back with %d leaves", head.Size)
	}
}

// alterations of a log at a position, from 1, and the position that is wrong
// first by them.
var alterations = map[string]func(all []message, at int) ([]message, int){
	"changed": func(all []message, at int) ([]message, int) {
		return slices.Replace(slices.Clone(all), at-1, at, message{all[at-1].subject, "other"}), at
	},
	"moved to another subject": func(all []message, at int) ([]message, int) {
		return slices.Replace(slices.Clone(all), at-1, at, message{eventlog.ConversationSubject("x"), all[at-1].text}), at
	},
	"dropped": func(all []message, at int) ([]message, int) {
		return slices.Delete(slices.Clone(all), at-1, at), at
	},
	"inserted": func(all []message, at int) ([]message, int) {
		return slices.Insert(slices.Clone(all), at-1, message{all[0].subject, "new"}), at
	},
	"swapped": func(all []message, at int) ([]message, int) {
		swapped, other := slices.Clone(all), at%len(all)
		swapped[at-1], swapped[other] = swapped[other], swapped[at-1]
		return swapped, min(at, other+1)
	},
	"truncated": func(all []message, at int) ([]message, int) { return all[:at-1], at },
}

// TestAnAlteredLogIsRefused names the first wrong position, both with its tree and, if a
// checkpoint was published, without it. What only the whole comparison finds is before the last
// 256 commits, of which nothing else was moved.
func TestAnAlteredLogIsRefused(t *testing.T) {
	all := messages(600)
	folder := t.TempDir()
	_, s := stream(t, all)
	known(t, folder, s, 600)
	for name, alter := range alterations {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, at := range []int{1, 2, 256, 344, 345, 599, 600} {
				altered, first := alter(all, at)
				_, s := stream(t, altered)
				want := fmt.Sprintf("position %d ", first)
				err := refusal(t, folder, s)
				if at < 345 && len(altered) == len(all) && slices.Equal(altered[344:], all[344:]) {
					if err != nil {
						t.Errorf("at %d it opens with %v, and its end is as it was signed", at, err)
					}
					err = difference(t, folder, s)
				}
				if !errors.Is(err, history.ErrAltered) || !strings.Contains(err.Error(), want) {
					t.Errorf("at %d: %v, want that it is altered at %s", at, err, want)
				}
				forgotten := copied(t, folder)
				os.Remove(filepath.Join(forgotten, "tree.db"))
				if err := refusal(t, forgotten, s); !errors.Is(err, history.ErrAltered) {
					t.Errorf("at %d, without its tree, it opens with %v", at, err)
				}
			}
		})
	}
}

// refusal is why a copy of a history cannot be opened with a log.
func refusal(t *testing.T, folder string, s *rawlog.Stream) error {
	t.Helper()
	h, err := history.Open(logtest.Context(t), config(copied(t, folder), s))
	if err == nil {
		h.Close()
	}
	return err
}

// difference is what the whole comparison finds.
func difference(t *testing.T, folder string, s *rawlog.Stream) error {
	t.Helper()
	return open(t, copied(t, folder), s).Compare(logtest.Context(t))
}

func copied(t *testing.T, folder string) string {
	t.Helper()
	to := t.TempDir()
	if err := os.CopyFS(to, os.DirFS(folder)); err != nil {
		t.Fatal(err)
	}
	return to
}

// TestALostTreeIsMadeAnew, and a checkpoint older than the tree, as after a crash between the
// two, is accepted.
func TestALostTreeIsMadeAnew(t *testing.T) {
	folder := t.TempDir()
	nc, s := stream(t, messages(300))
	known(t, folder, s, 300)
	older := copied(t, folder)
	write(t, nc, messages(10))
	known(t, folder, s, 310)
	if err := os.Remove(filepath.Join(folder, "tree.db")); err != nil {
		t.Fatal(err)
	}
	before, err := os.ReadFile(filepath.Join(folder, "checkpoint"))
	if err != nil {
		t.Fatal(err)
	}
	h := open(t, folder, s)
	follow(t, h, 310)
	if again := h.Tree().Head().Signed; string(again) != string(before) {
		t.Errorf("made again it signs %s, and signed %s before", again, before)
	}
	h.Close()
	stale, err := os.ReadFile(filepath.Join(older, "checkpoint"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "checkpoint"), stale, 0o600); err != nil {
		t.Fatal(err)
	}
	follow(t, open(t, folder, s), 310)
}

// TestADamagedTreeIsToldFromAnAlteredLog: the log is intact, so the tree is rebuilt and the
// damaged file kept.
func TestADamagedTreeIsToldFromAnAlteredLog(t *testing.T) {
	folder := t.TempDir()
	_, s := stream(t, messages(300))
	known(t, folder, s, 300)
	db, err := bbolt.Open(filepath.Join(folder, "tree.db"), 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	err = db.Update(func(tx *bbolt.Tx) error {
		tiles := tx.Bucket([]byte("tiles"))
		first, tile := tiles.Cursor().First()
		damaged := slices.Clone(tile)
		damaged[32*16] ^= 1
		return tiles.Put(slices.Clone(first), damaged)
	})
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
	follow(t, open(t, folder, s), 300)
	if _, err := os.Stat(filepath.Join(folder, "tree.db.damaged")); err != nil {
		t.Errorf("what was damaged is not kept: %v", err)
	}
}

func TestFilesThatDoNotBelongAreRefused(t *testing.T) {
	folder := t.TempDir()
	_, s := stream(t, messages(3))
	known(t, folder, s, 3)
	vkey, err := os.ReadFile(filepath.Join(folder, "log.vkey"))
	if err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(folder string) error{
		"without its key": func(folder string) error { return os.Remove(filepath.Join(folder, "checkpoint.key")) },
		"with another's checkpoint": func(folder string) error {
			return os.WriteFile(filepath.Join(folder, "checkpoint"), []byte("x"), 0o600)
		},
		"with a policy of nonsense": func(folder string) error {
			return os.WriteFile(filepath.Join(folder, "trust.policy"), []byte("quorum x"), 0o600)
		},
		"with a log for its witness": func(folder string) error {
			return os.WriteFile(filepath.Join(folder, "trust.policy"), []byte("witness w "+string(vkey)+"\nquorum w"), 0o600)
		},
	} {
		spoilt := copied(t, folder)
		if err := spoil(spoilt); err != nil {
			t.Fatal(err)
		}
		if err := refusal(t, spoilt, s); err == nil {
			t.Errorf("%s it opens", name)
		}
	}
}
