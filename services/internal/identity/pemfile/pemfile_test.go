package pemfile

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestOpenKeyGeneratesOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "folder", "key")
	first, err := OpenKey(path, generate)
	if err != nil {
		t.Fatal(err)
	}
	again, err := OpenKey(path, generate)
	if err != nil || !again.Equal(crypto.PrivateKey(first)) {
		t.Errorf("the second opening returned another key, %v", err)
	}
	files, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(files) != 1 {
		t.Errorf("the folder holds %v, %v; want the key alone", files, err)
	}
}

func TestReadKeyRefusesOtherFiles(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "key")
	if _, err := ReadKey[ed25519.PrivateKey](path); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("without a file ReadKey says %v, want fs.ErrNotExist", err)
	}
	if _, err := OpenKey(path, generate); err != nil {
		t.Fatal(err)
	}
	if _, err := ReadKey[*ecdsa.PrivateKey](path); err == nil || !strings.Contains(err.Error(), path) {
		t.Errorf("with a key of another type ReadKey says %v, want an error about %s", err, path)
	}
	if _, err := Read(path, Certificate); err == nil || !strings.Contains(err.Error(), path) {
		t.Errorf("with another block Read says %v, want an error about %s", err, path)
	}
	if err := Write(path, privateKey, []byte("?")); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenKey(path, generate); err == nil || !strings.Contains(err.Error(), path) {
		t.Errorf("with a broken key OpenKey says %v, want an error about %s", err, path)
	}
}

// A byte order mark is named as such, not as another file.
func TestAByteOrderMarkIsNamed(t *testing.T) {
	path := filepath.Join(t.TempDir(), "key")
	if _, err := OpenKey(path, generate); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, append([]byte("\ufeff"), text...), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := ReadKey[ed25519.PrivateKey](path); err == nil || !strings.Contains(err.Error(), "begins with a byte order mark") {
		t.Errorf("%v", err)
	}
}

func TestAFailedWriteLeavesTheFile(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "file")
	if err := os.MkdirAll(filepath.Join(path, "in the way"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := Write(path, PublicKey, []byte("?")); err == nil {
		t.Fatal("Write replaced a folder")
	}
	if files, err := os.ReadDir(dir); err != nil || len(files) != 1 {
		t.Errorf("Write left %v, %v", files, err)
	}
}

func generate() (ed25519.PrivateKey, error) {
	_, private, err := ed25519.GenerateKey(nil)
	return private, err
}
