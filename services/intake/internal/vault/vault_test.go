package vault_test

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"github.com/stafett/stafett/services/intake/internal/vault"
	"github.com/stafett/stafett/services/internal/boltfile"
)

var now = time.Date(2026, 11, 23, 20, 0, 0, 0, time.UTC)

func open(t *testing.T, path string) *vault.Vault {
	t.Helper()
	v, err := vault.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { v.Close() })
	return v
}

func put(t *testing.T, v *vault.Vault, conversation, nonce, sealed string) []byte {
	t.Helper()
	return putAt(t, v, conversation, nonce, sealed, now)
}

func putAt(t *testing.T, v *vault.Vault, conversation, nonce, sealed string, at time.Time) []byte {
	t.Helper()
	blob := v.Seal(conversation, nonce, []byte(sealed))
	if err := v.Put(conversation, blob, at); err != nil {
		t.Fatal(err)
	}
	return blob.Commitment
}

func has(t *testing.T, v *vault.Vault, conversation string, commitment []byte) bool {
	t.Helper()
	_, err := v.Get(conversation, commitment)
	if err != nil && !errors.Is(err, vault.ErrNotFound) {
		t.Fatal(err)
	}
	return err == nil
}

func TestWhatIsPutIsThere(t *testing.T) {
	v := open(t, filepath.Join(t.TempDir(), "new", "vault.db"))
	for _, sealed := range []string{"hello", "", strings.Repeat("x", 16384), "with\x00zero"} {
		commitment := put(t, v, "c", "nonce", sealed)
		blob, err := v.Get("c", commitment)
		if err != nil || string(blob.Sealed) != sealed {
			t.Errorf("got %q, %v, want %q", blob.Sealed, err, sealed)
		}
		sum := sha256.Sum256(append(bytes.Clone(blob.Salt), sealed...))
		if !bytes.Equal(sum[:], commitment) {
			t.Errorf("the commitment to %q is not SHA-256 of salt and blob", sealed)
		}
	}
}

// TestCommitments: the same request finds its blob again; nothing else makes the same
// commitment, so the log does not reveal who wrote the same words.
func TestCommitments(t *testing.T) {
	path := filepath.Join(t.TempDir(), "vault.db")
	v := open(t, path)
	first := put(t, v, "c", "nonce", "hello")
	if !bytes.Equal(put(t, v, "c", "nonce", "hello"), first) {
		t.Error("put again, the commitment is another")
	}
	for name, other := range map[string][]byte{
		"another blob":         put(t, v, "c", "nonce", "hullo"),
		"another nonce":        put(t, v, "c", "nonce2", "hello"),
		"another conversation": put(t, v, "c2", "nonce", "hello"),
		"shifted":              put(t, v, "cn", "once", "hello"),
		"another vault":        put(t, open(t, filepath.Join(t.TempDir(), "vault.db")), "c", "nonce", "hello"),
	} {
		if bytes.Equal(other, first) {
			t.Errorf("%s has the same commitment", name)
		}
	}
	v.Close()
	again := open(t, path)
	if !bytes.Equal(put(t, again, "c", "nonce", "hello"), first) || !has(t, again, "c", first) {
		t.Error("reopened, the vault makes another commitment or lacks the blob")
	}
}

func TestAnotherConversationDoesNotReadIt(t *testing.T) {
	v := open(t, filepath.Join(t.TempDir(), "vault.db"))
	commitment := put(t, v, "c", "nonce", "hello")
	for _, other := range []string{"other", "", "c\x00"} {
		if has(t, v, other, commitment) {
			t.Errorf("conversation %q reads it", other)
		}
	}
	if has(t, v, "c", commitment[:31]) || has(t, v, "c", nil) {
		t.Error("a part of the commitment finds the blob")
	}
}

// TestSweep removes what is old and not wanted, and only that.
func TestSweep(t *testing.T) {
	v := open(t, filepath.Join(t.TempDir(), "vault.db"))
	const blobs = 60
	commitments, wanted := make([][]byte, blobs), map[string]bool{}
	for i := range commitments {
		at := now
		if i%2 == 0 {
			at = now.Add(-2 * time.Hour)
		}
		conversation := fmt.Sprintf("c%d", i%5)
		commitment := putAt(t, v, conversation, fmt.Sprint(i), "hello", at)
		commitments[i] = commitment
		wanted[conversation+string(commitment)] = i%3 == 0
	}
	err := v.Sweep(t.Context(), now.Add(-time.Hour), func(conversation string, commitment []byte) bool {
		want, known := wanted[conversation+string(commitment)]
		if !known {
			t.Errorf("asked about %x of %s, which was never put", commitment, conversation)
		}
		return want
	})
	if err != nil {
		t.Fatal(err)
	}
	for i, commitment := range commitments {
		want := i%2 == 1 || i%3 == 0
		if got := has(t, v, fmt.Sprintf("c%d", i%5), commitment); got != want {
			t.Errorf("blob %d is there: %v, want %v", i, got, want)
		}
	}
}

