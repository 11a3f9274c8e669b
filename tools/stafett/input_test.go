package main

import (
	"encoding/json"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stafett/stafett/pkg/verify/verifytest"
	"github.com/stafett/stafett/tools/stafett/internal/cli"
)

// TestAMistakeIsNotTakenForABrokenHistory: what is wrong on the command line is told
// as that, and what does not apply is not ignored.
func TestAMistakeIsNotTakenForABrokenHistory(t *testing.T) {
	data, folder := t.TempDir(), t.TempDir()
	p := played(t, data)
	key, services := filepath.Join(data, "audit", "log.vkey"), filepath.Join(data, "signing")
	history, readers, proof := filepath.Join(folder, "history"), filepath.Join(folder, "readers"), filepath.Join(folder, "nine")
	expect(t, 0, nil, "audit", "tiles", history, "--data", data)
	expect(t, 0, nil, "audit", "tiles", readers, "--accesses", "--data", data)
	expect(t, 0, nil, "audit", "prove", "9", "--data", data, "--to", proof)
	exportsAndChecks(t, data, folder, p)
	kept := filepath.Join(history, "checkpoint")
	policy := file(t, folder, "policy", "log "+strings.TrimSpace(string(read(t, key)))+"\nquorum none\n")
	for _, c := range []struct {
		code int
		says string
		args []string
	}{
		{2, "no such file", []string{filepath.Join(folder, "mistyped"), "--log-key", key}},
		{1, "no file checkpoint", []string{folder, "--log-key", key}},
		{2, "neither a folder", []string{key, "--log-key", key}},
		{2, "--since", []string{history, "--log-key", key, "--since", filepath.Join(folder, "mistyped")}},
		{2, "not a checkpoint", []string{history, "--log-key", key, "--since", file(t, folder, "empty", "")}},
		{2, "not a trusted log", []string{history, "--log-key", key, "--since", filepath.Join(readers, "checkpoint")}},
		{2, "not a checkpoint", []string{"--nats", "nats://127.0.0.1:1", "--log-key", key, "--checkpoint", key}},
		{2, "--checkpoint does not apply to a folder", []string{history, "--log-key", key, "--checkpoint", "junk"}},
		{2, "--nats-ca does not apply to a folder", []string{history, "--log-key", key, "--nats-ca", "junk"}},
		{2, "--data does not apply to a folder", []string{history, "--log-key", key, "--data", data}},
		{2, "--since does not apply to a proof", []string{proof, "--log-key", key, "--since", "junk"}},
		{2, "--services does not apply to a proof", []string{proof, "--log-key", key, "--services", "/nonexistent"}},
		{2, "--checkpoint does not apply to a running platform", []string{"--data", data, "--log-key", key, "--checkpoint", kept}},
		{2, "--data does not apply to the log's own stream", []string{"--nats", "nats://127.0.0.1:1", "--data", data, "--log-key", key, "--checkpoint", kept}},
		{2, "nats-key", []string{"--nats", "nats://127.0.0.1:1", "--nats-cert", key, "--log-key", key, "--checkpoint", kept}},
		{0, "no problem found", []string{history, "--log-key", key, "--services", services, "--since", kept}},
		{0, "no problem found", []string{history, "--policy", policy, "--log-key", key}},
		{3, "not signed by this log", []string{history, "--log-key", filepath.Join(data, "audit", "accesses", "log.vkey")}},
		{0, "it is in the history", []string{proof, "--log-key", key}},
	} {
		expect(t, c.code, []string{c.says}, append([]string{"audit", "verify"}, c.args...)...)
	}
	expect(t, 2, []string{"--data does not apply to a folder"}, "audit", "prove", "9", "--from", history, "--data", data)
	proofAsJSON(t, proof, key)
	expect(t, 2, []string{"is not empty and holds no history"}, "audit", "tiles", filepath.Join(folder, "export"), "--data", data)
	for _, args := range [][]string{{"verify", history, "--log-key", key}, {"verify", proof, "--log-key", key}, {"check-export", filepath.Join(folder, "export")}} {
		failsWhenFull(t, append([]string{"audit"}, args...)...)
	}
	if said, _ := stafett(t, "audit", "verify", readers, "--log-key", key); !strings.HasPrefix(said, "  WRONG, no single position:") {
		t.Errorf("a history of which nothing is believed is told as %q", said)
	}
	if info, err := os.Stat(proof); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the proof, with a whole commit in it, is written with %v, %v", info.Mode(), err)
	}
}

