package witness_test

import (
	"log/slog"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stafett/stafett/pkg/verify"
	"github.com/stafett/stafett/services/witness"
)

func openWith(path string, keys ...verify.LogSigner) (*witness.Witness, error) {
	var logs []verify.Log
	for _, key := range keys {
		logs = append(logs, key.Log)
	}
	return witness.Open(path, cosigner, logs, slog.New(slog.DiscardHandler))
}

// TestALogChangesItsKey: a witness that knows both keys goes on from what it
// cosigned under the old one, and is as strict as before.
func TestALogChangesItsKey(t *testing.T) {
	path, l := filepath.Join(t.TempDir(), "witness.db"), logOf(counted(100))
	before := open(t, path)
	if answer := post(before, l.request(0, 50, logKey)); answer.Code != http.StatusOK {
		t.Fatal(answer.Code, answer.Body)
	}
	before.Close()
	w, err := openWith(path, logKey, otherKey)
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		what string
		body string
		code int
	}{
		{"another history under the new key", logOf(counted(101)[1:]).request(0, 60, otherKey), http.StatusConflict},
		{"what continues, under the new key", l.request(50, 60, otherKey), http.StatusOK},
		{"what continues, under the old key", l.request(60, 70, logKey), http.StatusOK},
		{"under a key of neither", l.request(70, 80, unknown), http.StatusNotFound},
	} {
		if answer := post(w, step.body); answer.Code != step.code {
			t.Errorf("%s: %d %s, want %d", step.what, answer.Code, answer.Body, step.code)
		}
	}
	w.Close()
	if _, err := openWith(path, otherKey); err == nil || !strings.Contains(err.Error(), "add the key that the log had then") {
		t.Errorf("without the key that it cosigned last, it opens with %v", err)
	}
}
