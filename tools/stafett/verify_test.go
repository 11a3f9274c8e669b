package main

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stafett/stafett/pkg/verify"
)

// stafett runs the program to its end and returns what it wrote and how it
// ended.
func stafett(t *testing.T, args ...string) (said string, code int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	out, err := exec.CommandContext(ctx, binaries.Path("stafett"), args...).CombinedOutput()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	if exit != nil {
		code = exit.ExitCode()
	}
	return string(out), code
}

// expect runs the program and wants an exit code and some texts.
func expect(t *testing.T, code int, texts []string, args ...string) {
	t.Helper()
	said, got := stafett(t, args...)
	if got != code {
		t.Errorf("stafett %s ends with %d, want %d:\n%s", strings.Join(args, " "), got, code, said)
	}
	for _, text := range texts {
		if !strings.Contains(said, text) {
			t.Errorf("stafett %s says %q, want %q in it", strings.Join(args, " "), said, text)
		}
	}
}

// played runs a platform with a story on it until all of it is published.
func played(t *testing.T, data string) *process {
	t.Helper()
	p := start(t, nil, "stafett", "up", "--data", data, "--port", strconv.Itoa(freePorts(t, 5)))
	p.says(t, "is up")
	if said, code := stafett(t, "play", "violence", "--data", data, "--clock", "skip"); code != 0 {
		t.Fatalf("the story does not play: %s", said)
	}
	checkpointAfter(t, data, 20)
	return p
}

// checkpointAfter waits for a checkpoint of more than some commits.
func checkpointAfter(t *testing.T, data string, size int64) []byte {
	t.Helper()
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		signed, _ := os.ReadFile(filepath.Join(data, "audit", "checkpoint"))
		if c, err := verify.UnverifiedCheckpoint(signed); err == nil && c.Size > size {
			return signed
		}
	}
	t.Fatalf("no checkpoint of more than %d commits is published", size)
	return nil
}

// TestAnAuditorVerifiesOffline: with files and public keys alone, after the
// platform is gone. Then one byte is flipped.
func TestAnAuditorVerifiesOffline(t *testing.T) {
	t.Parallel()
	data, copied := t.TempDir(), filepath.Join(t.TempDir(), "history")
	p := played(t, data)
	key, services := filepath.Join(data, "audit", "log.vkey"), filepath.Join(data, "signing")
	proof := filepath.Join(t.TempDir(), "append-9.tlog-proof")
	expect(t, 0, []string{"not verified"}, "audit", "tiles", copied, "--data", data)
	expect(t, 0, []string{proof}, "audit", "prove", "9", "--data", data, "--to", proof)
	expect(t, 1, []string{"no position 9999"}, "audit", "prove", "9999", "--data", data)
	expect(t, 0, []string{"no problem found in what was checked"}, "audit", "verify", "--data", data, "--log-key", key)
	readers, readersKey := filepath.Join(t.TempDir(), "accesses"), filepath.Join(data, "audit", "accesses", "log.vkey")
	expect(t, 0, []string{"/accesses; not verified"}, "audit", "tiles", readers, "--accesses", "--purpose", "complaint", "--case", "2026/118-3", "--data", data)
	expect(t, 2, []string{"--purpose"}, "audit", "tiles", readers, "--purpose", "curiosity", "--data", data)
	expect(t, 0, []string{"ReadEntries", "COMPLAINT", "2026/118-3", "who read"}, "audit", "accesses", "--purpose", "exercise", "--data", data)
	expect(t, 0, []string{"no problem found in what was checked"}, "audit", "verify", "--accesses", "--data", data, "--log-key", readersKey)
	p.stop(t)
	expect(t, 0, []string{"signed by its service", "no problem found"}, "audit", "verify", readers, "--log-key", readersKey, "--services", services)
	expect(t, 3, []string{"not signed by this log"}, "audit", "verify", readers, "--log-key", key)
	expect(t, 0, []string{"NOT checked: whether enough witnesses", "signed by its service", "no problem found in what was checked"},
		"audit", "verify", copied, "--log-key", key, "--services", services)
	expect(t, 0, []string{"position 9 of"}, "audit", "verify", proof, "--log-key", key)
	expect(t, 2, []string{"--log-key"}, "audit", "verify", copied)
	expect(t, 2, []string{"not a position"}, "audit", "prove", "0", "--from", copied)

	flipEntry(t, copied, 7)
	expect(t, 3, []string{"WRONG, position 7", "the first at position 7"}, "audit", "verify", copied, "--log-key", key)
	expect(t, 1, []string{"altered"}, "audit", "prove", "7", "--from", copied)
	text, err := os.ReadFile(proof)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(proof, bytes.Replace(text, []byte("index 8"), []byte("index 7"), 1), 0o600); err != nil {
		t.Fatal(err)
	}
	expect(t, 3, []string{"does not hold"}, "audit", "verify", proof, "--log-key", key)
}