// failsWhenFull: what could not be told is not taken for told.
func failsWhenFull(t *testing.T, args ...string) {
	t.Helper()
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Skip("there is no /dev/full here")
	}
	defer full.Close()
	command := exec.Command(binaries.Path("stafett"), args...)
	command.Stdout = full
	if err := command.Run(); command.ProcessState.ExitCode() != cli.ExitFailed {
		t.Errorf("%v into a full device ends with %v", args, err)
	}
}

// TestAWitnessThatCannotServeMakesNoKey, which somebody would take for its own later.
func TestAWitnessThatCannotServeMakesNoKey(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	signer := verifytest.Log("stafett.test/history", 0)
	folder := filepath.Join(t.TempDir(), "witness")
	expect(t, cli.ExitFailed, []string{"address already in use"}, "witness", "--name", "witness.test/w", "--log-key", signer.VKey(), "--data", folder, "--listen", taken.Addr().String())
	if _, err := os.Stat(folder); err == nil {
		t.Error("a witness that cannot serve has made its folder")
	}
}

// exportsAndChecks exports while the platform runs and checks once it does not.
func exportsAndChecks(t *testing.T, data, folder string, p *process) {
	t.Helper()
	exported, unproved := filepath.Join(folder, "export"), filepath.Join(folder, "tables")
	key, services := filepath.Join(data, "audit", "log.vkey"), filepath.Join(data, "signing")
	expect(t, 0, nil, "audit", "export", "--into", exported, "--data", data, "--purpose", "exercise")
	expect(t, 0, []string{"NOT PROVED"}, "audit", "export", "--into", unproved, "--format", "csv", "--data", data, "--purpose", "exercise")
	hourAgo := time.Now().Add(-time.Hour).UTC().Format(time.RFC3339)
	expect(t, 0, []string{"conversations_opened"}, "audit", "report", "figures", "--from", hourAgo, "--data", data, "--purpose", "exercise")
	expect(t, 0, []string{"OfferWithdrawn", " from "}, "audit", "accesses", "--data", data, "--purpose", "exercise", "--zone", "UTC")
	p.stop(t)
	expect(t, 0, []string{"signed with the log's key", "signed by its service", "no commit is missing", "NOT CHECKED: whether others", "checked: the other files say", "asked for: everything until ", "for exercise"},
		"audit", "check-export", exported, "--log-key", key, "--services", services)
	expect(t, 0, []string{"NOT CHECKED: whose history that is", "NOT CHECKED: who appended"}, "audit", "check-export", exported)
	exportAsJSON(t, exported)
	expect(t, 3, []string{"not signed by this log"}, "audit", "check-export", exported, "--log-key", filepath.Join(data, "audit", "accesses", "log.vkey"))
	expect(t, 0, []string{"NOT CHECKED: whether the commits are a log's"}, "audit", "check-export", unproved)
	expect(t, 3, []string{"nothing proves it"}, "audit", "check-export", unproved, "--log-key", key)
	expect(t, 2, []string{"is not a key"}, "audit", "check-export", exported, "--log-key", "junk")
}

