package projection_test

import (
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stafett/stafett/services/internal/eventlog"
	"github.com/stafett/stafett/services/internal/logtest"
	"github.com/stafett/stafett/services/internal/projection"
)

// members are the projections of a group: which entries they were given, and the group.
func members(t testing.TB, applied map[string][]*byte, broken string) (map[string]projection.Definition, *projection.Group) {
	folder, mu := t.TempDir(), sync.Mutex{}
	all := map[string]projection.Definition{}
	for _, name := range []string{"a", "b", "c"} {
		d := definition(name)
		apply := d.Apply
		d.Apply = func(tx *projection.Tx, entry eventlog.Entry) error {
			mu.Lock()
			applied[name] = append(applied[name], &entry.Payload[0])
			mu.Unlock()
			if name == broken && entry.Position == 7 {
				return os.ErrInvalid
			}
			return apply(tx, entry)
		}
		all[filepath.Join(folder, name, projection.File)] = d
	}
	group := projection.NewGroup(all, slog.New(slog.NewTextHandler(t.Output(), nil)))
	t.Cleanup(func() { group.Close() })
	return all, group
}

// TestAGroupIsBuiltWithOnePass: each commit is read and verified once, and given to all. Each
// projection is as if it had been built by itself.
func TestAGroupIsBuiltWithOnePass(t *testing.T) {
	log, applied := logtest.New(t, "intake"), map[string][]*byte{}
	fill(t, log, "c", 300)
	all, group := members(t, applied, "")
	for path, d := range all {
		m, err := group.Open(logtest.Context(t), path, log, d)
		if err != nil {
			t.Fatal(err)
		}
		defer m.Close()
		if alone := open(t, path+".alone", log, definition(d.Version)); !maps.Equal(content(t, m), content(t, alone)) {
			t.Errorf("%s differs from one that was built by itself", path)
		}
	}
	for i, entry := range applied["a"] {
		if len(applied["a"]) != 300 || applied["b"][i] != entry || applied["c"][i] != entry {
			t.Fatalf("they did not take in the same %d entries", len(applied["a"]))
		}
	}
}

// TestOneOfAGroupCannotBeBuilt: the others are, and its file of before stays as it was.
func TestOneOfAGroupCannotBeBuilt(t *testing.T) {
	log := logtest.New(t, "intake")
	fill(t, log, "c", 10)
	all, group := members(t, map[string][]*byte{}, "b")
	for path := range all {
		open(t, path, log, definition("before")).Close()
	}
	for path, d := range all {
		m, err := group.Open(logtest.Context(t), path, log, d)
		switch broken := d.Version == "b"; {
		case broken && (err == nil || !strings.Contains(err.Error(), "position 7")):
			t.Errorf("%v, want the position that could not be applied", err)
		case broken && open(t, path, log, definition("before")).Position() != 10:
			t.Error("the file of before is gone")
		case !broken && err != nil:
			t.Error(err)
		case !broken:
			m.Close()
		}
	}
}

// TestAGroupLetsGo of the files that nobody has opened.
func TestAGroupLetsGo(t *testing.T) {
	log := logtest.New(t, "intake")
	fill(t, log, "c", 10)
	all, group := members(t, map[string][]*byte{}, "")
	for path, d := range all {
		m, err := group.Open(logtest.Context(t), path, log, d)
		if err != nil {
			t.Fatal(err)
		}
		m.Close()
		break
	}
	if err := group.Close(); err != nil {
		t.Fatal(err)
	}
	for path, d := range all {
		open(t, path, log, d).Close()
	}
}

// BenchmarkBuildTogether builds three projections of a log of a thousand commits.
func BenchmarkBuildTogether(b *testing.B) {
	log := logtest.New(b, "intake")
	fill(b, log, "c", 1000)
	for b.Loop() {
		all, group := members(b, map[string][]*byte{}, "")
		for path, d := range all {
			m, err := group.Open(b.Context(), path, log, d)
			if err != nil {
				b.Fatal(err)
			}
			m.Close()
		}
	}
}
