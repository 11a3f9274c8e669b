package projection_test

import (
	"bytes"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stafett/stafett/services/internal/eventlog"
	"github.com/stafett/stafett/services/internal/logtest"
	"github.com/stafett/stafett/services/internal/projection"
)

func TestAnotherVersionIsRebuilt(t *testing.T) {
	log, file := logtest.New(t, "intake"), path(t)
	fill(t, log, "c", 10)
	open(t, file, log, definition("1")).Close()
	d := projection.Definition{Version: "2", Buckets: []string{"positions"}, Apply: func(tx *projection.Tx, entry eventlog.Entry) error {
		return tx.Bucket([]byte("positions")).Put(projection.PositionKey(entry.Position), nil)
	}}
	m := open(t, file, log, d)
	if all := content(t, m); m.Position() != 10 || len(all) != 10+2 {
		t.Errorf("version 2 is at %d and has %d keys, want 10 and 12", m.Position(), len(all))
	}
	m.Close()
	if back := open(t, file, log, definition("1")); len(content(t, back)) != 10+10+2 {
		t.Errorf("version 1 again has %d keys, want 22", len(content(t, back)))
	}
}

// TestADamagedFileIsRebuilt: nothing in a projection is worth keeping.
func TestADamagedFileIsRebuilt(t *testing.T) {
	log, file := logtest.New(t, "intake"), path(t)
	fill(t, log, "c", 10)
	for name, damaged := range map[string][]byte{"empty": {}, "no database": []byte(strings.Repeat("hello ", 10000))} {
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, damaged, 0o600); err != nil {
			t.Fatal(err)
		}
		m := open(t, file, log, definition("1"))
		if len(content(t, m)) != 22 {
			t.Errorf("%s: it has %d keys, want 22", name, len(content(t, m)))
		}
		m.Close()
	}
}

// TestAHalfBuiltFileIsThrownAway: the process was killed while it rebuilt, with
// a program that made something else of the log.
func TestAHalfBuiltFileIsThrownAway(t *testing.T) {
	log, file := logtest.New(t, "intake"), path(t)
	fill(t, log, "c", 5)
	half := definition("1")
	half.Apply = func(tx *projection.Tx, entry eventlog.Entry) error {
		return tx.Bucket([]byte("payloads")).Put(projection.PositionKey(entry.Position), []byte("something else"))
	}
	open(t, file+".new", log, half).Close()
	fill(t, log, "d", 5)
	m := open(t, file, log, definition("1"))
	if m.Position() != 10 || len(content(t, m)) != 22 {
		t.Errorf("it is at %d with %d keys, want 10 and 22", m.Position(), len(content(t, m)))
	}
	if _, err := os.Stat(file + ".new"); !os.IsNotExist(err) {
		t.Errorf("the half-built file is still there: %v", err)
	}
}

// TestAFailedRebuildLeavesTheOldFile: the program of before can still start.
func TestAFailedRebuildLeavesTheOldFile(t *testing.T) {
	log, file := logtest.New(t, "intake"), path(t)
	fill(t, log, "c", 5)
	open(t, file, log, definition("1")).Close()
	d := definition("2")
	d.Apply = func(*projection.Tx, eventlog.Entry) error { return os.ErrInvalid }
	if _, err := projection.Open(logtest.Context(t), file, log, d); err == nil || !strings.Contains(err.Error(), "position 1") {
		t.Errorf("%v, want the position that could not be applied", err)
	}
	if m := open(t, file, log, definition("1")); len(content(t, m)) != 12 {
		t.Errorf("the old file has %d keys, want 12", len(content(t, m)))
	}
}

func TestAheadOfTheLogItIsRefused(t *testing.T) {
	file := path(t)
	long := logtest.New(t, "intake")
	fill(t, long, "c", 10)
	open(t, file, long, definition("1")).Close()
	short := logtest.New(t, "intake")
	fill(t, short, "c", 5)
	_, err := projection.Open(logtest.Context(t), file, short, definition("1"))
	if err == nil || !strings.Contains(err.Error(), "position 10, which the log does not have") || !strings.Contains(err.Error(), file) {
		t.Errorf("%v, want that the log lacks position 10, and the file", err)
	}
}

func TestOfAnotherLogItIsRefused(t *testing.T) {
	file := path(t)
	one := logtest.New(t, "intake")
	fill(t, one, "c", 5)
	open(t, file, one, definition("1")).Close()
	other := logtest.New(t, "intake")
	fill(t, other, "c", 10)
	before := bytesOf(t, file)
	_, err := projection.Open(logtest.Context(t), file, other, definition("1"))
	if err == nil || !strings.Contains(err.Error(), "at position 5 differs from the log's") {
		t.Errorf("%v, want that position 5 differs", err)
	}
	if !bytes.Equal(before, bytesOf(t, file)) {
		t.Error("refused, the file was changed")
	}
}

func bytesOf(t *testing.T, file string) []byte {
	t.Helper()
	all, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestKeysSort(t *testing.T) {
	a, b := projection.Key("a", 1<<40), projection.Key("ab", 1)
	if string(a) >= string(b) || projection.KeyPosition(a) != 1<<40 {
		t.Errorf("%x and %x do not sort by text, then position", a, b)
	}
	if string(projection.Key("a", 255)) >= string(projection.Key("a", 256)) {
		t.Error("255 sorts after 256")
	}
}

// BenchmarkApply projects a log of a thousand commits.
func BenchmarkApply(b *testing.B) {
	const entries = 1000
	log, file := logtest.New(b, "intake"), path(b)
	fill(b, log, "c", entries)
	for b.Loop() {
		if err := os.RemoveAll(file); err != nil {
			b.Fatal(err)
		}
		m, err := projection.Open(b.Context(), file, log, definition("1"))
		if err != nil {
			b.Fatal(err)
		}
		m.Close()
	}
	b.ReportMetric(float64(entries*b.N)/b.Elapsed().Seconds(), "entries/s")
}

// TestABadPageIsNoEnd: whichever page it is, the projection is rebuilt with the same content,
// or the page was not in use.
func TestABadPageIsNoEnd(t *testing.T) {
	log, file := logtest.New(t, "intake"), path(t)
	m := open(t, file, log, definition("1"))
	stop := run(t, m)
	await(t, m, fill(t, log, "c", 300))
	before := content(t, m)
	stop()
	m.Close()
	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for at := 0; at < len(whole); at += os.Getpagesize() {
		damaged := bytes.Clone(whole)
		for i := range 64 {
			damaged[at+i] ^= 0x5a
		}
		if err := os.WriteFile(file, damaged, 0o600); err != nil {
			t.Fatal(err)
		}
		again := open(t, file, log, definition("1"))
		if after := content(t, again); !maps.Equal(before, after) {
			t.Errorf("with the page at %d damaged it has %d keys, want the %d from before", at, len(after), len(before))
		}
		again.Close()
	}
}
