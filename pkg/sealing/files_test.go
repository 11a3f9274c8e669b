package sealing

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stafett/stafett/pkg/seal"
	"github.com/stafett/stafett/pkg/verify"
	"github.com/stafett/stafett/pkg/verify/verifytest"
	sealv1 "github.com/stafett/stafett/proto/stafett/seal/v1"
)

const conversation = "conversations/0123456789abcdef0123456789abcdef"

// program is a program of a line that has its files and no platform.
func program(t *testing.T, base string) *System {
	t.Helper()
	store, err := openStore(base)
	if err != nil {
		t.Fatal(err)
	}
	s := &System{store: store, now: time.Now, contents: map[string]*kept[*seal.Contents]{}, returned: map[string][]*sealv1.UnreadMessage{}}
	if err := store.locked(store.keyFile(), func() error { return s.firstKeys("stafett.example", "brus") }); err != nil {
		t.Fatal(err)
	}
	return s
}

func TestProgramsThatStartAtOnceHaveOneStorageKey(t *testing.T) {
	for range 5 {
		base := filepath.Join(t.TempDir(), "brus")
		keys := make(chan string)
		for range 4 {
			go func() {
				s, err := openStore(base)
				if err != nil {
					t.Error(err)
					keys <- ""
					return
				}
				keys <- s.storage.String()
			}()
		}
		one := <-keys
		for range 3 {
			if other := <-keys; other != one {
				t.Error("two programs have made a storage key each")
			}
		}
	}
}

func TestWhatACrashLeftIsRemoved(t *testing.T) {
	folder := t.TempDir()
	for _, name := range []string{"brus.sealing.1.unfinished", "brus.storage.2.unfinished", "brus.sealing.20261130"} {
		if err := os.WriteFile(filepath.Join(folder, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	program(t, filepath.Join(folder, "brus"))
	files, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, file := range files {
		names = append(names, file.Name())
	}
	if got, want := strings.Join(names, " "), "brus.contents brus.sealing brus.sealing.20261130 brus.storage"; got != want {
		t.Errorf("there are %s, want %s", got, want)
	}
}

// waiting is a message that comes before its key.
func waiting(t *testing.T) (seal.Held, inbox) {
	t.Helper()
	at := seal.Place{Domain: "stafett.example", Conversation: conversation, Epoch: 1, Kind: sealv1.Kind_KIND_TENURE}
	key := seal.Held{ContentKey: seal.NewContentKey(), Place: at}
	at.Item = "1"
	blob, err := key.Seal(at, []byte("hello"))
	if err != nil {
		t.Fatal(err)
	}
	return key, inbox{messages: []*sealv1.UnreadMessage{{Message: 1, Item: at.Item, Sealed: blob}}}
}

// TestWhatWaitsIsKeptOnce, and returned once, also if it comes again after a crash.
func TestWhatWaitsIsKeptOnce(t *testing.T) {
	base := filepath.Join(t.TempDir(), "brus")
	key, came := waiting(t)
	for range 2 {
		s := program(t, base)
		if _, err := s.read(t.Context(), conversation, came); err != nil {
			t.Fatal(err)
		}
	}
	s := program(t, base)
	for range 2 {
		if err := s.remember(conversation, inbox{}, inbox{grants: []*sealv1.Grant{{Terms: []byte{1}}}}); err != nil {
			t.Fatal(err)
		}
	}
	if held, err := s.of(conversation); err != nil || len(held.Unread) != 1 || len(held.Unchecked) != 1 {
		t.Errorf("%v: %v; want one message and one grant", err, held)
	}
	if err := s.keep(conversation, func(c *seal.Contents) { c.Keys, c.Unchecked = append(c.Keys, key), nil }); err != nil {
		t.Fatal(err)
	}
	if words, err := s.read(t.Context(), conversation, came); err != nil || len(words) != 1 || words[0].Text != "hello" {
		t.Errorf("it reads %v, %v; want hello once", words, err)
	}
}

// TestAFullDisk: what could not be kept is not refused for good.
func TestAFullDisk(t *testing.T) {
	s := program(t, filepath.Join(t.TempDir(), "brus"))
	if err := os.RemoveAll(s.store.base + ".contents"); err != nil {
		t.Fatal(err)
	}
	_, came := waiting(t)
	_, err := s.read(t.Context(), conversation, came)
	if err == nil || Never(err) {
		t.Errorf("without its folder: %v", err)
	}
}

// TestProofsOfTwoPrograms: neither takes from the other what it has verified.
func TestProofsOfTwoPrograms(t *testing.T) {
	base, log := filepath.Join(t.TempDir(), "brus"), verifytest.Log("stafett.example/log", 1)
	policy, err := verify.ParsePolicy([]byte("log " + log.VKey() + "\nquorum none\n"))
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		size int64
		key  string
		want int64
		keys string
	}{{10, "a", 10, "a"}, {5, "b", 10, "a"}, {12, "c", 12, "a c"}} {
		s := program(t, base)
		s.proofs = proofs{policy: policy, newest: verify.Checkpoint{Origin: log.Name(), Size: step.size}, proved: map[string]time.Time{step.key: time.Now()}}
		if err := s.saveProofs(); err != nil {
			t.Fatal(err)
		}
		file, err := s.readProofs()
		if err != nil {
			t.Fatal(err)
		}
		var keys []string
		for _, key := range file.Keys {
			keys = append(keys, string(key.Key))
		}
		slices.Sort(keys)
		if file.Size != step.want || strings.Join(keys, " ") != step.keys {
			t.Errorf("the file has size %d and keys %v, want %d and %s", file.Size, keys, step.want, step.keys)
		}
	}
}