// flipEntry flips a bit in the middle of the entry at a position.
func flipEntry(t *testing.T, folder string, position int) {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(folder, "tile", "entries", "000.p", "*"))
	if err != nil || len(paths) != 1 {
		t.Fatalf("%v, %v", paths, err)
	}
	bundle, err := os.ReadFile(paths[0])
	if err != nil {
		t.Fatal(err)
	}
	rest := bundle
	for range position - 1 {
		if _, rest, err = verify.CutFromBundle(rest); err != nil {
			t.Fatal(err)
		}
	}
	rest[200] ^= 1
	if err := os.WriteFile(paths[0], bundle, 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestAnExportSaysWhatItWaitsFor: without its witness, nothing is published that would prove it.
func TestAnExportSaysWhatItWaitsFor(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	p := start(t, nil, "stafett", "up", "--data", data, "--port", "0")
	p.says(t, "is up")
	expect(t, 0, nil, "play", "violence", "--data", data, "--clock", "skip") // while keys can be proved
	p.stop(t)
	key := filepath.Join(data, "audit", "log.vkey")
	w := start(t, nil, "stafett", "witness", "--data", t.TempDir(), "--name", "witness.test/w", "--log-key", key, "--listen", "127.0.0.1:0")
	witness := strings.Replace(strings.TrimSpace(w.says(t, "witness NAME")), "NAME", "w", 1)
	w.Kill()
	file(t, filepath.Join(data, "audit"), "trust.policy", "log "+string(read(t, key))+witness+"\nquorum w\n")
	start(t, nil, "stafett", "up", "--data", data, "--port", "0", "--log-level", "error").says(t, "is up")
	expect(t, 0, []string{"waiting up to 5s for a checkpoint", "NOT PROVED"},
		"audit", "export", "--into", filepath.Join(t.TempDir(), "export"), "--data", data, "--purpose", "exercise")
}

// TestWitnessesRunBesideThePlatform: two processes cosign what a third
// publishes; one is enough. What they have seen, the platform cannot take back
// after a SIGKILL, nor can an auditor miss it who kept a checkpoint.
func TestWitnessesRunBesideThePlatform(t *testing.T) {
	t.Parallel()
	data, kept := t.TempDir(), filepath.Join(t.TempDir(), "kept.checkpoint")
	p := start(t, nil, "stafett", "up", "--data", data, "--port", strconv.Itoa(freePorts(t, 5)))
	p.says(t, "is up")
	p.stop(t)
	key := filepath.Join(data, "audit", "log.vkey")
	vkey, err := os.ReadFile(key)
	if err != nil {
		t.Fatal(err)
	}
	policy := "log " + string(vkey)
	for _, name := range []string{"w1", "w2"} {
		w := start(t, nil, "stafett", "witness", "--data", t.TempDir(), "--name", "witness.test/"+name, "--log-key", key, "--listen", "127.0.0.1:0")
		policy += strings.Replace(strings.TrimSpace(w.says(t, "witness NAME")), "NAME", name, 1) + "\n"
	}
	policyFile := filepath.Join(data, "audit", "trust.policy")
	if err := os.WriteFile(policyFile, []byte(policy+"group enough all w1 w2\nquorum enough\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	p = played(t, data)
	if err := os.WriteFile(kept, checkpointAfter(t, data, 20), 0o600); err != nil {
		t.Fatal(err)
	}
	p.Kill()
	p = start(t, nil, "stafett", "up", "--data", data, "--port", strconv.Itoa(freePorts(t, 5)))
	p.says(t, "is up")
	expect(t, 0, []string{"enough witnesses cosigned", "continues the checkpoint that was kept"},
		"audit", "verify", "--data", data, "--policy", policyFile, "--since", kept)
	p.Kill()
	for _, file := range []string{"tree.db", "checkpoint", "checkpoint.shown", "checkpoint.key", "log.vkey", "model.db", "model.db.session"} {
		os.Remove(filepath.Join(data, "audit", file))
	}
	p = start(t, nil, "stafett", "up", "--data", data, "--port", strconv.Itoa(freePorts(t, 5)))
	p.says(t, "is up")
	expect(t, 4, []string{"NOT_READY"}, "audit", "verify", "--data", data, "--policy", policyFile, "--since", kept)
}
