package eventlog_test

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"

	"github.com/stafett/stafett/services/internal/eventlog"
	"github.com/stafett/stafett/services/internal/logtest"
	"github.com/stafett/stafett/services/internal/signing"
	"github.com/stafett/stafett/services/internal/staging"
)

// A child of this test runs a log in a folder, with many writers, and prints what is
// acknowledged until it is killed.
const (
	childFolder = "STAFETT_TEST_EVENTLOG"
	childStages = "STAFETT_TEST_STAGING" // in memory
)

func TestMain(m *testing.M) {
	if folder := os.Getenv(childFolder); folder != "" {
		fmt.Println(writeUntilKilled(folder))
		os.Exit(1)
	}
	os.Exit(m.Run())
}

func writeUntilKilled(folder string) error {
	before := staging.Folder(folder)
	s, err := server.NewServer(&server.Options{DontListen: true, NoSigs: true, NoLog: true, JetStream: true, SyncAlways: true, StoreDir: folder})
	if err != nil {
		return err
	}
	go s.Start()
	if !s.ReadyForConnections(logtest.Patience) {
		return fmt.Errorf("the nats-server did not start")
	}
	os.RemoveAll(before)
	nc, err := nats.Connect("", nats.InProcessServer(s))
	if err != nil {
		return err
	}
	log, err := openIn(folder, nc)
	if err != nil {
		return err
	}
	log = log.SharedBy(&eventlog.Reader{}, &eventlog.Writer{Staged: os.Getenv(childStages) != "" && staging.Begin(folder) != ""})
	ended := make(chan error)
	for range 64 {
		go func() { ended <- write(log, fmt.Sprintf("c%x", rand.Uint64())) }()
	}
	return <-ended
}

func openIn(folder string, nc *nats.Conn) (*eventlog.Log, error) {
	keys := filepath.Join(folder, "keys")
	key, err := signing.OpenKey(keys, "intake")
	if err != nil {
		return nil, err
	}
	ring, err := signing.OpenKeyring(keys)
	if err != nil {
		return nil, err
	}
	return eventlog.Open(context.Background(), nc, 1, ring, key)
}

func write(log *eventlog.Log, conversation string) error {
	for last := uint64(0); ; {
		commit := logtest.Joined(conversation)
		entry, err := log.Append(context.Background(), commit, last)
		if err != nil {
			return err
		}
		last = entry.Position
		if _, err := fmt.Printf("%s %d\n", commit.Id, last); err != nil {
			return err
		}
	}
}

// TestAKilledServerKeepsWhatItAcknowledged: with 64 writers it is nearly always killed between the
// steps of a batch.
func TestAKilledServerKeepsWhatItAcknowledged(t *testing.T) {
	t.Run("staging on the disk", func(t *testing.T) { killed(t, func(string) {}) })
	t.Setenv(childStages, "1")
	t.Run("staging in memory", func(t *testing.T) { killed(t, func(string) {}) })
	t.Run("a power cut takes what is staged", func(t *testing.T) {
		killed(t, func(folder string) { os.RemoveAll(staging.Folder(folder)) })
	})
}

// killed kills a child several times. What is done after each kill gets its folder.
func killed(t *testing.T, after func(folder string)) {
	folder, acknowledged := t.TempDir(), map[string]uint64{}
	if err := os.Mkdir(filepath.Join(folder, "keys"), 0o700); err != nil {
		t.Fatal(err)
	}
	for range 8 {
		runAndKill(t, folder, 200+rand.IntN(400), acknowledged)
		after(folder)
	}
	staged := staging.Folder(folder)
	t.Cleanup(func() { os.RemoveAll(staged) })
	s := logtest.Listening(t, -1, folder)
	nc := logtest.Connect(t, s)
	log, err := openIn(folder, nc)
	if err != nil {
		t.Fatal(err)
	}
	last, err := log.Last(logtest.Context(t))
	if err != nil || last < uint64(len(acknowledged)) {
		t.Fatalf("it acknowledged %d commits and has %d, %v", len(acknowledged), last, err)
	}
	f := follow(t, log, 0)
	for position := uint64(1); position <= last; position++ {
		entry := <-f.entries
		if want, known := acknowledged[entry.Commit.Id]; known && want != entry.Position {
			t.Errorf("%s was acknowledged at %d and is at %d", entry.Commit.Id, want, entry.Position)
		}
		delete(acknowledged, entry.Commit.Id)
	}
	if len(acknowledged) > 0 {
		t.Errorf("it has lost %d commits: %v", len(acknowledged), acknowledged)
	}
	if batched(t, nc, 0) == 0 {
		t.Error("no commit was stored in a batch")
	}
}

// runAndKill runs a child until it has acknowledged some commits more, and kills it.
func runAndKill(t *testing.T, folder string, more int, acknowledged map[string]uint64) {
	t.Helper()
	child := exec.CommandContext(logtest.Context(t), os.Args[0])
	child.Env = append(os.Environ(), childFolder+"="+folder)
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for n := 0; lines.Scan(); n++ {
		var id string
		var position uint64
		if _, err := fmt.Sscan(lines.Text(), &id, &position); err != nil {
			t.Fatalf("%q: %v", lines.Text(), err)
		}
		acknowledged[id] = position
		if n == more {
			child.Process.Kill() // what it has printed by now is read still
		}
	}
	_ = child.Wait()
}