// TestPutAgainItIsNew: a repeated command's blob is not an old orphan.
func TestPutAgainItIsNew(t *testing.T) {
	v := open(t, filepath.Join(t.TempDir(), "vault.db"))
	putAt(t, v, "c", "nonce", "hello", now.Add(-2*time.Hour))
	commitment := put(t, v, "c", "nonce", "hello")
	if err := v.Sweep(t.Context(), now.Add(-time.Hour), func(string, []byte) bool { return false }); err != nil {
		t.Fatal(err)
	}
	if !has(t, v, "c", commitment) {
		t.Error("it was swept")
	}
}

// TestPutAgainDuringASweepItIsNew, although it was old when the sweep came by.
func TestPutAgainDuringASweepItIsNew(t *testing.T) {
	v := open(t, filepath.Join(t.TempDir(), "vault.db"))
	putAt(t, v, "c", "nonce", "hello", now.Add(-2*time.Hour))
	var commitment []byte
	err := v.Sweep(t.Context(), now.Add(-time.Hour), func(string, []byte) bool {
		commitment = put(t, v, "c", "nonce", "hello")
		return false
	})
	if err != nil || !has(t, v, "c", commitment) {
		t.Errorf("it was swept: %v", err)
	}
}

func TestManyAtOnce(t *testing.T) {
	v := open(t, filepath.Join(t.TempDir(), "vault.db"))
	var all sync.WaitGroup
	for i := range 32 {
		all.Go(func() {
			sealed := fmt.Sprintf("hello %d", i)
			made := v.Seal("c", fmt.Sprint(i), []byte(sealed))
			if err := v.Put("c", made, now); err != nil {
				t.Error(err)
			}
			if blob, err := v.Get("c", made.Commitment); err != nil || string(blob.Sealed) != sealed {
				t.Errorf("got %q, %v, want %q", blob.Sealed, err, sealed)
			}
		})
	}
	all.Wait()
}

func TestOthersCannotReadTheFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "new", "vault.db")
	open(t, path)
	for file, want := range map[string]os.FileMode{path: 0o600, filepath.Dir(path): 0o700} {
		info, err := os.Stat(file)
		if err != nil || info.Mode().Perm() != want {
			t.Errorf("%s has %v, %v, want %v", file, info.Mode().Perm(), err, want)
		}
	}
}

// TestADamagedFileIsAnError and never a panic, at the start and in a sweep.
func TestADamagedFileIsAnError(t *testing.T) {
	for name, damage := range map[string]func(text []byte) []byte{
		"cut":          func(text []byte) []byte { return text[:len(text)/2] },
		"zeroed":       func(text []byte) []byte { clear(text[2*4096:]); return text },
		"wrong kind":   wrongKind,
		"not a vault":  func([]byte) []byte { return bytes.Repeat([]byte("x"), 1<<15) },
		"someone's db": func([]byte) []byte { return otherFile(t) },
	} {
		path := filepath.Join(t.TempDir(), "vault.db")
		v := open(t, path)
		for i := range 100 {
			put(t, v, fmt.Sprint("c", i), "nonce", strings.Repeat("sealed", 100))
		}
		v.Close()
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, damage(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if v, err := vault.Open(path); !errors.Is(err, boltfile.ErrDamaged) {
			t.Errorf("%s: opened with %v", name, err)
			if err == nil {
				v.Close()
			}
		}
	}
}

// otherFile is a whole file of another service.
func otherFile(t *testing.T) []byte {
	t.Helper()
	path := filepath.Join(t.TempDir(), "model.db")
	db, err := bbolt.Open(path, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	err = db.Update(func(tx *bbolt.Tx) error {
		_, err := tx.CreateBucket([]byte("conversations"))
		return err
	})
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// wrongKind flips the flags of all pages.
func wrongKind(text []byte) []byte {
	for at := 2*4096 + 8; at < len(text); at += 4096 {
		text[at] ^= 0xff
	}
	return text
}
