package signing

import (
	"crypto/ed25519"
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

const subject = "stafett.conversation.4f6c"

var payload = []byte("custody was given")

func TestVerify(t *testing.T) {
	dir := t.TempDir()
	key := openKey(t, dir, "routing")
	ring := openRing(t, dir)
	signature := key.Sign(subject, payload)
	for range 2 { // the second time from memory
		if err := ring.Verify("routing", subject, payload, signature); err != nil {
			t.Error(err)
		}
	}
}

func TestVerifyRefusesWhatWasAltered(t *testing.T) {
	dir := t.TempDir()
	key, other := openKey(t, dir, "routing"), openKey(t, dir, "triage")
	ring := openRing(t, dir)
	good := ring.Sign(key, subject, payload)
	bare := ed25519.Sign(key.private, append([]byte(subject), payload...))
	for name, test := range map[string]struct {
		service, subject string
		payload          []byte
		signature        string
	}{
		"payload":              {"routing", subject, []byte("custody was taken"), good},
		"no payload":           {"routing", subject, nil, good},
		"subject":              {"routing", subject + "0", payload, good},
		"moved boundary":       {"routing", subject + "c", payload[1:], good},
		"service":              {"triage", subject, payload, good},
		"unknown service":      {"intake", subject, payload, good},
		"other service's key":  {"routing", subject, payload, other.Sign(subject, payload)},
		"no signature":         {"routing", subject, payload, ""},
		"no base64":            {"routing", subject, payload, "?" + good[1:]},
		"a bit":                {"routing", subject, payload, flip(t, good)},
		"for another purpose":  {"routing", subject, payload, base64.StdEncoding.EncodeToString(bare)},
		"signature, shortened": {"routing", subject, payload, good[:len(good)-4]},
	} {
		if err := ring.Verify(test.service, test.subject, test.payload, test.signature); err == nil {
			t.Errorf("%s: a false signature passed", name)
		}
	}
}

func TestOldKeysVerifyTheHistory(t *testing.T) {
	dir := t.TempDir()
	before := openKey(t, dir, "routing").Sign(subject, payload)
	running := openRing(t, dir)
	rename(t, dir, "routing.pub", "routing.2026-11.pub")
	remove(t, dir, "routing.key")
	after := openKey(t, dir, "routing").Sign(subject, payload)
	if before == after {
		t.Fatal("the key did not change")
	}
	for name, ring := range map[string]*Keyring{"opened before": running, "opened after": openRing(t, dir)} {
		for _, signature := range []string{before, after} {
			if err := ring.Verify("routing", subject, payload, signature); err != nil {
				t.Errorf("ring %s the change: %v", name, err)
			}
		}
	}
}

func TestOwnSignaturesAreRemembered(t *testing.T) {
	dir := t.TempDir()
	key := openKey(t, dir, "routing")
	ring := openRing(t, dir)
	own, others := ring.Sign(key, subject, payload), key.Sign("another subject", payload)
	remove(t, dir, "routing.pub")
	if err := ring.load(); err != nil { // so that nothing can be verified any more
		t.Fatal(err)
	}
	if err := ring.Verify("routing", subject, payload, own); err != nil {
		t.Errorf("our own signature was not remembered: %v", err)
	}
	if err := ring.Verify("routing", "another subject", payload, others); err == nil {
		t.Error("a signature passed that nobody verified")
	}
}

func TestRingIsSafeForConcurrentUse(t *testing.T) {
	dir := t.TempDir()
	key := openKey(t, dir, "routing")
	ring := openRing(t, dir)
	var workers sync.WaitGroup
	for range 4 {
		workers.Go(func() {
			for i := range 100 {
				text := fmt.Append(nil, i)
				if err := ring.Verify("routing", subject, text, key.Sign(subject, text)); err != nil {
					t.Error(err)
				}
				if ring.Verify("triage", subject, text, key.Sign(subject, text)) == nil {
					t.Error("another service's signature passed")
				}
			}
		})
	}
	workers.Wait()
}

func TestKeySurvivesReopening(t *testing.T) {
	dir := t.TempDir()
	first := openKey(t, dir, "routing")
	if first.Service() != "routing" {
		t.Errorf("the key is of %q", first.Service())
	}
	remove(t, dir, "routing.pub") // as after a kill between the two files
	again := openKey(t, dir, "routing")
	if !again.private.Equal(first.private) {
		t.Fatal("reopening made another key")
	}
	if err := openRing(t, dir).Verify("routing", subject, payload, first.Sign(subject, payload)); err != nil {
		t.Errorf("the public key was not written again: %v", err)
	}
}

func TestAPublicKeyIsNeverReplaced(t *testing.T) {
	for name, lose := range map[string]func(dir string) error{
		"key lost": func(dir string) error { return os.Remove(filepath.Join(dir, "routing.key")) },
		"another's key": func(dir string) error {
			return os.Rename(filepath.Join(dir, "triage.key"), filepath.Join(dir, "routing.key"))
		},
	} {
		dir := t.TempDir()
		signature := openKey(t, dir, "routing").Sign(subject, payload)
		openKey(t, dir, "triage")
		if err := lose(dir); err != nil {
			t.Fatal(err)
		}
		if _, err := OpenKey(dir, "routing"); err == nil || !strings.Contains(err.Error(), "rename") {
			t.Errorf("%s: OpenKey says %v, want what to do", name, err)
		}
		if err := openRing(t, dir).Verify("routing", subject, payload, signature); err != nil {
			t.Errorf("%s: the history can no longer be verified: %v", name, err)
		}
	}
}

func TestWrongFilesAreNamed(t *testing.T) {
	dir := t.TempDir()
	openKey(t, dir, "routing")
	rename(t, dir, "routing.key", "routing.pub")
	if _, err := OpenKeyring(dir); err == nil || !strings.Contains(err.Error(), "routing.pub") {
		t.Errorf("OpenKeyring says %v, want an error about routing.pub", err)
	}
	if _, err := OpenKeyring(filepath.Join(dir, "absent")); err == nil {
		t.Error("a ring was opened on a folder that is not there")
	}
	for _, service := range []string{"", "a.b", "../routing", "Routing"} {
		if _, err := OpenKey(dir, service); err == nil {
			t.Errorf("OpenKey made a key for %q", service)
		}
	}
}

func BenchmarkSign(b *testing.B) {
	key := openKey(b, b.TempDir(), "routing")
	for b.Loop() {
		key.Sign(subject, payload)
	}
}

func BenchmarkVerify(b *testing.B) {
	ring, signature := signed(b)
	for b.Loop() {
		ring.verified.Purge()
		if err := ring.Verify("routing", subject, payload, signature); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkVerifyRemembered(b *testing.B) {
	ring, signature := signed(b)
	for b.Loop() {
		if err := ring.Verify("routing", subject, payload, signature); err != nil {
			b.Fatal(err)
		}
	}
}

func signed(b *testing.B) (*Keyring, string) {
	dir := b.TempDir()
	key := openKey(b, dir, "routing")
	ring := openRing(b, dir)
	return ring, ring.Sign(key, subject, payload)
}

func openKey(t testing.TB, dir, service string) *Key {
	t.Helper()
	key, err := OpenKey(dir, service)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func openRing(t testing.TB, dir string) *Keyring {
	t.Helper()
	ring, err := OpenKeyring(dir)
	if err != nil {
		t.Fatal(err)
	}
	return ring
}

func rename(t *testing.T, dir, from, to string) {
	t.Helper()
	if err := os.Rename(filepath.Join(dir, from), filepath.Join(dir, to)); err != nil {
		t.Fatal(err)
	}
}

func remove(t *testing.T, dir, name string) {
	t.Helper()
	if err := os.Remove(filepath.Join(dir, name)); err != nil {
		t.Fatal(err)
	}
}

func flip(t *testing.T, signature string) string {
	t.Helper()
	raw, err := base64.StdEncoding.DecodeString(signature)
	if err != nil {
		t.Fatal(err)
	}
	raw[10] ^= 1
	return base64.StdEncoding.EncodeToString(raw)
}
