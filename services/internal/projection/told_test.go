package projection_test

import (
	"bytes"
	"log/slog"
	"os"
	"strings"
	"testing"

	"github.com/stafett/stafett/services/internal/logtest"
	"github.com/stafett/stafett/services/internal/projection"
)

// TestWhyAFileIsBuiltAgain: whoever runs the platform reads that a file was damaged, although
// nothing was lost; a new platform has nothing to say.
func TestWhyAFileIsBuiltAgain(t *testing.T) {
	for _, c := range []struct {
		what   string
		change func(t *testing.T, file string)
		reason string
	}{
		{"missing", func(t *testing.T, file string) { do(t, os.Remove(file)) }, ""},
		{"empty", func(t *testing.T, file string) { do(t, os.Truncate(file, 0)) }, "it is empty"},
		{"cut", func(t *testing.T, file string) { do(t, os.Truncate(file, 3*int64(os.Getpagesize()))) }, "the file is damaged"},
		{"torn", func(t *testing.T, file string) { do(t, os.WriteFile(file+".session", nil, 0o600)) }, "when the machine stopped"},
		{"older", func(*testing.T, string) {}, "another version"},
	} {
		t.Run(c.what, func(t *testing.T) {
			log, file := logtest.New(t, "intake"), path(t)
			fill(t, log, "c", 10)
			before := open(t, file, log, definition("0"))
			do(t, before.Close())
			c.change(t, file)
			told := &bytes.Buffer{}
			d := definition(map[bool]string{true: "1", false: "0"}[c.what == "older"])
			group := projection.NewGroup(map[string]projection.Definition{file: d}, slog.New(slog.NewTextHandler(told, nil)))
			m, err := group.Open(logtest.Context(t), file, log, d)
			do(t, err)
			defer m.Close()
			if said := strings.Count(told.String(), "\n"); (said == 0) != (c.reason == "") || !strings.Contains(told.String(), c.reason) {
				t.Errorf("it says %q, want one line with %q", told, c.reason)
			}
			if m.Position() != 10 {
				t.Errorf("it is at %d, want 10", m.Position())
			}
		})
	}
}

func do(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
