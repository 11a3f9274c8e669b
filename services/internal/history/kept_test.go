package history_test

import (
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"

	"github.com/stafett/stafett/pkg/verify"
	"github.com/stafett/stafett/pkg/verify/verifytest"
	"github.com/stafett/stafett/services/internal/history"
	"github.com/stafett/stafett/services/internal/logtest"
	"github.com/stafett/stafett/services/rawlog"
)

// older is a history that was put back: log and tree agree, and the witnesses have cosigned ten
// commits of it.
type older struct {
	*guarded
	folder string
	log    *rawlog.Stream
}

// putBack ends at eight commits, and then continues differently with some more.
func putBack(t *testing.T, more int) older {
	t.Helper()
	all := messages(10)
	_, s := stream(t, all)
	g := guard(t, s)
	backup := copied(t, g.folder)
	follow(t, open(t, g.folder, s), 10)
	_, shorter := stream(t, append(all[:8:8], messages(more)...))
	return older{g, backup, shorter}
}

// refuses opens a history and wants it to be altered.
func refuses(t *testing.T, c history.Config, want string) {
	t.Helper()
	h, err := history.Open(logtest.Context(t), c)
	if err == nil {
		h.Close()
	}
	if !errors.Is(err, history.ErrAltered) || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "stafett recover") {
		t.Errorf("it opens with %v, want an altered log with %q", err, want)
	}
}

// TestAHistoryThatWasPutBackIsNotOpened: the witnesses have what this log's own key signed. It
// stays so when they are silent.
func TestAHistoryThatWasPutBackIsNotOpened(t *testing.T) {
	for want, more := range map[string]int{"position 9 is missing; the log ends at 8 and was signed up to 10": 0, "a position up to 10 was changed": 5} {
		o := putBack(t, more)
		refuses(t, config(o.folder, o.log), want)
		for i := range o.down {
			o.down[i].Store(true)
		}
		refuses(t, config(o.folder, o.log), want)
	}
}

// TestAWitnessThatWasSilent stops a history once it is heard, though nothing is committed.
func TestAWitnessThatWasSilent(t *testing.T) {
	o := putBack(t, 0)
	for i := range o.down {
		o.down[i].Store(true)
	}
	h := open(t, o.folder, o.log)
	o.down[1].Store(false)
	if err := h.Run(logtest.Context(t), reader(8)); !errors.Is(err, history.ErrAltered) {
		t.Errorf("it ends with %v", err)
	}
}

// TestAWitnessAloneStopsNothing: it says that it has cosigned more, without this log's signature.
func TestAWitnessAloneStopsNothing(t *testing.T) {
	_, s := stream(t, messages(10))
	g := guard(t, s)
	stranger := verifytest.Log("stafett.test/history", 77)
	claimed := verify.Checkpoint{Origin: "stafett.test/history", Size: 1000, Root: [32]byte{1}}
	g.asked = func(_ int, _ http.Handler, out http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet {
			out.Write(verifytest.Must(note.Sign(&note.Note{Text: claimed.Text()}, stranger)))
			return
		}
		out.WriteHeader(http.StatusConflict)
		out.Write([]byte("1000\n"))
	}
	h, told := run(t, g.folder, s, 10)
	told.await(t, "a witness has cosigned another history")
	if _, err := os.Stat(filepath.Join(g.folder, "checkpoint.kept")); err == nil || h.Tree().Head().Size != 10 {
		t.Errorf("it is kept, or the tree stopped at %d", h.Tree().Head().Size)
	}
}

// TestACheckpointThatSomebodyKept is compared at the start. One of another log is refused as such.
func TestACheckpointThatSomebodyKept(t *testing.T) {
	all := messages(10)
	_, s := stream(t, all)
	folder := t.TempDir()
	open(t, folder, s).Close()
	backup := copied(t, folder)
	h := open(t, folder, s)
	kept := follow(t, h, 10)
	h.Close()
	c := config(folder, s)
	c.Kept = kept
	verifytest.Must(history.Open(logtest.Context(t), c)).Close()
	_, shorter := stream(t, all[:8])
	c = config(backup, shorter)
	c.Kept = kept
	refuses(t, c, "position 9 is missing")
	refuses(t, config(backup, shorter), "position 9 is missing")
	c = config(t.TempDir(), s)
	c.Kept = kept
	if _, err := history.Open(logtest.Context(t), c); !errors.Is(err, history.ErrForeign) {
		t.Errorf("with a checkpoint of another log it opens with %v", err)
	}
}