// exportAsJSON: what was found is told to programs too, and a fault still fails.
func exportAsJSON(t *testing.T, folder string) {
	t.Helper()
	if told := foundAsJSON(t, folder); len(told.Faults) != 0 || len(told.Checked) == 0 || told.Manifest.Purpose != "exercise" {
		t.Errorf("of a sound export it says %+v", told)
	}
	stray := file(t, folder, "more", "")
	if told := foundAsJSON(t, folder); len(told.Faults) != 1 || len(told.Checked) != 0 {
		t.Errorf("of an export with another file it says %+v", told)
	}
	expect(t, 3, []string{"more is not of this export"}, "audit", "check-export", folder, "-o", "jsonl")
	if err := os.Remove(stray); err != nil {
		t.Fatal(err)
	}
}

// exportFound is what check-export prints as JSON.
type exportFound struct {
	Manifest        struct{ Purpose string }
	Faults, Checked []string
}

func foundAsJSON(t *testing.T, folder string) (told exportFound) {
	t.Helper()
	out, _ := exec.Command(binaries.Path("stafett"), "audit", "check-export", folder, "-o", "json").Output()
	if err := json.Unmarshal(out, &told); err != nil {
		t.Errorf("it says %s, %v", out, err)
	}
	return told
}

func proofAsJSON(t *testing.T, proof, key string) {
	t.Helper()
	for _, format := range []string{"json", "jsonl"} {
		said, code := stafett(t, "audit", "verify", proof, "--log-key", key, "-o", format)
		var told struct {
			Position  int
			Unchecked []string
		}
		if err := json.Unmarshal([]byte(said), &told); err != nil || code != 0 || told.Position != 9 || len(told.Unchecked) != 2 {
			t.Errorf("-o %s ends with %d, %v and says %q", format, code, err, said)
		}
	}
}

// TestAQuestionThatCannotBeMeant is refused before anybody is asked.
func TestAQuestionThatCannotBeMeant(t *testing.T) {
	conversation := strings.Repeat("0", 32)
	folder := filepath.Join(t.TempDir(), "witness")
	signer := verifytest.Log("stafett.test/history", 0)
	for _, c := range []struct {
		says string
		args []string
	}{
		{"positions start at 1", []string{"audit", "state", conversation, "--position", "0", "--purpose", "incident"}},
		{"positions start at 1", []string{"audit", "decision", "conversations/" + conversation + "/handovers/1", "--position", "0", "--purpose", "incident"}},
		{"positions start at 1", []string{"audit", "replay", "--until", "0", "--purpose", "incident"}},
		{"at position", []string{"audit", "state", conversation, "--position", "3", "--at", "2026-03-03", "--purpose", "incident"}},
		{"is in the future", []string{"audit", "report", "figures", "--from", "2999-01-01", "--purpose", "statistics"}},
		{"is in the future", []string{"audit", "report", "custody", "--from", "2999-01-01", "--purpose", "statistics"}},
		{"must be before --to", []string{"audit", "report", "figures", "--from", "2026-03-03", "--to", "2026-03-02", "--purpose", "statistics"}},
		{"required flag", []string{"audit", "evening", "--from", "2026-03-03", "--purpose", "quality"}},
		{"--line-alone needs --line", []string{"audit", "replay", "--line-alone", "--purpose", "quality"}},
		{"nosuch: no such file", []string{"witness", "--name", "witness.test/w", "--log-key", filepath.Join(folder, "nosuch")}},
		{"required flag", []string{"witness", "--name", "witness.test/w"}},
		{"--log-key", []string{"witness", "--name", "witness.test/w", "--log-key", "junk", "--data", folder}},
		{"is not a witness's name", []string{"witness", "--name", "a b", "--log-key", signer.VKey(), "--data", folder}},
	} {
		expect(t, cli.ExitUsage, []string{c.says}, c.args...)
	}
	if _, err := os.Stat(folder); err == nil {
		t.Error("a witness that was refused has made its folder")
	}
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func file(t *testing.T, folder, name, text string) string {
	t.Helper()
	path := filepath.Join(folder, name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
