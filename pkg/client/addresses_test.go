package client

import (
	"errors"
	"io/fs"
	"os"
	"strings"
	"testing"
)

func TestAddressesAreReadAsSaved(t *testing.T) {
	data, at := t.TempDir(), Addresses{"127.0.0.1:1", "127.0.0.1:2", "[::1]:3", "audit.example.org:4"}
	if err := at.Save(data); err != nil {
		t.Fatal(err)
	}
	if got, err := ReadAddresses(data); err != nil || got != at {
		t.Errorf("read %v, %v; want %v", got, err, at)
	}
}

func TestReadAddressesSaysWhatIsWrong(t *testing.T) {
	if _, err := ReadAddresses(t.TempDir()); !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), "stafett up --data") {
		t.Errorf("an empty folder: %v", err)
	}
	data := t.TempDir()
	os.WriteFile(addressesFile(data), []byte("{"), 0o600)
	if _, err := ReadAddresses(data); err == nil || !strings.Contains(err.Error(), "addresses.json") {
		t.Errorf("half a file: %v", err)
	}
}
