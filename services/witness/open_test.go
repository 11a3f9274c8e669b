package witness_test

import (
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stafett/stafett/pkg/verify"
	"github.com/stafett/stafett/pkg/verify/verifytest"
	"github.com/stafett/stafett/services/witness"
)

func openIn(folder, name string) (*witness.Witness, error) {
	return witness.OpenIn(folder, name, []verify.Log{logKey.Log}, slog.New(slog.DiscardHandler))
}

// TestAWitnessIsTheSameWhenItComesBack, or it is not opened.
func TestAWitnessIsTheSameWhenItComesBack(t *testing.T) {
	t.Parallel() // it waits for the lock of a file
	folder := t.TempDir()
	first := verifytest.Must(openIn(folder, "witness.test/w1"))
	vkey := first.VKey()
	if _, err := openIn(folder, "witness.test/w1"); err == nil || !strings.Contains(err.Error(), "another process uses it") {
		t.Errorf("opened twice: %v", err)
	}
	first.Close()
	again := verifytest.Must(openIn(folder, "witness.test/w1"))
	if again.VKey() != vkey {
		t.Errorf("it comes back as %s, and was %s", again.VKey(), vkey)
	}
	again.Close()
	for file, want := range map[string]string{
		"witness.db":  "what it cosigned is gone",
		"witness.key": "its key is gone",
	} {
		spoilt := t.TempDir()
		if err := os.CopyFS(spoilt, os.DirFS(folder)); err != nil {
			t.Fatal(err)
		}
		os.Remove(filepath.Join(spoilt, file))
		if _, err := openIn(spoilt, "witness.test/w1"); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("without %s: %v, want an error that says %q", file, err, want)
		}
	}
	if err := os.WriteFile(filepath.Join(folder, "witness.db"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := openIn(folder, "witness.test/w1"); err == nil || !strings.Contains(err.Error(), "what it cosigned is gone") {
		t.Errorf("with an empty file: %v", err)
	}
}

func TestAWitnessKeepsItsName(t *testing.T) {
	folder := t.TempDir()
	verifytest.Must(openIn(folder, "witness.test/w1")).Close()
	if _, err := openIn(folder, "witness.test/w2"); err == nil || !strings.Contains(err.Error(), "it belongs to witness.test/w1") {
		t.Errorf("under another name: %v", err)
	}
}

// TestANameThatIsNoneMakesNothing: the folder is not even begun.
func TestANameThatIsNoneMakesNothing(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "witness")
	if _, err := openIn(folder, "a b"); err == nil {
		t.Error("it opens")
	}
	if _, err := os.Stat(folder); err == nil {
		t.Error("the folder was made")
	}
}
