package projection_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/stafett/stafett/services/internal/eventlog"
	"github.com/stafett/stafett/services/internal/logtest"
	"github.com/stafett/stafett/services/internal/projection"
)

// TestWhichFilesAreRebuilt: a file that was not closed in order has everything
// after a kill, and cannot be trusted after a power cut.
func TestWhichFilesAreRebuilt(t *testing.T) {
	log := logtest.New(t, "intake")
	fill(t, log, "c", 10)
	file := path(t)
	open(t, file, log, definition("1")) // still open, as when it is killed
	model, session := bytesOf(t, file), bytesOf(t, file+".session")
	torn := bytes.Clone(model)
	clear(torn[2*os.Getpagesize():]) // the meta pages are newer than what they point at
	for name, c := range map[string]struct {
		model, session []byte
		rebuilt        bool
	}{
		"killed, the machine still up":    {model, session, false},
		"closed in order":                 {model, nil, false},
		"the machine was down":            {model, []byte("another boot"), true},
		"the machine was down, file torn": {torn, []byte("another boot"), true},
		"the machine does not tell":       {model, []byte{}, true},
	} {
		t.Run(name, func(t *testing.T) {
			killed := filepath.Join(t.TempDir(), "model.db")
			put(t, killed, c.model)
			if c.session != nil {
				put(t, killed+".session", c.session)
			}
			applied := 0
			d := definition("1")
			apply := d.Apply
			d.Apply = func(tx *projection.Tx, entry eventlog.Entry) error { applied++; return apply(tx, entry) }
			m := open(t, killed, log, d)
			if rebuilt := applied == 10; rebuilt != c.rebuilt || m.Position() != 10 || len(content(t, m)) != 22 {
				t.Errorf("%d entries were applied and it is at %d, want rebuilt %v and 10", applied, m.Position(), c.rebuilt)
			}
		})
	}
}

func put(t *testing.T, file string, content []byte) {
	t.Helper()
	if err := os.WriteFile(file, content, 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestClosedInOrderItSaysSo(t *testing.T) {
	log, file := logtest.New(t, "intake"), path(t)
	m := open(t, file, log, definition("1"))
	if _, err := os.Stat(file + ".session"); err != nil {
		t.Errorf("open, it does not say that it is in use: %v", err)
	}
	m.Close()
	if _, err := os.Stat(file + ".session"); err == nil {
		t.Error("closed, it says that it is in use")
	}
}
